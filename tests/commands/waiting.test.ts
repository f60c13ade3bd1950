import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '../../playground/discord/person.ts';
import type { Message } from '../../playground/discord/state.ts';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { startTestBot, type TestBot } from '../bot.ts';

/** A server of which each call ends within its own limit and the answer's: only several of them together can be what was too long. */
const answerMs = 2500;
const callMs = answerMs - 300;

let model: PlaygroundModel;
let test: TestBot;
let ada: Person;
let bob: Person;
beforeAll(async () => {
  model = await startModel();
  const open = { ALLOWED_USERS: '*', SERVICE_ADDRESSES: 'private-allowed', OPENAI_BASE_URL: model.url };
  const limits = { SERVICE_TIMEOUT_MS: '20000', ANSWER_TIMEOUT_MS: '20000' };
  test = await startTestBot({ environment: { ...open, ...limits } });
  ada = test.discord.person('Ada');
  bob = test.discord.person('Bob');
  await test.setup.all(ada, 'radarr', 'sonarr', 'qbittorrent');
  // Only the whole is shortened: a call may take as long as before.
  await test.restart({ ANSWER_TIMEOUT_MS: String(answerMs) });
});
afterAll(async () => {
  await test.stop();
  await model.stop();
});
beforeEach(() => {
  const { radarr, sonarr, qbittorrent } = test.servers;
  for (const server of [radarr, sonarr, qbittorrent]) server.faults.clear();
  sonarr.journal.length = 0;
});

const read = (message: Message) =>
  test.discord.render(test.discord.state.messages.get(message.id) ?? message).replaceAll('\\', '');
const becomes = (message: Message, words: RegExp) => test.discord.until(() => words.test(read(message)), 20_000);
const slow = (server: 'radarr' | 'sonarr' | 'qbittorrent', match: RegExp, ms = callMs) =>
  test.servers[server].faults.next({ kind: 'delay', ms }, { match, times: 100 });
const commands = () => test.servers.sonarr.journal.filter(({ path }) => path === '/api/v3/command');

describe('a server that is slow at each call', () => {
  it.each([
    [
      'services test',
      /✅ \*\*Radarr\*\* answers[\s\S]*⚠️ \*\*qBittorrent\*\* \(\d+ ms\): qBittorrent did not answer in time/,
    ],
    ['status', /✅ \*\*Radarr\*\*[\s\S]*⚠️ \*\*qBittorrent:\*\* qBittorrent did not answer in time/],
    ['downloads', /qBittorrent did not answer in time/],
  ])('is told by /%s as missing, and the others are shown', async (command, words) => {
    slow('qbittorrent', /./);
    const reply = await ada.slash(ada.dm(), command).reply();
    await becomes(reply, words);
  });

  it('delays neither the card of a command nor one of the model', async () => {
    slow('radarr', /^GET \/api\/v3\/(movie|rootfolder)/);
    expect(read(await ada.slash(ada.dm(), 'request movie', { title: 'tmdb:680' }).reply())).toMatch(
      /Radarr did not answer in time/,
    );
    ada.say(ada.dm(), 'get me Pulp Fiction');
    const card = await ada.waitFor(ada.dm(), (message) =>
      /did not answer in time[\s\S]*\[ Try again \]/.test(read(message)),
    );
    test.servers.radarr.faults.clear();
    await ada.press(card, 'Try again').acknowledged();
    await becomes(card, /Pulp Fiction[\s\S]*\[ Request \]/);
  });

  it('does not delay a press that is not known to be slow', async () => {
    const list = await ada.slash(ada.dm(), 'downloads').reply();
    slow('qbittorrent', /./);
    await ada.press(list, 'Pause all').acknowledged();
    await becomes(list, /⚠️ qBittorrent did not answer in time/);
  });
});

describe('an operation that is known to be slow', () => {
  /** Three seasons, of which each is a command of its own. */
  const open = () => ada.slash(ada.dm(), 'request tv', { title: 'tvdb:81189' }).reply();
  beforeEach(() => {
    const row = test.servers.sonarr.state.library.find(({ tvdbId }) => tvdbId === 81189);
    for (const season of [3, 4, 5]) row?.monitoredSeasons.delete(season);
  });

  it('says that it is running, and may take longer than other answers', async () => {
    const card = await open();
    expect(read(card)).toMatch(/seasons 3–5/);
    slow('sonarr', /^POST .*command/);
    await ada.press(card, 'Request').acknowledged();
    await becomes(card, /⏳ [\s\S]*\[ Stop \]/);
    await becomes(card, /✅ Added: seasons 3–5/);
    expect(read(card)).not.toContain('[ Stop ]');
    expect(commands()).toHaveLength(3);
  });

  it('is stopped by its own person, and says how far it came', async () => {
    const card = await open();
    slow('sonarr', /^POST .*command/, 6000);
    await ada.press(card, 'Request').acknowledged();
    await becomes(card, /\[ Stop \]/);
    await test.discord.until(() => test.servers.sonarr.journal.some(({ method }) => method === 'PUT'), 10_000);
    await ada.press(card, 'Stop').acknowledged();
    await becomes(card, /✋ Stopped, but Sonarr had already accepted it/);
    expect(commands().length).toBeLessThan(2);
  });

  it('is stopped before it did anything', async () => {
    const card = await open();
    slow('sonarr', /^GET .*qualityprofile/, 6000);
    await ada.press(card, 'Request').acknowledged();
    await becomes(card, /\[ Stop \]/);
    await ada.press(card, 'Stop').acknowledged();
    await becomes(card, /⚠️ Stopped\. It may have been sent all the same[\s\S]*\[ Try again \]/);
    expect(test.servers.sonarr.journal.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('cannot be stopped by another person', async () => {
    const channel = test.discord.channel('series');
    ada.say(channel, 'get me season 3 of Breaking Bad', { mention: true });
    const card = await ada.waitFor(channel, (message) => read(message).includes('[ Request ]'));
    slow('sonarr', /^POST .*command/);
    await ada.press(card, 'Request').acknowledged();
    await becomes(card, /\[ Stop \]/);
    await bob.press(card, 'Stop').acknowledged();
    await bob.waitFor(channel, (message) => /belongs to someone else/.test(read(message)));
    await becomes(card, /✅ Added: season 3/);
  });
});
