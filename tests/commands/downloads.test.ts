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
  test.servers.qbittorrent.state.shownAfterMs = 0;
});

const films = () => test.discord.channel('films');
const read = (message: Message) =>
  test.discord.render(test.discord.state.messages.get(message.id) ?? message).replaceAll('\\', '');
const becomes = (message: Message, words: RegExp) => test.discord.until(() => words.test(read(message)));
const optionsOf = (message: Message) =>
  test.discord.selectsOf(message).flatMap(({ options }) => options.map(({ label }) => label));
const show = () => ada.slash(films(), 'downloads').reply();
const posts = (call: RegExp) =>
  test.servers.qbittorrent.journal.filter(({ method, path }) => call.test(`${method} ${path}`));

it('shows queue and torrents in one private list, in which a download known to both appears once', async () => {
  const card = await show();
  expect(card.ephemeralFor).toBe(ada.id);
  const said = read(card);
  expect(said.match(/Blade\.Runner\.2049/g)).toHaveLength(1);
  expect(said).toMatch(/▰▰▰▰▱▱▱▱▱▱ 43 %[^\n]*\n[^\n]*10 MB\/s · 10 min left · Radarr/);
  expect(said).toMatch(/debian-13\.1\.0-amd64-netinst\.iso[\s\S]*62 %\n[^\n]*5 MB\/s/);
  expect(said).toMatch(/ubuntu-26\.04[\s\S]*10 %\n[^\n]*paused/);
  // Whole torrents are no downloads.
  expect(said).not.toContain('Big.Buck.Bunny');
});

