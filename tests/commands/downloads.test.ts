import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Person } from '../../playground/discord/person.ts';
import type { Message } from '../../playground/discord/state.ts';
import { beginDownload } from '../../playground/servers/arr.ts';
import { startTestBot, type TestBot } from '../bot.ts';

let test: TestBot;
let ada: Person;
beforeAll(async () => {
  test = await startTestBot({ environment: { ALLOWED_USERS: '*', SERVICE_ADDRESSES: 'private-allowed' } });
  ada = test.discord.person('Ada');
  await test.setup.all(ada, 'radarr', 'sonarr', 'qbittorrent');
});
afterAll(() => test.stop());
beforeEach(() => {
  for (const server of [test.servers.radarr, test.servers.sonarr, test.servers.qbittorrent]) {
    server.faults.clear();
    server.journal.length = 0;
  }
});

const films = () => test.discord.channel('films');
const read = (message: Message) =>
  test.discord.render(test.discord.state.messages.get(message.id) ?? message).replaceAll('\\', '');
const becomes = (message: Message, words: RegExp) => test.discord.until(() => words.test(read(message)));
const show = () => ada.slash(films(), 'downloads').reply();
const posts = (call: RegExp) =>
  test.servers.qbittorrent.journal.filter(({ method, path }) => call.test(`${method} ${path}`));

it('shows queue and torrents in one list, a download that both know once, to the person alone', async () => {
  const card = await show();
  expect(card.ephemeralFor).toBe(ada.id);
  const said = read(card);
  expect(said.match(/Blade\.Runner\.2049/g)).toHaveLength(1);
  expect(said).toMatch(/▰▰▰▰▰▱▱▱▱▱▱▱ 43 % · 10 MB\/s · 10 min left · Radarr/);
  expect(said).toMatch(/debian-13\.1\.0-amd64-netinst\.iso[\s\S]*62 % · 5 MB\/s/);
  expect(said).toMatch(/ubuntu-26\.04[\s\S]*10 % · paused/);
  // Whole torrents are no downloads.
  expect(said).not.toContain('Big.Buck.Bunny');
});

it('pauses one, pauses all, resumes all, and shows it on the same card', async () => {
  const card = await show();
  await ada.select(card, 'Pause or resume one', ['Pause: Blade.Runner.2049.2017.1080p']).acknowledged();
  await becomes(card, /Paused\.[\s\S]*Blade\.Runner\.2049[\s\S]*43 % · paused · Radarr/);
  expect(test.servers.radarr.state.downloads[0]?.paused).toBe(true);
  await ada.press(card, 'Resume all').acknowledged();
  await becomes(card, /Resumed\.[\s\S]*ubuntu-26\.04[^\n]*\n[^\n]*5 MB\/s/);
  await ada.press(card, 'Pause all').acknowledged();
  await becomes(card, /debian-13[^\n]*\n[^\n]*paused/);
  expect(posts(/POST .*torrents\/(stop|start)/)).toHaveLength(3);
  await ada.press(card, 'Resume all').acknowledged();
  await becomes(card, /debian-13[^\n]*\n[^\n]*5 MB\/s/);
});

it('acts once for a press that is delivered twice', async () => {
  const card = await show();
  test.discord.gateway.duplicate = true;
  await ada.press(card, 'Pause all').acknowledged();
  await becomes(card, /Paused/);
  test.discord.gateway.duplicate = false;
  expect(posts(/POST .*torrents\/stop/)).toHaveLength(1);
  await ada.press(card, 'Resume all').acknowledged();
  await becomes(card, /Resumed/);
});

it('moves on when it is refreshed', async () => {
  const card = await show();
  test.servers.radarr.tick(20);
  test.servers.qbittorrent.tick(20);
  await ada.press(card, 'Refresh').acknowledged();
  await becomes(card, /63 % [\s\S]*82 %/);
});

it('shows half an answer with what is missing', async () => {
  test.servers.sonarr.faults.next({ kind: 'status', status: 500 }, { times: 5 });
  test.servers.qbittorrent.faults.next({ kind: 'hang' }, { times: 5 });
  const said = read(await show());
  expect(said).toContain('Blade.Runner.2049');
  expect(said).toMatch(/⚠️ Sonarr has an error of its own \(HTTP 500\)/);
  expect(said).toMatch(/⚠️ qBittorrent did not answer in time/);
});

it('says that a pause failed, and keeps the list', async () => {
  const card = await show();
  test.servers.qbittorrent.faults.next({ kind: 'status', status: 500 }, { match: /torrents\/stop/ });
  await ada.press(card, 'Pause all').acknowledged();
  await becomes(card, /⚠️ qBittorrent has an error of its own[\s\S]*debian-13/);
});

it('turns pages of a long list, and says why something is stuck', async () => {
  const { state } = test.servers.sonarr;
  for (let episode = 1; episode <= 12; episode++)
    beginDownload(state, {
      titleId: 1,
      title: `Show.S01E${episode}`,
      size: 1e9,
      seasonNumber: 1,
      episodeNumber: episode,
    });
  Object.assign(state.downloads[0] ?? {}, { stuck: 'No files found are eligible for import' });
  const card = await show();
  expect(read(card)).toContain('⚠️ No files found are eligible for import');
  expect(read(card)).toMatch(/Show\.S01E2\*\* · season 1, episode 2/);
  expect(read(card)).not.toContain('Show.S01E12');
  await ada.press(card, '▶').acknowledged();
  await becomes(card, /Show\.S01E12[\s\S]*debian-13/);
  state.downloads = [];
});

it('refuses others’ presses, and tells who has no server what to do', async () => {
  const bob = test.discord.person('Bob');
  const card = await ada.slash(ada.dm(), 'downloads').reply();
  const own = await bob.slash(bob.dm(), 'downloads').reply();
  expect(read(own)).toContain('None of Radarr, Sonarr and qBittorrent is set up for you');
  expect(read(card)).toContain('## Downloads');
});
