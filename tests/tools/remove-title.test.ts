import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '../../playground/discord/person.ts';
import type { Message } from '../../playground/discord/state.ts';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { patientTalk, startTestBot, type TestBot } from '../bot.ts';

let model: PlaygroundModel;
let test: TestBot;
let ada: Person;
let asItWas: { radarr: object; sonarr: object };
beforeAll(async () => {
  model = await startModel();
  const environment = { ...patientTalk.environment, OPENAI_BASE_URL: model.url, SERVICE_TIMEOUT_MS: '5000' };
  test = await startTestBot({ ...patientTalk, environment });
  ada = test.discord.person('Ada');
  await test.setup.all(ada, 'radarr', 'sonarr');
  const { radarr, sonarr } = test.servers;
  asItWas = structuredClone({ radarr: radarr.state, sonarr: sonarr.state });
});
afterAll(async () => {
  await test.stop();
  await model.stop();
});
beforeEach(() => {
  const { radarr, sonarr } = test.servers;
  Object.assign(radarr.state, structuredClone(asItWas.radarr));
  Object.assign(sonarr.state, structuredClone(asItWas.sonarr));
  for (const server of [radarr, sonarr]) {
    server.faults.clear();
    server.journal.length = 0;
  }
});

const read = (message: Message) =>
  test.discord.render(test.discord.state.messages.get(message.id) ?? message).replaceAll('\\', '');

async function cardAfter(sentence: string): Promise<Message> {
  const channel = test.discord.channel(`c${test.discord.state.channels.size}`);
  ada.say(channel, sentence, { mention: true });
  return ada.waitFor(channel, (message) => read(message).includes('[ Remove ]'));
}

async function press(card: Message, label: string, fits: RegExp): Promise<string> {
  await ada.press(card, label).acknowledged();
  return test.discord.until(() => (fits.test(read(card)) ? read(card) : null));
}

describe.each([
  {
    service: 'radarr' as const,
    label: 'Radarr',
    sentence: 'delete the film The Matrix',
    title: 'The Matrix (1999)',
    name: 'tmdb:603',
    size: '8 GB',
    query: '/api/v3/movie/1?deleteFiles=false&addImportExclusion=false',
  },
  {
    service: 'sonarr' as const,
    label: 'Sonarr',
    sentence: 'delete the series Chernobyl',
    title: 'Chernobyl (2019)',
    name: 'tvdb:360893',
    size: '5 GB',
    query: '/api/v3/series/1?deleteFiles=false&addImportListExclusion=false',
  },
])('from $label', ({ service, label, sentence, title, name, size, query }) => {
  const state = () => test.servers[service].state;
  const removals = () =>
    test.servers[service].journal.filter(({ method }) => method === 'DELETE').map(({ path }) => path);
  const isThere = () => state().library.some(({ id }) => id === 1);

  it('a title is removed by a press, and its files stay', async () => {
    const card = await cardAfter(sentence);
    expect(read(card)).toContain(title);
    expect(read(card)).toContain(`Removes it from ${label}. Its files (${size}) stay where they are.`);
    expect(isThere()).toBe(true);
    await press(card, 'Remove', new RegExp(`🗑️ Removed from ${label}\\.`));
    expect(isThere()).toBe(false);
    expect(state()).toMatchObject({ deleted: [], exclusions: [] });
    expect(removals()).toEqual([query]);
  });

  it('its files are deleted only where the card says so, and lists kept from adding it', async () => {
    const card = await cardAfter(sentence);
    await press(card, 'Delete the files: off', /\*\*deletes its files\*\*/);
    await press(card, 'Keep lists from adding it: off', /Import lists cannot add it again/);
    await press(card, 'Remove', new RegExp(`Removed from ${label}, which deletes its files \\(${size}\\)`));
    expect(state()).toMatchObject({ deleted: [name], exclusions: [name] });
  });

  it('its files are deleted when the words say so, unless the card is changed', async () => {
    const card = await cardAfter(`${sentence} and its files`);
    expect(read(card)).toContain('[ Delete the files: on ]');
    await press(card, 'Delete the files: on', /stay where they are/);
    await press(card, 'Remove', /Removed from/);
    expect(state().deleted).toEqual([]);
  });

  it('what is gone by then is told to be, and nothing is asked', async () => {
    const card = await cardAfter(sentence);
    state().library.length = 0;
    await press(card, 'Remove', new RegExp(`gone from ${label}’s library already`));
    expect(removals()).toEqual([]);
  });

  it('it is removed once, where the answer was lost', async () => {
    const card = await cardAfter(sentence);
    test.servers[service].faults.next({ kind: 'reset-after-effect' }, { match: /DELETE/ });
    await press(card, 'Remove', /🗑️|✅/);
    expect(removals()).toHaveLength(1);
  });
});

it('says that a film is not in the library', async () => {
  const channel = test.discord.channel('absent');
  ada.say(channel, 'delete the film Arrival', { mention: true });
  await ada.waitFor(channel, (message) => read(message).includes('That is not in Radarr’s library'));
});

it('offers no files to delete where there are none, and deletes none that come meanwhile', async () => {
  const card = await cardAfter('delete the film Gladiator and its files');
  expect(read(card)).toContain('It has no files there.');
  expect(read(card)).not.toContain('Delete the files');
  const film = test.servers.radarr.state.library.find(({ tmdbId }) => tmdbId === 98);
  if (film === undefined) throw new Error('the film is gone');
  film.hasFile = true;
  await press(card, 'Remove', /🗑️ Removed from Radarr\./);
  expect(test.servers.radarr.state.deleted).toEqual([]);
});
