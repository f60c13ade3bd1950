import type { Person } from './discord/person.ts';
import type { PlaygroundDiscord } from './discord/start-discord.ts';
import type { Channel, Message } from './discord/state.ts';
import type { PlaygroundServers } from './servers/start-servers.ts';
import { readable } from './terminal/readable.ts';

type Stage = { discord: PlaygroundDiscord; servers: PlaygroundServers; ada: Person; isOwnModel: boolean };

/** How long a model that thinks may take. */
const patience = 60_000;

/** Plays the main job and prints it as the person sees it. Throws when the bot does not answer as it should. */
export async function playMainJob(stage: Stage): Promise<void> {
  const { discord, servers, ada } = stage;
  const show = (message: Message) => print(stage, message);
  const films = discord.channel('films');

  scene('Ada gives the bot her servers, in a DM. The first key is wrong.');
  const { url, apiKey } = servers.radarr;
  show(await configure(stage, 'radarr', { address: url, secret: 'not-the-key' }));
  show(await configure(stage, 'radarr', { address: `${url}/settings/general`, secret: apiKey }));
  show(await configure(stage, 'sonarr', { address: servers.sonarr.url, secret: servers.sonarr.apiKey }));
  type('in the DM', '/services list');
  show(await ada.slash(ada.dm(), 'services list').reply());

  scene('She requests a film in the channel #films.');
  const typed = 'dune';
  const choices = await ada.autocomplete(films, 'request movie', { title: typed }, 'title');
  type('in #films', `/request movie title:${typed}`);
  const film = choices.find((choice) => choice.name.includes('2021')) ?? { name: typed, value: typed };
  console.log(`${choices.map((choice) => `    ${choice.name}`).join('\n')}\n\nAda picks ${film.name}\n`);
  const movieCard = await ada.slash(films, 'request movie', { title: film.value }).reply();
  show(movieCard);
  press('Request');
  await ada.press(movieCard, 'Request').acknowledged();
  show(await outcome(stage, films, 'Dune'));

  scene('She requests two seasons of a series.');
  type('in #films', '/request tv title:severance');
  const seriesCard = await ada.slash(films, 'request tv', { title: 'severance' }).reply();
  show(seriesCard);
  const picked = await chooseSeasons(stage, seriesCard);
  show(picked);
  press('Request');
  await ada.press(picked, 'Request').acknowledged();
  show(await outcome(stage, films, 'Severance'));

  scene('She just talks to it.');
  await talk(stage, 'can you get dune part two for me?');
}

/** What should have reached the servers and did not, or came twice. */
export function missingEffects(servers: PlaygroundServers): string[] {
  const added = (server: PlaygroundServers['radarr'] | PlaygroundServers['sonarr'], path: string) =>
    server.journal.filter((call) => call.method === 'POST' && call.path === path).length;
  console.log('What reached the servers:');
  for (const [name, server] of Object.entries({ Radarr: servers.radarr, Sonarr: servers.sonarr })) {
    const writes = server.journal.filter((call) => call.method !== 'GET');
    for (const call of writes) console.log(`  ${name}: ${call.method} ${call.path} → ${call.status}`);
  }
  const severance = servers.sonarr.state.library.find((show) => show.tvdbId === 371980);
  const seasons = [...(severance?.monitoredSeasons ?? [])].sort().join();
  const has = (tmdbId: number) => servers.radarr.state.library.some((film) => film.tmdbId === tmdbId && film.monitored);
  return [
    ...(has(438631) ? [] : ['Dune (2021) is not in Radarr']),
    ...(has(693134) ? [] : ['Dune: Part Two is not in Radarr']),
    ...(added(servers.radarr, '/api/v3/movie') === 2 ? [] : ['Radarr should have been asked for exactly two films']),
    ...(seasons === '1,2' ? [] : [`Sonarr should want seasons 1 and 2 of Severance, and wants: ${seasons}`]),
    ...(added(servers.sonarr, '/api/v3/series') === 1 ? [] : ['Sonarr should have been asked for exactly one series']),
  ];
}

async function configure({ ada }: Stage, service: string, fields: Record<string, string>): Promise<Message> {
  type('in the DM', `/services configure service:${service}`);
  const modal = await ada.slash(ada.dm(), 'services configure', { service }).modal();
  console.log(`    address: ${fields.address}\n    key: ${'•'.repeat(8)}\n`);
  return ada.submitModal(modal, fields).reply();
}

async function chooseSeasons({ discord, ada }: Stage, card: Message): Promise<Message> {
  const select = findSelect(discord, card);
  console.log('Ada chooses: Season 1, Season 2\n');
  const values = select.options.filter((option) => /^Season [12]\b/.test(option.label)).map((option) => option.value);
  const before = card.editCount;
  await ada.select(card, select.id, values).acknowledged();
  return discord.until(() => {
    const now = discord.state.messages.get(card.id);
    return now !== undefined && now.editCount > before ? now : null;
  });
}

function findSelect(
  discord: PlaygroundDiscord,
  card: Message,
): { id: string; options: { label: string; value: string }[] } {
  for (const select of discord.selectsOf(card)) {
    if (select.options.some((option) => option.label.startsWith('Season 1'))) return select;
  }
  throw new Error('the card has no choice of seasons');
}

async function outcome({ discord, ada }: Stage, channel: Channel, title: string): Promise<Message> {
  return ada.waitFor(channel, (message) => {
    const text = discord.render(message);
    return message.ephemeralFor === null && text.includes(title) && text.includes('Asked for by');
  });
}

async function talk(stage: Stage, sentence: string): Promise<void> {
  const { discord, ada, isOwnModel } = stage;
  const dm = ada.dm();
  const before = new Set(ada.sees(dm).map((message) => message.id));
  const isNew = (message: Message) => !before.has(message.id);
  ada.say(dm, sentence);
  const card = await ada.waitFor(
    dm,
    (message) => isNew(message) && discord.render(message).includes('[ Request ]'),
    patience,
  );
  const waiting = ada.sees(dm).filter(isNew);
  for (const message of waiting) print(stage, message);
  press('Request');
  ada.press(card, 'Request');
  const shown = new Set(waiting.map((message) => message.id));
  const settles = (message: Message) =>
    isNew(message) && !shown.has(message.id) && (isOwnModel || message.content.startsWith('Done: '));
  await ada.waitFor(dm, settles, patience);
  for (const message of ada.sees(dm)) {
    if (!shown.has(message.id) && isNew(message)) print(stage, message);
  }
  print(stage, discord.state.messages.get(card.id) ?? card);
}

function print({ discord }: Stage, message: Message): void {
  console.log(`${readable(discord.render(message))}\n`);
}

function scene(title: string): void {
  console.log(`\n━━ ${title}\n`);
}

function type(where: string, text: string): void {
  console.log(`Ada types ${where}: ${text}`);
}

function press(label: string): void {
  console.log(`Ada presses [ ${label} ]\n`);
}
