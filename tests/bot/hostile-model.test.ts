import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type BotProcess, startBotProcess } from '../../playground/bot-process.ts';
import { type PlaygroundDiscord, startDiscord } from '../../playground/discord/start-discord.ts';
import { type PlaygroundServers, startServers } from '../../playground/servers/start-servers.ts';
import { isAlone } from '../alone.ts';
import { shortLimits } from '../bot.ts';
import {
  begin,
  later,
  piece,
  type Reply,
  type ScriptedModel,
  say,
  startScriptedModel,
  status,
} from '../chat/scripted-model.ts';
import { copyDataFolder, type TestFolder } from '../database.ts';
import { Setup } from '../setup-services.ts';

let discord: PlaygroundDiscord;
let servers: PlaygroundServers;
let model: ScriptedModel;
let folder: TestFolder;
let bot: BotProcess;

beforeAll(async () => {
  [discord, servers, model, folder] = await Promise.all([
    startDiscord({ rateLimits: false, interactionMs: 60_000 }),
    startServers(),
    startScriptedModel(),
    copyDataFolder(),
  ]);
  const ada = discord.person('Ada', { owner: true });
  bot = await startBotProcess({
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    DATA_DIR: folder.dataDir,
    OPENAI_BASE_URL: model.baseUrl,
    ALLOWED_USERS: discord.person('Bob').id,
    ...shortLimits,
    MODEL_TIMEOUT_MS: '20000',
    SERVICE_TIMEOUT_MS: '5000',
  });
  const setup = new Setup(discord, servers);
  await setup.all(ada, 'radarr');
  await setup.all(discord.person('Bob'), 'radarr');
});
afterEach(() => expect(model.clear()).toBe(0));
afterAll(async () => {
  await bot.stop('SIGKILL');
  await Promise.all([discord.stop(), servers.stop(), model.stop()]);
  await folder.remove();
});

/** Begins a call and goes on with its arguments until the other side leaves, at most 60 MB; tells how much was taken. */
function endlessArguments(taken: (bytes: number) => void): Reply {
  return async (response) => {
    begin(response);
    const started = { name: 'search_movies', arguments: '{"query":"' };
    piece(response, { tool_calls: [{ index: 0, id: 'call_endless', type: 'function', function: started }] });
    const more = {
      choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: 'aaaaaaaa' } }] } }],
    };
    const text = `data: ${JSON.stringify(more)}\n\n`.repeat(100);
    let bytes = 0;
    while (bytes < 60 * 1024 * 1024 && !response.destroyed) {
      response.write(text);
      bytes += text.length;
      while (response.writableNeedDrain && !response.destroyed) await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
    taken(bytes);
  };
}

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

describe('one person’s model without measure', () => {
  it('is cut off, delays nobody else, and commands are still acknowledged', async () => {
    const [ada, bob] = [discord.person('Ada'), discord.person('Bob')];
    const taken: number[] = [];
    // Once it has been told that a call was cut off, it is sorry.
    const reply: Reply = (response, asked) => {
      const isTold = asked.messages.some(({ role }) => role === 'tool');
      return (isTold ? say('Sorry.') : endlessArguments((bytes) => taken.push(bytes)))(response, asked);
    };
    model.script(...Array.from({ length: 6 }, () => reply));
    const channels = ['one', 'two', 'three'].map((name) => discord.channel(`flood-${name}`));
    for (const channel of channels) ada.say(channel, 'get everything', { mention: true });
    const waits: number[] = [];
    for (let round = 0; round < 7; round++) {
      const begun = performance.now();
      await bob.slash(bob.dm(), 'services list').acknowledged();
      waits.push(performance.now() - begun);
    }
    expect(median(waits)).toBeLessThan(isAlone ? 500 : 1500);
    for (const channel of channels)
      await ada.waitFor(channel, (message) => /^Sorry\..*asked for too much at once/s.test(message.content), 20_000);
    await expect.poll(() => taken.length).toBe(3);
    for (const bytes of taken) expect(bytes).toBeLessThan(8 * 1024 * 1024);
  });

  it('leads to an answer that names what the host can do, and only the host sees the server’s words', async () => {
    const [ada, bob] = [discord.person('Ada'), discord.person('Bob')];
    const words = 'Only type: "message" is supported for input';
    model.script(status(400, words), status(400, words));
    ada.say(ada.dm(), 'hello');
    const told = await ada.waitFor(ada.dm(), (message) => message.content.includes('refused the question'));
    expect(told.content).toContain(words);
    bob.say(bob.dm(), 'hello');
    const plain = await bob.waitFor(bob.dm(), (message) => message.content.includes('refused the question'));
    expect(plain.content).not.toContain(words);
  });
});

describe('a flood of messages', () => {
  it('in one channel costs three turns: all are asked, in order, and each is answered once', async () => {
    const bob = discord.person('Bob');
    const channel = discord.channel('many');
    const [asked, open] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const first: Reply = (response, request) => {
      asked.resolve();
      return later(open.promise, say('First answer.'))(response, request);
    };
    const before = model.asked.length;
    model.script(first, say('Second answer.'), say('Last answer.'));
    const words = Array.from({ length: 12 }, (_, index) => `question ${index}`);
    bob.say(channel, words[0] ?? '', { mention: true });
    await asked.promise;
    for (const text of words.slice(1)) bob.say(channel, text, { mention: true });
    // Nothing tells from outside that a message is stored; the command is handled after all of them.
    await bob.slash(channel, 'services list').reply();
    await new Promise((resolve) => setTimeout(resolve, 500));
    open.resolve();
    await bob.waitFor(channel, (message) => message.content === 'Last answer.', 20_000);
    expect(model.asked).toHaveLength(before + 3);
    const questions = model.asked.at(-1)?.messages.flatMap(({ role, content }) => (role === 'user' ? [content] : []));
    expect(questions).toEqual(words);
  });
});
