import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BotProcess, startBotProcess } from '../../playground/bot-process.ts';
import { type PlaygroundDiscord, startDiscord } from '../../playground/discord/start-discord.ts';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { type PlaygroundServers, startServers } from '../../playground/servers/start-servers.ts';
import { shortLimits } from '../bot.ts';
import { copyDataFolder, type TestFolder } from '../database.ts';
import { Setup } from '../setup-services.ts';

let discord: PlaygroundDiscord;
let servers: PlaygroundServers;
let model: PlaygroundModel;
let folder: TestFolder;
/** For bots that do not come far: a first start of its own would take most of their time. */
let other: TestFolder;
let bot: BotProcess;

const start = (more: Record<string, string> = {}) =>
  startBotProcess({
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    DATA_DIR: folder.dataDir,
    OPENAI_BASE_URL: model.url,
    ALLOWED_USERS: discord.person('Bob').id,
    ...shortLimits,
    SERVICE_TIMEOUT_MS: '5000',
    ...more,
  });

beforeAll(async () => {
  [discord, servers, model, folder, other] = await Promise.all([
    startDiscord({ rateLimits: false, interactionMs: 60_000 }),
    startServers(),
    startModel(),
    copyDataFolder(),
    copyDataFolder(),
  ]);
  const ada = discord.person('Ada', { owner: true });
  bot = await start();
  await new Setup(discord, servers).all(ada, 'radarr');
});
afterAll(async () => {
  await bot.stop('SIGKILL');
  await Promise.all([discord.stop(), servers.stop(), model.stop()]);
  await Promise.all([folder.remove(), other.remove()]);
});

const main = fileURLToPath(new URL('../../src/start.js', import.meta.url));

async function runMain(environment: Record<string, string>): Promise<{ code: number | null; text: string }> {
  const child = spawn(process.execPath, [main], {
    cwd: folder.dataDir,
    env: { PATH: process.env.PATH ?? '', ...environment },
  });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  child.stderr.on('data', (chunk) => {
    text += chunk;
  });
  const [code] = await once(child, 'close');
  return { code: typeof code === 'number' ? code : null, text };
}

