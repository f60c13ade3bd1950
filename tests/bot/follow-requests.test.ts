import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '../../playground/discord/person.ts';
import type { Channel, Message } from '../../playground/discord/state.ts';
import { openDatabase } from '../../src/db/connection.ts';
import { card } from '../../src/db/schema.ts';
import { startTestBot, type TestBot } from '../bot.ts';

const progressMs = 400;
/** Long enough for several looks, which pg-boss begins at most twice a second. */
const severalLooksMs = 1500;

let test: TestBot;
let ada: Person;
beforeAll(async () => {
  test = await startTestBot({ environment: { PROGRESS_INTERVAL_MS: String(progressMs) } });
  ada = test.discord.person('Ada');
  await test.setup.all(ada, 'radarr', 'sonarr');
});
afterAll(() => test.stop());
beforeEach(() => {
  const { radarr, sonarr } = test.servers;
  radarr.faults.clear();
  test.discord.rest.faults = [];
  radarr.state.library = radarr.state.library.filter(({ tmdbId }) => tmdbId === 603);
  sonarr.state.library = sonarr.state.library.filter(({ tvdbId }) => tvdbId !== chernobyl);
  for (const { state } of [radarr, sonarr]) {
    state.downloads = [];
    state.commands = [];
  }
});

const dune = 438631;
const chernobyl = 360893;
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const read = (message: Message) => test.discord.render(test.discord.state.messages.get(message.id) ?? message);
const becomes = (message: Message, words: string | RegExp) =>
  test.discord.until(() => new RegExp(words).test(read(message)), 15_000);
const edits = (message: Message) => test.discord.state.messages.get(message.id)?.editCount ?? 0;
/** Calls of Discord that change this message. */
const patches = (message: Message) =>
  test.discord.rest.journal.filter(({ method, path }) => method === 'PATCH' && path.includes(message.id));
const queueCalls = () => test.servers.radarr.journal.filter(({ path }) => path.startsWith('/api/v3/queue')).length;

/** Requests a title by its card; the message that tells everyone. */
async function request(channel: Channel, command: string, title: string): Promise<Message> {
  const card = await ada.slash(channel, `request ${command}`, { title }).reply();
  await ada.press(card, 'Request').acknowledged();
  return ada.waitFor(
    channel,
    (message) => message.id > card.id && message.ephemeralFor === null && read(message).includes('Asked for by Ada'),
  );
}
const requestDune = (channel: Channel) => request(channel, 'movie', `tmdb:${dune}`);

/** The one download of Dune, begun. */
function beginDownload() {
  test.servers.radarr.tick(0);
  const [download] = test.servers.radarr.state.downloads;
  if (download === undefined) throw new Error('nothing downloads');
  return download;
}

/** Messages of which the last test sees in the database that nothing follows them any more. */
const ended: Message[] = [];

