import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../playground/discord/state.ts';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { startTestBot, type TestBot } from '../bot.ts';
import { engines, openTestDatabase } from '../database.ts';
import { extent } from '../extent.ts';
import { TcpProxy } from '../tcp-proxy.ts';

/** `.ci/run` takes the database away for a whole minute. */
const awayMs = extent === 'few' ? 3_000 : 60_000;

/** Only a server can go away without the bot; database.ts prints why this is left out when there is none. */
describe.each(engines.filter((engine) => engine === 'postgres'))('the database is away, on %s', (engine) => {
  let test: TestBot;
  let model: PlaygroundModel;
  let proxy: TcpProxy;
  let database: Awaited<ReturnType<typeof openTestDatabase>>;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    const url = new URL(database.url ?? '');
    proxy = new TcpProxy({ host: url.hostname, port: Number(url.port) });
    await proxy.open();
    url.host = `127.0.0.1:${proxy.port}`;
    model = await startModel();
    test = await startTestBot({
      environment: {
        POSTGRES_URL: url.href,
        ENCRYPTION_KEY: randomBytes(32).toString('base64'),
        OPENAI_BASE_URL: model.url,
        DATABASE_TIMEOUT_MS: '1000',
      },
    });
    await test.setup.all(test.discord.person('Ada'), 'radarr');
  });
  afterAll(async () => {
    await proxy.open();
    await test.stop();
    await model.stop();
    await database.close();
  });

  it.each([
    ['refuses', () => proxy.refuse()],
    ['is silent', () => proxy.silence()],
  ] as const)(
    'and %s: everyone is told, nothing is lost, and all goes on when it is back',
    async (how, takeAway) => {
      const { discord, servers } = test;
      const ada = discord.person('Ada');
      const channel = discord.channel(how.replace(' ', '-'));
      const read = (message: Message) => discord.render(discord.state.messages.get(message.id) ?? message);
      const card = await ada
        .slash(channel, 'request movie', { title: how === 'refuses' ? 'tmdb:438631' : 'tmdb:329865' })
        .reply();
      const posts = () =>
        servers.radarr.journal.filter(({ method, path }) => method === 'POST' && path === '/api/v3/movie');
      const before = posts().length;
      const back = Date.now() + awayMs;
      await takeAway();

      const listed = await ada.slash(channel, 'services list').reply(20_000);
      expect(read(listed)).toContain('The bot’s database did not answer');
      ada.say(channel, 'what is downloading?', { mention: true });
      await ada.waitFor(channel, ({ content }) => content.includes('The bot’s database did not answer'), 20_000);
      await ada.press(card, 'Request').acknowledged();
      await discord.until(
        () => ada.sees(channel).filter((message) => read(message).includes('database did not answer')).length >= 3,
        20_000,
      );
      expect(await ada.autocomplete(channel, 'request movie', { title: 'matrix' }, 'title')).toEqual([]);
      expect(posts()).toHaveLength(before);

      await sleep(Math.max(0, back - Date.now()));
      await proxy.open();
      // A connection that broke just now may still fail the first who asks.
      const list = async () => read(await ada.slash(channel, 'services list').reply(20_000));
      await expect.poll(list, { timeout: 20_000, interval: 500 }).toContain('Radarr');
      ada.say(channel, 'hello', { mention: true });
      await ada.waitFor(channel, ({ content }) => content.startsWith('Hello!'), 20_000);
      // The card is alive: what could not be pressed before can be now, and acts once.
      expect(read(card)).toContain('[ Request ]');
      await ada.press(card, 'Request').acknowledged();
      await ada.waitFor(channel, (message) => read(message).includes('Requested'), 20_000);
      expect(posts()).toHaveLength(before + 1);
    },
    awayMs + 60_000,
  );

  it('and cannot store what was done: nobody is told that nothing was done, and the card shows the real result', async () => {
    const { discord, servers } = test;
    const ada = discord.person('Ada');
    const channel = discord.channel('full');
    const card = await ada.slash(channel, 'request movie', { title: 'tmdb:157336' }).reply();
    const read = () => discord.render(discord.state.messages.get(card.id) ?? card);
    await database.db.execute(sql`
      create function refuse() returns trigger language plpgsql as $$ begin raise exception 'the disk is full'; end $$`);
    await database.db.execute(sql`
      create trigger refuse before update on "ToolCall" for each row
      when (new.status = 'succeeded') execute function refuse()`);
    await ada.press(card, 'Request').acknowledged();
    const told = await ada.waitFor(channel, ({ content }) => content.includes('There is no need to try again'));
    expect(told.ephemeralFor).toBe(ada.id);
    expect(read()).not.toContain('[ Request ]');
    await database.db.execute(sql`drop function refuse() cascade`);
    await discord.until(() => read().includes('The answer was lost, but'), 20_000);
    const added = servers.radarr.journal.filter(
      ({ method, path, body }) =>
        method === 'POST' && path === '/api/v3/movie' && JSON.stringify(body).includes('157336'),
    );
    expect(added).toHaveLength(1);
  });

  it('and is slow to fail: a person who opens a form is told so before Discord’s time is up', async () => {
    const { discord } = test;
    const ada = discord.person('Ada');
    const channel = discord.channel('forms');
    await proxy.open();
    await test.restart({ DATABASE_TIMEOUT_MS: '15000' });
    proxy.silence();
    const told = await ada.slash(channel, 'services configure', { service: 'radarr' }).reply();
    expect(told.ephemeralFor).toBe(ada.id);
    expect(discord.render(told)).toContain('The bot’s database did not answer');
    await proxy.open();
  }, 60_000);
});