it('pauses one, pauses all, resumes all, and shows it on the same card', async () => {
  const card = await show();
  await ada.select(card, 'Pause or resume one', ['Pause: Blade.Runner.2049.2017.1080p']).acknowledged();
  await becomes(card, /Paused: Blade\.Runner\.2049[^\n]*\n[\s\S]*43 %\n[^\n]*paused · Radarr/);
  expect(test.servers.radarr.state.downloads[0]?.paused).toBe(true);
  await ada.press(card, 'Resume all').acknowledged();
  await becomes(card, /Resumed\.[\s\S]*ubuntu-26\.04[^\n]*\n[^\n]*\n[^\n]*5 MB\/s/);
  await ada.press(card, 'Pause all').acknowledged();
  await becomes(card, /debian-13[^\n]*\n[^\n]*\n[^\n]*paused/);
  expect(posts(/POST .*torrents\/(stop|start)/)).toHaveLength(3);
  await ada.press(card, 'Resume all').acknowledged();
  await becomes(card, /debian-13[^\n]*\n[^\n]*\n[^\n]*5 MB\/s/);
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

it('shows the new progress when it is refreshed', async () => {
  const card = await show();
  test.servers.radarr.tick(20);
  test.servers.qbittorrent.tick(20);
  await ada.press(card, 'Refresh').acknowledged();
  await becomes(card, /63 %[\s\S]*82 %/);
});

it('shows half an answer with what is missing', async () => {
  test.servers.sonarr.faults.next({ kind: 'status', status: 500 }, { times: 5 });
  test.servers.qbittorrent.faults.next({ kind: 'hang' }, { times: 5 });
  const said = read(await show());
  expect(said).toContain('Blade.Runner.2049');
  expect(said).toMatch(/⚠️ Sonarr had an internal error \(HTTP 500\)/);
  expect(said).toMatch(/⚠️ qBittorrent did not answer in time/);
});

it('says that a pause failed, and keeps the list', async () => {
  const card = await show();
  test.servers.qbittorrent.faults.next({ kind: 'status', status: 500 }, { match: /torrents\/stop/ });
  await ada.press(card, 'Pause all').acknowledged();
  await becomes(card, /⚠️ qBittorrent had an internal error[\s\S]*debian-13/);
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

it('shows a whole season that comes as one download once', async () => {
  const { state } = test.servers.sonarr;
  const downloadId = 'AB'.repeat(20);
  const pack = { titleId: 1, title: 'Show.S02.1080p', size: 1e10, left: 4e9, downloadId, seasonNumber: 2 };
  for (const episodeNumber of [3, 1, 2]) state.downloads.push({ id: episodeNumber, episodeNumber, ...pack });
  const card = await show();
  state.downloads = [];
  expect(read(card).match(/Show\.S02/g)).toHaveLength(1);
  expect(optionsOf(card).filter((label) => label.includes('Show.S02'))).toHaveLength(1);
  expect(read(card)).toMatch(
    /Show\.S02\.1080p\*\* · season 2, 3 episodes\n[^\n]*60 %\n[^\n]*10 MB\/s · 7 min left · Sonarr/,
  );
});

it('shows a pause at once, though qBittorrent’s own list is late with it', async () => {
  const card = await show();
  test.servers.qbittorrent.state.shownAfterMs = 700;
  await ada.press(card, 'Pause all').acknowledged();
  await becomes(card, /Paused/);
  expect(read(card)).toMatch(/debian-13[^\n]*\n[^\n]*\n[^\n]*paused/);
  await ada.press(card, 'Resume all').acknowledged();
  await becomes(card, /Resumed/);
  expect(read(card)).toMatch(/debian-13[^\n]*\n[^\n]*\n[^\n]*5 MB\/s/);
});

it('ends as the last of two quick presses says', async () => {
  const card = await show();
  test.servers.qbittorrent.faults.next({ kind: 'delay', ms: 200 }, { match: /torrents\/stop/ });
  await ada.press(card, 'Pause all').acknowledged();
  await ada.press(card, 'Resume all').acknowledged();
  await becomes(card, /Resumed/);
  expect(posts(/POST .*torrents\/(stop|start)/).map(({ path }) => path.split('/').at(-1))).toEqual(['stop', 'start']);
  expect(read(card)).toMatch(/debian-13[^\n]*\n[^\n]*\n[^\n]*5 MB\/s/);
});

it('asks the server what happened when the answer to a pause is lost, and does not pause a second time', async () => {
  const card = await show();
  test.servers.qbittorrent.state.shownAfterMs = 200;
  test.servers.qbittorrent.faults.next({ kind: 'reset-after-effect' }, { match: /torrents\/stop/ });
  await ada.press(card, 'Pause all').acknowledged();
  await becomes(card, /⏸️ Paused\./);
  expect(posts(/POST .*torrents\/stop/)).toHaveLength(1);
  await ada.press(card, 'Resume all').acknowledged();
  await becomes(card, /Resumed/);
});

it('says so when the torrent is gone, and changes no other', async () => {
  const card = await show();
  const { state } = test.servers.qbittorrent;
  const all = state.torrents;
  state.torrents = all.filter(({ name }) => !name.startsWith('debian'));
  await ada.select(card, 'Pause or resume one', ['Pause: debian-13.1.0-amd64-netinst.iso']).acknowledged();
  await becomes(card, /⚠️ That is no longer in qBittorrent, so nothing was changed/);
  expect(posts(/POST .*torrents\/stop/)).toEqual([]);
  state.torrents = all;
});

it('shows what failed in qBittorrent, which can be tried again', async () => {
  const { state } = test.servers.qbittorrent;
  const all = state.torrents;
  state.torrents = all.map((torrent) => ({ ...torrent, state: 'missingFiles', progress: 1 }));
  const card = await show();
  state.torrents = all;
  expect(read(card)).toMatch(/Big\.Buck\.Bunny[^\n]*\n[^\n]*\n[^\n]*⚠️ failed · qBittorrent/);
  expect(optionsOf(card)).toContain('Resume: Big.Buck.Bunny.1080p');
});

it('trusts qBittorrent for the current state, because Radarr and Sonarr check only once a minute', async () => {
  const { state } = test.servers.sonarr;
  const known = { titleId: 1, title: 'Show.S03E01', size: 4e9, left: 3.6e9, seasonNumber: 3, episodeNumber: 1 };
  state.downloads.push({ id: 1, downloadId: 'C'.repeat(40), ...known });
  const ubuntu = test.servers.qbittorrent.state.torrents.find(({ hash }) => hash === 'c'.repeat(40));
  const before = { ...ubuntu };
  for (const [now, words] of [
    ['stoppedDL', /Show\.S03E01[^\n]*\n[^\n]* %\n[^\n]*paused · Sonarr/],
    ['error', /Show\.S03E01[^\n]*\n[^\n]* %\n[^\n]*⚠️ failed · Sonarr/],
    ['stalledDL', /Show\.S03E01[^\n]*\n[^\n]* %\n[^\n]*no peers at the moment · Sonarr/],
  ] as const) {
    Object.assign(ubuntu ?? {}, { state: now, dlspeed: 0 });
    expect(read(await show())).toMatch(words);
  }
  Object.assign(ubuntu ?? {}, before);
  state.downloads = [];
});

it('never says that nothing is downloading when no server could be asked', async () => {
  const servers = [test.servers.radarr, test.servers.sonarr, test.servers.qbittorrent];
  for (const server of servers) server.faults.next({ kind: 'status', status: 503 }, { times: 5 });
  const none = read(await show());
  expect(none).not.toContain('Nothing');
  expect(none.match(/⚠️/g)).toHaveLength(3);
  for (const server of servers) server.faults.clear();
  const downloads = test.servers.radarr.state.downloads.splice(0);
  test.servers.qbittorrent.faults.next({ kind: 'status', status: 503 }, { times: 5 });
  expect(read(await show())).toContain('Nothing is downloading in Radarr and Sonarr.');
  test.servers.radarr.state.downloads = downloads;
});

it('shows names that fight back as text, within Discord’s limits', async () => {
  const { state } = test.servers.qbittorrent;
  const own = state.torrents;
  const names = ['*'.repeat(400), '@everyone <@1> [a](http://x.example)\n# b', '', '\u202Egpj.exe', '😀'.repeat(200)];
  state.torrents = Array.from({ length: 30 }, (_, index) => ({
    ...own[0],
    hash: index.toString(16).padStart(40, '0'),
    name: names[index % names.length] ?? '',
    state: 'downloading',
    progress: 0.5,
    size: 1e9,
    dlspeed: 1e6,
    upspeed: 0,
    addedOn: index,
    dlLimit: 0,
    upLimit: 0,
  }));
  for (let episode = 1; episode <= 8; episode++)
    beginDownload(test.servers.sonarr.state, {
      titleId: 1,
      title: `${'_'.repeat(300)}${episode}`,
      size: 1e9,
      seasonNumber: 1_000_000_000,
      episodeNumber: 1_000_000_000 + episode,
    });
  for (const download of test.servers.sonarr.state.downloads) download.stuck = '(`#'.repeat(300);
  test.servers.radarr.faults.next({ kind: 'status', status: 500 }, { times: 9 });
  const card = await show();
  test.servers.qbittorrent.faults.next({ kind: 'status', status: 500 }, { match: /torrents\/stop/ });
  await ada.press(card, 'Pause all').acknowledged();
  await becomes(card, /⚠️ qBittorrent had an internal error[\s\S]*page 1 of 5|page 1 of 5[\s\S]*⚠️ qBittorrent/);
  for (const page of [2, 3, 4, 5]) {
    await ada.press(card, '▶').acknowledged();
    await becomes(card, new RegExp(`page ${page} of 5`));
  }
  const raw = test.discord.render(test.discord.state.messages.get(card.id) ?? card);
  expect(raw).not.toMatch(/(?<!\\)\[a\]|@everyone|\u202E/);
  test.servers.sonarr.state.downloads = [];
  state.torrents = own;
});

it('cannot be pressed by someone else, and tells a person without a server what to do', async () => {
  const bob = test.discord.person('Bob');
  const card = await show();
  const own = await bob.slash(bob.dm(), 'downloads').reply();
  expect(read(own)).toContain('You have not set up Radarr, Sonarr or qBittorrent');
  expect(() => bob.press(card, 'Pause all')).toThrow('does not see that message');
});
