import type { Person } from '../../playground/discord/person.ts';
import type { Channel, Message } from '../../playground/discord/state.ts';
import { type ServiceName, serviceDefinitions, serviceNames } from '../../src/services/registry.ts';
import { tools } from '../../src/tools/registry.ts';
import { exampleOf } from '../../src/tools/sentences.ts';
import type { AnyPressTool, AnyTool } from '../../src/tools/tool.ts';
import type { TestBot } from '../bot.ts';
import { acting, addRequests, pressTools } from '../press-tools.ts';
import { isSettled, pressLabel } from '../settled-card.ts';
import { faults } from './faults.ts';

/** What a person does at a place where the bot asks a media server. */
export type Act = { test: TestBot; person: Person; channel: Channel };

/** One place: what is done before the server fails, what is done then and how the person is answered, and that it works otherwise. */
export type Place = {
  name: string;
  service: ServiceName;
  /** The operation whose press, or whose answer, fails there. */
  operation?: string;
  /** The calls that fail, as "METHOD path"; all of them without it. */
  match?: RegExp;
  /** Steps up to this place; the server works. */
  before?(act: Act): Promise<Message | null>;
  /** The step itself: what the person reads then. */
  run(act: Act, before: Message | null): Promise<string>;
  /** Whether what was read is what is read when the server works. */
  works(said: string, act: Act): boolean;
  /** Acting calls of the server, of which a fault must leave at most one. */
  acts?: RegExp;
};

const anyReason = new RegExp(faults.map(({ reason }) => reason.source).join('|'));

/** Whether it tells of no failure, nor offers to try again. */
function isFine(said: string): boolean {
  return !anyReason.test(said) && !said.includes('[ Try again ]');
}

/** What a message shows now, after edits. */
export function read({ test }: Pick<Act, 'test'>, message: Message): string {
  return test.discord.render(test.discord.state.messages.get(message.id) ?? message).replaceAll('\\', '');
}

