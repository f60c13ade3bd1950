import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Person } from '../../playground/discord/person.ts';
import type { Message } from '../../playground/discord/state.ts';
import { requestStatus } from '../../playground/servers/jellyseerr-media.ts';
import { startTestBot, type TestBot } from '../bot.ts';

let test: TestBot;
let ada: Person;
beforeAll(async () => {
  test = await startTestBot({ environment: { PROGRESS_INTERVAL_MS: '400', SERVICE_TIMEOUT_MS: '5000' } });
  ada = test.discord.person('Ada');
  await test.setup.all(ada, 'jellyseerr');
});
afterAll(() => test.stop());

const read = (message: Message) => test.discord.render(test.discord.state.messages.get(message.id) ?? message);
const becomes = (message: Message, words: RegExp) => test.discord.until(() => words.test(read(message)), 20_000);

/** Requests a title in a channel of its own; the message there that says so. */
async function request(command: string, title: string): Promise<Message> {
  const channel = test.discord.channel(title);
  const card = await ada.slash(channel, `request ${command}`, { title }).reply();
  if (command === 'tv') {
    await ada.select(card, 'Which seasons?', ['Season 3']).acknowledged();
    await becomes(card, /season 3\n/);
  }
  await ada.press(card, 'Request').acknowledged();
  return ada.waitFor(channel, (message) => message.id !== card.id && read(message).includes('Asked for by Ada'));
}

it('shows the progress of films and seasons, and asks Seerr once for all of them', async () => {
  const film = await request('movie', 'tmdb:98');
  const other = await request('movie', 'tmdb:680');
  const series = await request('tv', 'tmdb:81189');
  expect(read(film)).toContain('Seerr approved it and passes it on');
  for (const server of [test.servers.radarr, test.servers.sonarr]) {
    server.tick(0);
    server.tick(40);
  }
  for (const message of [film, other, series]) await becomes(message, /Downloading[\s\S]*40 %/);
  test.servers.jellyseerr.journal.length = 0;
  const lists = () => test.servers.jellyseerr.journal.filter(({ path }) => path.startsWith('/api/v1/request?'));
  await test.discord.until(() => lists().length >= 2, 20_000);
  // What downloads is told by the list: nothing is asked for by itself.
  expect(test.servers.jellyseerr.journal.length).toBe(lists().length);
  test.servers.jellyseerr.state.available.set('movie:98', []).set('tv:81189', [1, 2, 3]);
  test.servers.sonarr.state.downloads = [];
  await becomes(film, /Ready to watch/);
  await becomes(series, /Ready to watch/);
  expect(read(series)).toContain('Requested: season 3');
  expect(read(film)).not.toContain('Requested:');
  expect(read(other)).toContain('40 %');
});

it('goes on following a request that failed: it may be sent again, or its title come another way', async () => {
  const film = await request('movie', 'tmdb:157336');
  const row = test.servers.jellyseerr.state.requests.find(({ tmdbId }) => tmdbId === 157336);
  if (row === undefined) throw new Error('the request was made');
  row.status = requestStatus.failed;
  await becomes(film, /Seerr could not pass the request on\. Whoever runs Seerr can retry it/);
  test.servers.jellyseerr.state.available.set('movie:157336', []);
  await becomes(film, /Ready to watch/);
  expect(row.status).toBe(requestStatus.failed);
});

it('shows whether a waiting request was declined or removed', async () => {
  const owner = test.servers.jellyseerr.state.users[0];
  if (owner === undefined) throw new Error('the playground’s Seerr has an owner');
  owner.manages = false;
  const declined = await request('movie', 'tmdb:13');
  const removed = await request('movie', 'tmdb:604');
  owner.manages = true;
  expect(read(declined)).toMatch(/wait(s|ing) for approval/i);
  const row = test.servers.jellyseerr.state.requests.find(({ tmdbId }) => tmdbId === 13);
  if (row !== undefined) row.status = requestStatus.declined;
  await becomes(declined, /declined in Seerr/);
  test.servers.jellyseerr.state.requests = test.servers.jellyseerr.state.requests.filter(
    ({ tmdbId }) => tmdbId !== 604,
  );
  await becomes(removed, /was removed from Seerr/);
});