describe('the message of a request', () => {
  it('shows the whole life of a film, and then changes no more', async () => {
    const message = await requestDune(test.discord.channel('life'));
    expect(read(message)).toContain('Radarr is looking for it');
    test.servers.radarr.tick(0);
    await becomes(message, /Downloading\s+│ ▱+ 0 %\s+│ -# 10 MB\/s · 13 min left/);
    test.servers.radarr.tick(40);
    await becomes(message, /▰▰▰▰▱▱▱▱▱▱ 40 %\s+│ -# 10 MB\/s · 8 min left/);
    expect(read(message)).toContain('[poster]');
    test.servers.radarr.tick(60);
    await becomes(message, 'putting it into the library');
    test.servers.radarr.tick(0);
    await becomes(message, 'Ready to watch');
    const before = [queueCalls(), edits(message)];
    await wait(severalLooksMs);
    expect([queueCalls(), edits(message)]).toEqual(before);
    ended.push(message);
  });

  it('shows the whole life of a series: n of m episodes', async () => {
    const message = await request(test.discord.channel('series'), 'tv', `tvdb:${chernobyl}`);
    expect(read(message)).toContain('season 1');
    test.servers.sonarr.tick(0);
    await becomes(message, / 0 %\s+│ -# 50 MB\/s/);
    const [first] = test.servers.sonarr.state.downloads;
    if (first === undefined) throw new Error('nothing downloads');
    first.left = 0;
    test.servers.sonarr.tick(10);
    await becomes(message, /1 of 5 episodes is there/);
    test.servers.sonarr.tick(90);
    await becomes(message, 'putting it into the library');
    test.servers.sonarr.tick(0);
    await becomes(message, 'Ready to watch: all 5 episodes are there');
  });

  it('shows the card itself in a DM, poster and all', async () => {
    const card = await ada.slash(ada.dm(), 'request movie', { title: `tmdb:${dune}` }).reply();
    await ada.press(card, 'Request').acknowledged();
    await becomes(card, 'Requested');
    beginDownload();
    await becomes(card, 'Downloading');
    expect(read(card)).toMatch(/Dune \(2021\)[\s\S]*poster/);
    test.servers.radarr.tick(100);
    test.servers.radarr.tick(0);
    await becomes(card, 'Ready to watch');
  });

  it('says why a download is stuck, and continues when it moves again', async () => {
    const message = await requestDune(test.discord.channel('stuck'));
    const download = beginDownload();
    download.stuck = 'No files found are **eligible** for import';
    await becomes(message, 'stuck: No files found are');
    expect(read(message)).not.toContain('**eligible**');
    expect(read(message)).toContain('Fix it in Radarr');
    delete download.stuck;
    await becomes(message, 'Downloading');
    download.paused = true;
    await becomes(message, 'The download is paused');
  });

  it('says after a while that nothing was found yet, and that the server goes on', async () => {
    await test.restart({ PROGRESS_INTERVAL_MS: '60' });
    const message = await requestDune(test.discord.channel('nothing'));
    await becomes(message, 'Radarr has found nothing yet. It keeps looking');
    expect(read(message)).not.toContain('stuck');
    await test.restart();
  });

  it('keeps its words while the server fails, and continues afterwards', async () => {
    const message = await requestDune(test.discord.channel('failing'));
    const download = beginDownload();
    await becomes(message, 'Downloading');
    test.servers.radarr.faults.next({ kind: 'status', status: 503 }, { times: 3 });
    test.servers.radarr.faults.next({ kind: 'hang' });
    test.servers.radarr.faults.next({ kind: 'html' });
    download.left = download.size / 2;
    await wait(progressMs);
    expect(read(message)).toContain(' 0 %');
    await becomes(message, ' 50 %');
    expect(test.logged()).toContain('a server did not tell the progress of a request');
  });

  it('is edited only when something has changed', async () => {
    const message = await requestDune(test.discord.channel('calm'));
    beginDownload();
    await becomes(message, 'Downloading');
    const [shown, asked] = [patches(message).length, queueCalls()];
    await wait(severalLooksMs);
    expect(patches(message)).toHaveLength(shown);
    expect(queueCalls()).toBeGreaterThan(asked);
  });

  it('goes on after a restart in the middle', async () => {
    const message = await requestDune(test.discord.channel('restart'));
    const download = beginDownload();
    await becomes(message, 'Downloading');
    await test.bot.stop();
    download.left = download.size / 4;
    await test.restart();
    await becomes(message, ' 75 %');
    expect(read(message)).toMatch(/Dune \(2021\)[\s\S]*Asked for by Ada[\s\S]*poster/);
  });
});

describe('twenty requests of one person', () => {
  it('cost one call of the queue a look', async () => {
    const { radarr } = test.servers;
    const template = radarr.state.catalogue.find(({ tmdbId }) => tmdbId === dune);
    if (template === undefined) throw new Error('Dune is gone');
    const own = Array.from({ length: 20 }, (_, index) => ({ ...template, tmdbId: 9_000_001 + index }));
    radarr.state.catalogue.push(...own);
    const channel = test.discord.channel('twenty');
    const messages: Message[] = [];
    for (const { tmdbId } of own) messages.push(await request(channel, 'movie', `tmdb:${tmdbId}`));
    radarr.tick(0);
    // Films of one name are one download in the playground: each gets its own.
    radarr.state.downloads = radarr.state.library
      .filter(({ tmdbId }) => tmdbId > 9_000_000)
      .map(({ id }, index) => ({ id, titleId: id, title: `${id}`, size: 1e9, left: 1e9, downloadId: `HASH${index}` }));
    for (const message of messages) await becomes(message, 'Downloading');
    radarr.journal.length = 0;
    for (const download of radarr.state.downloads) download.left = 0.5e9;
    for (const message of messages) await becomes(message, ' 50 %');
    const looks = queueCalls();
    expect(looks).toBeGreaterThan(0);
    // One look shows all; a second or third may have begun before the last edit.
    expect(looks).toBeLessThanOrEqual(4);
    expect(radarr.journal.filter(({ path }) => !path.startsWith('/api/v3/queue')).length).toBeLessThanOrEqual(40);
  });
});

describe('following ends quietly', () => {
  it('when the message is deleted', async () => {
    const message = await requestDune(test.discord.channel('deleted'));
    const there = test.discord.state.messages.get(message.id);
    if (there === undefined) throw new Error('the message is gone');
    there.deleted = true;
    beginDownload();
    await test.discord.until(() => patches(message).length > 0, 15_000);
    await wait(severalLooksMs);
    expect(patches(message)).toHaveLength(1);
    ended.push(message);
  });

  it('when the channel is deleted', async () => {
    const channel = test.discord.channel('gone');
    const message = await requestDune(channel);
    test.discord.state.channels.delete(channel.id);
    beginDownload();
    await test.discord.until(() => patches(message).length > 0, 15_000);
    await wait(severalLooksMs);
    expect(patches(message)).toHaveLength(1);
    ended.push(message);
  });

  it('when the title is removed from the server', async () => {
    const message = await requestDune(test.discord.channel('removed'));
    test.servers.radarr.state.library = [];
    test.servers.radarr.state.commands = [];
    await becomes(message, 'removed from Radarr again');
    ended.push(message);
  });

  it('when the service is switched off, and says so', async () => {
    const message = await requestDune(test.discord.channel('off'));
    await ada.slash(ada.dm(), 'services disable', { service: 'radarr' }).reply();
    await becomes(message, 'Radarr is no longer set up');
    ended.push(message);
    await ada.slash(ada.dm(), 'services enable', { service: 'radarr' }).reply();
  });

  it('after the time limit, and says where to look', async () => {
    await test.restart({ PROGRESS_LIMIT_MS: '1500' });
    const message = await requestDune(test.discord.channel('long'));
    beginDownload().stuck = 'No space left on device';
    await becomes(message, /stuck: No space left[\s\S]*no longer updated/);
    await test.restart();
    ended.push(message);
  });

  it('not when Discord fails for a moment', async () => {
    const message = await requestDune(test.discord.channel('moment'));
    test.discord.fail({ match: new RegExp(`^PATCH .*${message.id}`), status: 503, times: 4 });
    beginDownload();
    await becomes(message, 'Downloading');
  });
});

describe('where the bot is no member', () => {
  it('the message lives by its token, then by Refresh, and its end comes as a DM', async () => {
    await test.restart({ TOKEN_LIFE_MS: '2500' });
    const message = await requestDune(test.discord.foreignChannel('elsewhere'));
    const download = beginDownload();
    await becomes(message, 'Downloading');
    await becomes(message, /\[ Refresh \]/);
    const before = edits(message);
    download.left = download.size / 2;
    await wait(severalLooksMs);
    expect(edits(message)).toBe(before);
    await ada.press(message, 'Refresh').acknowledged();
    await becomes(message, ' 50 %');
    expect(read(message)).not.toContain('Refresh');
    download.left = download.size / 4;
    await becomes(message, ' 75 %');
    await becomes(message, /\[ Refresh \]/);
    download.left = 0;
    test.servers.radarr.tick(0);
    const end = await ada.waitFor(ada.dm(), (told) => told.id > message.id && read(told).includes('Ready to watch'));
    expect(read(end)).toContain('Dune (2021)');
    ended.push(message);
  });

  it('a press on Refresh outlasts a look that began before it', async () => {
    await test.restart({ TOKEN_LIFE_MS: '2500', SERVICE_TIMEOUT_MS: '8000', LEASE_MS: '10000' });
    const message = await requestDune(test.discord.foreignChannel('overtaken'));
    const download = beginDownload();
    await becomes(message, /\[ Refresh \]/);
    test.servers.radarr.faults.next({ kind: 'delay', ms: 5000 }, { match: /GET \/api\/v3\/queue/ });
    // By now a look is under way, and stays so for some time.
    await wait(2 * severalLooksMs);
    download.left = download.size / 2;
    await ada.press(message, 'Refresh').acknowledged();
    await becomes(message, ' 50 %');
    await wait(2 * severalLooksMs);
    download.left = download.size / 4;
    await becomes(message, ' 75 %');
    await becomes(message, /\[ Refresh \]/);
  });

  it('a closed DM ends it quietly', async () => {
    await test.restart({ TOKEN_LIFE_MS: '1500' });
    const message = await requestDune(test.discord.foreignChannel('closed'));
    const download = beginDownload();
    await becomes(message, /\[ Refresh \]/);
    const account = test.discord.state.accounts.get(ada.id);
    if (account === undefined) throw new Error('Ada is gone');
    account.dmsClosed = true;
    download.left = 0;
    test.servers.radarr.tick(0);
    await test.discord.until(() => test.logged().includes('a person accepts no DMs'), 15_000);
    account.dmsClosed = false;
    ended.push(message);
    // The button of a request that is over shows its end.
    await ada.press(message, 'Refresh').acknowledged();
    await becomes(message, '✅');
  });

  it('someone else’s press on Refresh changes nothing', async () => {
    const bob = test.discord.person('Bob');
    await test.restart({ TOKEN_LIFE_MS: '1000', ALLOWED_USERS: bob.id });
    const channel = test.discord.foreignChannel('others');
    const message = await requestDune(channel);
    await becomes(message, /\[ Refresh \]/);
    await bob.press(message, 'Refresh').acknowledged();
    const word = await bob.waitFor(channel, (told) => told.ephemeralFor === bob.id);
    expect(read(word)).toContain('belongs to someone else');
    expect(read(message)).toContain('[ Refresh ]');
  });
});

describe('in the database', () => {
  it('no message is followed of which it has ended', async () => {
    expect(ended.length).toBeGreaterThan(7);
    await test.bot.stop();
    const database = await openDatabase({ dataDir: test.folder.dataDir });
    const rows = await database.db.select().from(card);
    await database.close();
    await test.restart();
    expect(rows.filter(({ discordMessageId }) => ended.some(({ id }) => id === discordMessageId))).toEqual([]);
    // A request that goes on still is.
    expect(rows.length).toBeGreaterThan(0);
  });
});