describe('the process that npm start starts', () => {
  it('says in one sentence what is missing without a token, and that the demo needs none', async () => {
    const { code, text } = await runMain({});
    expect(code).toBe(1);
    expect(text).toContain('DISCORD_TOKEN is not set');
    expect(text).toContain('npm run demo');
    expect(text.trim().split('\n')).toHaveLength(1);
  });

  it('refuses a wrong token in words', async () => {
    const { code, text } = await runMain({
      DISCORD_TOKEN: 'wrong-token-canary',
      DISCORD_API_URL: discord.apiUrl,
      DATA_DIR: other.dataDir,
    });
    expect(code).toBe(1);
    expect(text).toContain('Discord does not accept DISCORD_TOKEN');
    expect(text).not.toContain('wrong-token-canary');
  });

  it('says in words that Discord cannot be reached', async () => {
    const { code, text } = await runMain({
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: 'http://127.0.0.1:1/api',
      DATA_DIR: other.dataDir,
    });
    expect(code).toBe(1);
    expect(text).toMatch(/^The bot could not reach Discord to log in \(.*\)\. Check/m);
    expect(text).not.toContain(discord.token);
  });

  it('refuses a data folder that another process has', async () => {
    const { code, text } = await runMain({
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.apiUrl,
      DATA_DIR: folder.dataDir,
    });
    expect(code).toBe(1);
    expect(text).toContain('Another Assistarr is using the data folder');
  });

  it('prints the invite link, and registers commands only when they changed', async () => {
    expect(bot.output()).toContain(`client_id=${discord.state.applicationId}`);
    const puts = () =>
      discord.rest.journal.filter(({ method, path }) => method === 'PUT' && path.endsWith('/commands')).length;
    expect(puts()).toBe(1);
    expect(await bot.stop()).toBe(0);
    bot = await start();
    expect(puts()).toBe(1);
  });

  it('finishes what runs before it leaves at a stop signal', async () => {
    const ada = discord.person('Ada');
    servers.radarr.faults.next({ kind: 'delay', ms: 400 }, { match: /^POST \/api\/v3\/movie$/ });
    const card = await ada.slash(ada.dm(), 'request movie', { title: 'tmdb:862' }).reply();
    ada.press(card, 'Request');
    await expect.poll(() => servers.radarr.journal.some(({ path }) => path === '/api/v3/qualityprofile')).toBe(true);
    const code = bot.stop();
    await ada.waitFor(ada.dm(), (message) => discord.render(message).includes('Requested. Radarr is looking for it'));
    expect(await code).toBe(0);
    bot = await start();
  });

  it('after kill -9 in mid-request tells how it ended, and requests nothing twice', async () => {
    const ada = discord.person('Ada');
    servers.radarr.faults.next({ kind: 'hang-after-effect' }, { match: /^POST \/api\/v3\/movie$/ });
    ada.say(ada.dm(), 'get me Arrival');
    const card = await ada.waitFor(ada.dm(), (message) => discord.render(message).includes('[ Request ]'));
    const posts = () =>
      servers.radarr.journal.filter(
        ({ method, path, body }) =>
          method === 'POST' && path === '/api/v3/movie' && JSON.stringify(body).includes('329865'),
      ).length;
    ada.press(card, 'Request');
    await expect.poll(posts, { timeout: 10_000 }).toBe(1);
    await bot.stop('SIGKILL');
    bot = await start();
    await discord.until(() => discord.render(discord.state.messages.get(card.id) ?? card).includes('✅'), 20_000);
    await ada.waitFor(ada.dm(), (message) => message.content.includes('Done'), 20_000);
    expect(posts()).toBe(1);
  });

  it('goes on with an answer after the machine was asleep, and does not take it for cut', async () => {
    const ada = discord.person('Ada');
    for (let round = 1; round <= 3; round++) {
      const end = `that was all of round ${round}`;
      model.script({ text: `I tell it slowly, so that there is time to fall asleep, and ${end}`, msPerChunk: 150 });
      const asked = model.requests().length;
      ada.say(ada.dm(), 'tell me something');
      await discord.until(() => model.requests().length > asked, 20_000);
      bot.process.kill('SIGSTOP');
      await new Promise((resolve) => setTimeout(resolve, 3 * Number(shortLimits.LEASE_MS)));
      bot.process.kill('SIGCONT');
      await ada.waitFor(ada.dm(), (message) => message.content.includes(end), 20_000);
    }
    const cut = ada.sees(ada.dm()).filter(({ content }) => content.includes('in the middle of this answer'));
    expect(cut).toEqual([]);
  });

  it('after kill -9 in mid-answer says that the answer was cut', async () => {
    const ada = discord.person('Ada');
    model.script({ text: 'Well, that is a long story, and it takes a while until it is told.', msPerChunk: 1500 });
    ada.say(ada.dm(), 'hello');
    await ada.waitFor(ada.dm(), (message) => message.content.includes('Well, that'), 20_000);
    await bot.stop('SIGKILL');
    bot = await start();
    const cut = await ada.waitFor(
      ada.dm(),
      (message) => message.content.includes('restarted in the middle of this answer'),
      20_000,
    );
    const answers = () => ada.sees(ada.dm()).filter((message) => message.content.startsWith('Hello!')).length;
    const bob = discord.person('Bob');
    bob.press(cut, 'Try again');
    await discord.until(() =>
      [...discord.state.messages.values()].some((message) => message.content.includes('belongs to someone else')),
    );
    expect(answers()).toBe(0);
    for (const press of [ada.press(cut, 'Try again'), ada.press(cut, 'Try again')]) await press.acknowledged();
    await discord.until(() => answers() > 0, 20_000);
    const now = discord.state.messages.get(cut.id) ?? cut;
    expect(discord.render(now)).not.toContain('Try again');
    ada.say(ada.dm(), 'what was I watching?');
    await ada.waitFor(ada.dm(), (message) => message.content.includes('isn’t set up for you'), 20_000);
    expect(answers()).toBe(1);
  });
});
