import type { Person } from '../../playground/discord/person.ts';
import type { Channel, Message } from '../../playground/discord/state.ts';
import type { TestBot } from '../bot.ts';

export type Service = 'radarr' | 'sonarr' | 'jellyfin' | 'jellyseerr' | 'qbittorrent';

/** What a person does at a place where the bot asks a media server. */
export type Act = { test: TestBot; person: Person; channel: Channel };

/** One place: what is done before the server fails, what is done then and how the person is answered, and that it works otherwise. */
export type Place = {
  name: string;
  service: Service;
  /** The calls that fail, as "METHOD path"; all of them without it. */
  match?: RegExp;
  /** Steps up to this place; the server works. */
  before?(act: Act): Promise<Message>;
  /** The step itself: what the person reads then. */
  run(act: Act, before: Message | null): Promise<string>;
  /** What is read when the server works. */
  works: RegExp;
  /** Acting calls of the server, of which a fault must leave at most one. */
  acts?: RegExp;
};

/** What a message shows now, after edits. */
export function read({ test }: Pick<Act, 'test'>, message: Message): string {
  return test.discord.render(test.discord.state.messages.get(message.id) ?? message).replaceAll('\\', '');
}

/** Presses a button and gives the whole channel's newest text of the bot, once the card is settled. */
async function press(act: Act, card: Message, button: string): Promise<string> {
  const { test, person, channel } = act;
  await person.press(card, button).acknowledged();
  return test.discord.until(() => {
    const shown = person.sees(channel).filter(({ authorId }) => authorId === test.discord.state.bot.id);
    const text = shown.map((message) => read(act, message)).join('\n');
    return /✅|🗑️|⚠️|❌|Try again|already|Unknown|unsure|not sure|can’t tell/.test(text) ? text : null;
  });
}

async function slash(act: Act, name: string, options: Record<string, string> = {}): Promise<string> {
  return read(act, await act.person.slash(act.channel, name, options).reply());
}

/** Says something and reads the model's whole answer. */
async function say(act: Act, text: string): Promise<string> {
  const { person, channel } = act;
  person.say(channel, text, { mention: true });
  const isWhole = (message: Message) => message.content !== '' && !message.content.includes('-# ');
  return read(act, await person.waitFor(channel, isWhole));
}

const labels = {
  radarr: 'Radarr',
  sonarr: 'Sonarr',
  jellyfin: 'Jellyfin',
  jellyseerr: 'Seerr',
  qbittorrent: 'qBittorrent',
};

const test = (service: Service): Place => ({
  name: '/services test',
  service,
  run: (act) => slash(act, 'services test', { service }),
  works: /✅/,
});

const status = (service: Service, works: RegExp): Place => ({
  name: 'a tool call of the model',
  service,
  run: (act) => say(act, 'are my servers up?'),
  works,
});

/** A command whose answer has a place for each server: what one of them fails at is told beside the others. */
const command = (service: Service, name: string, works: RegExp, options: Record<string, string> = {}): Place => ({
  name: `/${name}`,
  service,
  run: (act) => slash(act, name, options),
  works,
});

const talk = (service: Service, sentence: string, works: RegExp): Place => ({
  name: `“${sentence}”`,
  service,
  run: (act) => say(act, sentence),
  works,
});

const pauseAll: Place = {
  name: '/downloads: Pause all',
  service: 'qbittorrent',
  match: /torrents\/(stop|pause)/,
  acts: /torrents\/(stop|pause)/,
  before: ({ person, channel }) => person.slash(channel, 'downloads').reply(),
  async run(act, card) {
    const shown = card ?? fail();
    await act.person.press(shown, 'Pause all').acknowledged();
    return act.test.discord.until(() => {
      const text = read(act, shown);
      return /⏸️|⚠️/.test(text) ? text : null;
    });
  },
  works: /⏸️ Paused/,
};

let nextRequestId = 90;
const removeRequest: Place = {
  name: '“remove my last request”: the press',
  service: 'jellyseerr',
  match: /DELETE/,
  acts: /DELETE/,
  async before({ test, person, channel }) {
    // The key's own user has asked for something; before that the newest request is of nobody who matters.
    test.servers.jellyseerr.state.requests.push({
      // Never the same twice: a late answer to one must not remove another.
      id: nextRequestId++,
      type: 'movie',
      tmdbId: 680,
      seasons: [],
      is4k: false,
      status: 2,
      requestedBy: 1,
    });
    person.say(channel, 'remove my last request', { mention: true });
    return person.waitFor(channel, (message) => read({ test }, message).includes('[ Remove the request ]'));
  },
  run: (act, card) => press(act, card ?? fail(), 'Remove the request'),
  works: /Removed the request from Seerr/,
};

