import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Person } from '../../playground/discord/person.ts';
import type { Message } from '../../playground/discord/state.ts';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { patientTalk, startTestBot, type TestBot } from '../bot.ts';

const debian = 'b'.repeat(40);

let model: PlaygroundModel;
let test: TestBot;
let ada: Person;
let asItWas: object[];
beforeAll(async () => {
  model = await startModel();
  const environment = { ...patientTalk.environment, OPENAI_BASE_URL: model.url, SERVICE_TIMEOUT_MS: '5000' };
  test = await startTestBot({ ...patientTalk, environment });
  ada = test.discord.person('Ada');
  await test.setup.all(ada, 'qbittorrent');
  asItWas = structuredClone(test.servers.qbittorrent.state.torrents);
});
afterAll(async () => {
  await test.stop();
  await model.stop();
});
beforeEach(() => {
  const { state, faults, journal } = test.servers.qbittorrent;
  Object.assign(state, { torrents: structuredClone(asItWas) });
  faults.clear();
  journal.length = 0;
});

const read = (message: Message) =>
  test.discord.render(test.discord.state.messages.get(message.id) ?? message).replaceAll('\\', '');
const names = () => test.servers.qbittorrent.state.torrents.map(({ name }) => name.slice(0, 6));
const removals = () =>
  test.servers.qbittorrent.journal.filter(({ path }) => path.includes('torrents/delete')).map(({ body }) => body);

/** Says it in a channel of its own and waits for the card. */
async function cardAfter(sentence: string): Promise<Message> {
  const channel = test.discord.channel(`c${test.discord.state.channels.size}`);
  ada.say(channel, sentence, { mention: true });
  return ada.waitFor(channel, (message) => read(message).includes('[ Remove ]'));
}

async function press(card: Message, label: string, fits: RegExp): Promise<string> {
  await ada.press(card, label).acknowledged();
  return test.discord.until(() => (fits.test(read(card)) ? read(card) : null));
}

it('removes the torrent that is meant by a press, and leaves its files', async () => {
  const card = await cardAfter('remove the torrent debian');
  expect(read(card)).toMatch(/debian-13[\s\S]*Removes it from qBittorrent\. The files stay where they are\./);
  expect(names()).toContain('debian');
  await press(card, 'Remove', /🗑️ Removed from qBittorrent\. The files are still there\./);
  expect(names()).toEqual(['ubuntu', 'Big.Bu']);
  expect(removals()).toEqual([`hashes=${debian}&deleteFiles=false`]);
});

it('deletes the files only where the card says so, with their size', async () => {
  const card = await cardAfter('remove the torrent debian');
  expect(await press(card, 'Delete the files: off', /deletes the files/)).toMatch(
    /\*\*deletes the files\*\*: 2\.5 GB so far\./,
  );
  await press(card, 'Remove', /🗑️ Removed from qBittorrent, with the files \(2\.5 GB\)\./);
  expect(removals()).toEqual([`hashes=${debian}&deleteFiles=true`]);
});

it('is switched to deleting by the words, and back by the card', async () => {
  const card = await cardAfter('delete debian and its files');
  expect(read(card)).toContain('[ Delete the files: on ]');
  await press(card, 'Delete the files: on', /The files stay where they are/);
  await press(card, 'Remove', /The files are still there/);
  expect(removals()).toEqual([`hashes=${debian}&deleteFiles=false`]);
});

it('keeps the switch when one of several is left out', async () => {
  const card = await cardAfter('delete amd64 and its files');
  const said = await test.discord.until(() => (read(card).includes('2 torrents') ? read(card) : null));
  expect(said).toMatch(/debian-13[\s\S]*ubuntu-26[\s\S]*deletes the files\*\*: 2\.9 GB/);
  await ada.select(card, 'Leave some out', ['ubuntu-26.04-desktop-amd64.iso']).acknowledged();
  await test.discord.until(() => read(card).includes('2.5 GB so far'));
  await press(card, 'Remove', /with the files \(2\.5 GB\)/);
  expect(removals()).toEqual([`hashes=${debian}&deleteFiles=true`]);
});

it('removes of all only those that were there when the card was made', async () => {
  const card = await cardAfter('remove all torrents');
  expect(read(card)).toContain('Removes them from qBittorrent');
  test.servers.qbittorrent.state.torrents.push({
    ...structuredClone(test.servers.qbittorrent.state.torrents[0] ?? fail()),
    hash: 'e'.repeat(40),
    name: 'came-later',
  });
  await press(card, 'Remove', /🗑️/);
  expect(names()).toEqual(['came-l']);
});

it('asks to name some where there are too many for one card', async () => {
  const [first = fail()] = test.servers.qbittorrent.state.torrents;
  const many = Array.from({ length: 51 }, (_, index) => ({ ...first, hash: index.toString(16).padStart(40, '0') }));
  Object.assign(test.servers.qbittorrent.state, { torrents: many });
  const channel = test.discord.channel('many');
  ada.say(channel, 'remove all torrents', { mention: true });
  const card = await ada.waitFor(channel, (message) => read(message).includes('These are 52 torrents'));
  expect(read(card)).toContain('Name those to remove: at most 50 at once.');
  expect(removals()).toEqual([]);
});

function fail(): never {
  throw new Error('the playground has no torrent');
}

it('says that it was gone already, and asks nothing of the server', async () => {
  const card = await cardAfter('remove the torrent debian');
  test.servers.qbittorrent.state.torrents = [];
  await press(card, 'Remove', /was gone from qBittorrent already/);
  expect(removals()).toEqual([]);
});

it('is known to have happened where the answer was lost, and is not sent again', async () => {
  const card = await cardAfter('remove the torrent debian');
  test.servers.qbittorrent.faults.next({ kind: 'reset-after-effect' }, { match: /delete/ });
  await press(card, 'Remove', /🗑️|✅/);
  expect(removals()).toHaveLength(1);
  expect(names()).not.toContain('debian');
});
