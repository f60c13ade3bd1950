import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BotProcess, startBotProcess } from '../../playground/bot-process.ts';
import { type PlaygroundDiscord, startDiscord } from '../../playground/discord/start-discord.ts';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { type PlaygroundServers, startServers } from '../../playground/servers/start-servers.ts';
import { shortLimits } from '../bot.ts';
import { engines, openTestDatabase } from '../database.ts';
import { Setup } from '../setup-services.ts';

/** Two processes need a server: they can't share an embedded database, and database.ts prints why when there is none. */
describe.each(engines.filter((engine) => engine === 'postgres'))('two processes with one token on %s', (engine) => {
  let discord: PlaygroundDiscord;
  let servers: PlaygroundServers;
  let model: PlaygroundModel;
  let folder: string;
  let bots: BotProcess[] = [];
  let close: () => Promise<void>;
  let settings: Record<string, string>;

  beforeAll(async () => {
    const database = await openTestDatabase(engine);
    close = () => database.close();
    [discord, servers, model, folder] = await Promise.all([
      startDiscord({ rateLimits: false }),
      startServers(),
      startModel(),
      mkdtemp(join(tmpdir(), 'assistarr-two-')),
    ]);
    const ada = discord.person('Ada', { owner: true });
    settings = {
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.apiUrl,
      DATA_DIR: folder,
      POSTGRES_URL: database.url ?? '',
      ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      OPENAI_BASE_URL: model.url,
      ...shortLimits,
      SERVICE_TIMEOUT_MS: '5000',
      PROGRESS_INTERVAL_MS: '400',
    };
    bots = await Promise.all([startBotProcess(settings), startBotProcess(settings)]);
    await new Setup(discord, servers).all(ada, 'radarr');
  });
  afterAll(async () => {
    await Promise.all(bots.map((bot) => bot.stop('SIGKILL')));
    await Promise.all([discord.stop(), servers.stop(), model.stop(), rm(folder, { recursive: true, force: true })]);
    await close();
  });

  const posts = () =>
    servers.radarr.journal.filter(({ method, path }) => method === 'POST' && path === '/api/v3/movie').length;

  it('answer each message and press once', async () => {
    const ada = discord.person('Ada');
    const before = ada.sees(ada.dm()).length;
    ada.say(ada.dm(), 'get me Gladiator, please');
    ada.say(ada.dm(), 'hello');
    await ada.waitFor(ada.dm(), (message) => message.content.startsWith('Hello!'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    const texts = ada
      .sees(ada.dm())
      .slice(before)
      .map((message) => message.content);
    expect(texts.filter((text) => text.startsWith('Hello!'))).toHaveLength(1);
    const card = await ada.slash(ada.dm(), 'request movie', { title: 'tmdb:419430' }).reply();
    for (const press of [ada.press(card, 'Request'), ada.press(card, 'Request')]) await press.acknowledged();
    await ada.waitFor(ada.dm(), (message) => discord.render(message).includes('Requested. Radarr is looking for it'));
    expect(posts()).toBe(1);
  });

  it('take over from one that is killed, and request nothing twice', async () => {
    const ada = discord.person('Ada');
    const card = await ada.slash(ada.dm(), 'request movie', { title: 'tmdb:98' }).reply();
    const before = posts();
    expect(discord.render(card)).toContain('[ Request ]');
    servers.radarr.faults.next(
      { kind: 'hang-after-effect' },
      { match: /^(POST \/api\/v3\/command|PUT|POST \/api\/v3\/movie$)/ },
    );
    ada.press(card, 'Request');
    await expect
      .poll(() => servers.radarr.journal.some(({ method }) => method === 'PUT'), { timeout: 5000 })
      .toBe(true);
    // One of them has the call; with both gone and one back, the next must settle it.
    await bots[0]?.stop('SIGKILL');
    await discord.until(
      () => /✅|may have been sent/.test(discord.render(discord.state.messages.get(card.id) ?? card)),
      20_000,
    );
    expect(posts()).toBe(before);
    expect(servers.radarr.journal.filter(({ method }) => method === 'PUT')).toHaveLength(1);
  });

  it('keep a request’s message up to date together, each change by one edit, and so does the one that is left', async () => {
    bots[0] = await startBotProcess(settings);
    const ada = discord.person('Ada');
    const card = await ada.slash(ada.dm(), 'request movie', { title: 'tmdb:438631' }).reply();
    await ada.press(card, 'Request').acknowledged();
    const read = () => discord.render(discord.state.messages.get(card.id) ?? card);
    const shows = (words: string) => discord.until(() => read().includes(words), 20_000);
    const edits = () =>
      discord.rest.journal.filter(
        ({ method, path }) => method === 'PATCH' && path.startsWith('/channels/') && path.includes(card.id),
      ).length;
    await shows('Requested. Radarr is looking for it');
    servers.radarr.state.downloads = [];
    servers.radarr.tick(0);
    await shows(' 0 %');
    const before = edits();
    for (const words of [' 25 %', ' 50 %']) {
      servers.radarr.tick(25);
      await shows(words);
    }
    expect(edits()).toBe(before + 2);
    await bots[1]?.stop('SIGKILL');
    servers.radarr.tick(25);
    await shows(' 75 %');
    servers.radarr.tick(25);
    servers.radarr.tick(0);
    await shows('Ready to watch');
  });
});