/** Presses a button and gives the whole channel's newest text of the bot, once the card is settled. */
async function press(act: Act, card: Message, button: string): Promise<string> {
  const { test, person, channel } = act;
  await person.press(card, button).acknowledged();
  await test.discord.until(() => isSettled(test.discord, card));
  const shown = person.sees(channel).filter(({ authorId }) => authorId === test.discord.state.bot.id);
  return shown.map((message) => read(act, message)).join('\n');
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

const test = (service: ServiceName): Place => ({
  name: '/services test',
  service,
  run: (act) => slash(act, 'services test', { service }),
  works: (said) => said.includes(serviceDefinitions[service].label) && isFine(said),
});

/** A command whose answer has a place for each server: what one of them fails at is told beside the others. */
const command = (service: ServiceName, name: string, shows: RegExp, options: Record<string, string> = {}): Place => ({
  name: `/${name}`,
  service,
  run: (act) => slash(act, name, options),
  works: (said) => shows.test(said) && isFine(said),
});

/** The answer of an operation that only looks: when the server works again it begins as it did before it failed. */
function answerOf(operation: AnyTool): Place[] {
  const sentence = exampleOf(operation);
  return operation.services.map((service) => {
    let working: string | null = null;
    return {
      name: `“${sentence}”`,
      service,
      operation: operation.name,
      async before({ test, person }) {
        const channel = test.discord.channel(`c${test.discord.state.channels.size}`);
        working ??= beginningOf(await say({ test, person, channel }, sentence));
        return null;
      },
      run: (act) => say(act, sentence),
      works: (said) => beginningOf(said) === working && isFine(said),
    };
  });
}

/** Of an answer, below the line that says what it answers: the rest may be on its way still. */
function beginningOf(said: string): string {
  const [, , first = ''] = said.split('\n');
  return first.slice(0, 20);
}

const pauseAll: Place = {
  name: '/downloads: Pause all',
  service: 'qbittorrent',
  match: /torrents\/(stop|pause)/,
  acts: /torrents\/(stop|pause)/,
  before: ({ person, channel }) => person.slash(channel, 'downloads').reply(),
  async run(act, card) {
    const shown = card ?? fail();
    const edits = shown.editCount;
    await act.person.press(shown, 'Pause all').acknowledged();
    // The list is shown anew once the press has ended.
    const now = () => act.test.discord.state.messages.get(shown.id) ?? shown;
    return act.test.discord.until(() => (now().editCount > edits ? read(act, shown) : null));
  },
  works: (said, { test: { servers } }) =>
    isFine(said) && servers.qbittorrent.state.torrents.every(({ state }) => state.startsWith('stopped')),
};

/** The press of an operation's card, which its example brings up. */
function pressOf(operation: AnyPressTool): Place[] {
  const { name, services } = operation;
  const [service] = services;
  if (service === undefined) return [];
  return [
    {
      name: `the press of ${name}`,
      service,
      operation: name,
      match: acting,
      acts: acting,
      async before({ test, person, channel }) {
        addRequests(test.servers);
        person.say(channel, exampleOf(operation), { mention: true });
        return person.waitFor(channel, (message) => pressLabel(test.discord, message) !== null);
      },
      run(act, before) {
        const card = before ?? fail();
        return press(act, card, pressLabel(act.test.discord, card) ?? fail());
      },
      works: isFine,
    },
  ];
}

/** The steps of `/request` against Seerr, Radarr or Sonarr. */
function request(service: ServiceName, command: string, title: string, words: string, addPath: RegExp): Place[] {
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
        return choices.length === 0 ? `${serviceDefinitions[service].label}: nothing offered` : 'choices';
      },
      works: (said) => said !== '',
    },
    {
      name: `/${command}: finding`,
      service,
      match: /lookup|\/search|\/(movie|tv)\/\d/,
      run: (act) => slash(act, command, { title }),
      works: (said) => said.includes('[ Request') && isFine(said),
    },
    {
      name: `/${command}: what the card needs`,
      service,
      match: /qualityprofile|rootfolder|settings\/public/i,
      run: (act) => slash(act, command, { title }),
      works: (said) => said.includes('[ Request') && isFine(said),
    },
    {
      name: `/${command}: the press`,
      service,
      match: addPath,
      acts: addPath,
      before: open,
      run: (act, card) => press(act, card ?? fail(), 'Request'),
      works: isFine,
    },
  ];
}

function fail(): never {
  throw new Error('this place needs a message from the step before');
}

/** Every place where a person makes the bot ask a media server. */
export const places: Place[] = [
  ...serviceNames.map(test),
  ...Object.values(tools).flatMap((operation) => (operation.effect === 'read' ? answerOf(operation) : [])),
  ...serviceNames.map((service) => command(service, 'status', new RegExp(serviceDefinitions[service].label))),
  ...pressTools.flatMap(pressOf),
  ...(['radarr', 'sonarr', 'qbittorrent'] as const).map((service) => command(service, 'downloads', /## Downloads/)),
  command('radarr', 'library search', /Matrix/, { query: 'matrix' }),
  command('sonarr', 'library search', /Breaking/, { query: 'breaking' }),
  command('jellyfin', 'library search', /Matrix/, { query: 'matrix' }),
  command('jellyfin', 'library recent', /Recently added to Jellyfin/),
  command('jellyfin', 'library playing', /Grace/),
  command('radarr', 'library recent', /Recently added to the library[\s\S]*Alien/),
  command('sonarr', 'library recent', /Recently added to the library[\s\S]*Breaking Bad/),
  pauseAll,
  ...request('jellyseerr', 'request movie', 'tmdb:438631', 'matrix', /POST \/api\/v1\/request$/),
  ...request('jellyseerr', 'request tv', 'tmdb:371980', 'severance', /POST \/api\/v1\/request$/),
  ...request('radarr', 'request movie', 'tmdb:438631', 'matrix', /POST \/api\/v3\/movie$/),
  ...request('sonarr', 'request tv', 'tvdb:371980', 'severance', /POST \/api\/v3\/series$/),
];