/** The steps of `/request` against Seerr, Radarr or Sonarr. */
function request(service: Service, command: string, title: string, words: string, addPath: RegExp): Place[] {
  const open = async ({ test, person, channel }: Act) => {
    const card = await person.slash(channel, command, { title }).reply();
    if (test.discord.selectsOf(card).length > 0 && command.endsWith('tv')) {
      await person.select(card, 'Which seasons?', ['Season 1']).acknowledged();
      await test.discord.until(() => read({ test }, card).includes('[ Request ]'));
    }
    return card;
  };
  return [
    {
      name: `/${command}: typing`,
      service,
      match: /lookup|\/search/,
      // Autocomplete can't say what failed: it offers nothing, in time, and the command itself says it.
      run: async ({ person, channel }) => {
        const choices = await person.autocomplete(channel, command, { title: `${words} ${Math.random()}` }, 'title');
        return choices.length === 0 ? `${labels[service]}: nothing offered` : 'choices';
      },
      works: /./,
    },
    {
      name: `/${command}: finding`,
      service,
      match: /lookup|\/search|\/(movie|tv)\/\d/,
      run: (act) => slash(act, command, { title }),
      works: /\[ Request/,
    },
    {
      name: `/${command}: what the card needs`,
      service,
      match: /qualityprofile|rootfolder|settings\/public/i,
      run: (act) => slash(act, command, { title }),
      works: /\[ Request/,
    },
    {
      name: `/${command}: the press`,
      service,
      match: addPath,
      acts: addPath,
      before: open,
      run: (act, card) => press(act, card ?? fail(), 'Request'),
      works: /✅/,
    },
  ];
}

function fail(): never {
  throw new Error('this place needs a message from the step before');
}

/** Every place where a person makes the bot ask a media server. */
export const places: Place[] = [
  test('radarr'),
  test('sonarr'),
  test('jellyfin'),
  test('jellyseerr'),
  test('qbittorrent'),
  status('radarr', /Radarr/),
  status('sonarr', /Sonarr/),
  status('jellyfin', /Jellyfin/),
  status('jellyseerr', /Seerr/),
  status('qbittorrent', /qBittorrent/),
  ...(['radarr', 'sonarr', 'jellyfin', 'jellyseerr', 'qbittorrent'] as const).map((service) =>
    command(service, 'status', /✅/),
  ),
  ...(['radarr', 'sonarr', 'qbittorrent'] as const).map((service) =>
    command(service, 'downloads', /## Downloads(?![\s\S]*⚠️)/),
  ),
  command('radarr', 'library search', /Matrix/, { query: 'matrix' }),
  command('sonarr', 'library search', /Breaking/, { query: 'breaking' }),
  command('jellyfin', 'library search', /Matrix/, { query: 'matrix' }),
  command('jellyfin', 'library recent', /New in Jellyfin/),
  command('jellyfin', 'library playing', /Grace/),
  command('radarr', 'library recent', /New in the library[\s\S]*Alien/),
  command('sonarr', 'library recent', /New in the library[\s\S]*Breaking Bad/),
  talk('radarr', 'search for dune', /I found: Dune/),
  talk('sonarr', 'find the series Severance', /I found: Severance/),
  talk('jellyfin', 'who is watching right now?', /Grace/),
  talk('qbittorrent', 'what is downloading?', /debian/),
  pauseAll,
  talk('jellyseerr', 'what did I request in seerr?', /requests in Seerr/i),
  ...request('jellyseerr', 'request movie', 'tmdb:438631', 'matrix', /POST \/api\/v1\/request$/),
  ...request('jellyseerr', 'request tv', 'tmdb:371980', 'severance', /POST \/api\/v1\/request$/),
  talk('jellyseerr', 'search for dune', /I found: Dune/),
  removeRequest,
  ...request('radarr', 'request movie', 'tmdb:438631', 'matrix', /POST \/api\/v3\/movie$/),
  ...request('sonarr', 'request tv', 'tvdb:371980', 'severance', /POST \/api\/v3\/series$/),
];

export { labels };
