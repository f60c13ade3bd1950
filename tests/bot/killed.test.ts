import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BotProcess, startBotProcess } from '../../playground/bot-process.ts';
import type { Person } from '../../playground/discord/person.ts';
import { type PlaygroundDiscord, startDiscord } from '../../playground/discord/start-discord.ts';
import type { Message } from '../../playground/discord/state.ts';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { type PlaygroundServers, startServers } from '../../playground/servers/start-servers.ts';
import { isAlone } from '../alone.ts';
import { copyDataFolder, engines, openTestDatabase, type TestFolder } from '../database.ts';
import { Setup } from '../setup-services.ts';

const cutWords = 'The bot was restarted in the middle of this answer.';
/** From READY on. */
const soonMs = 2000;
/** Beside other tests: half a lease. What waited for one would come later, however busy the machine is. */
const limitMs = 15_000;

/** With the default settings: every limit is as long as at a host's. */
describe.each(engines)('killed with -9 and started again, on %s,', (engine) => {
  let discord: PlaygroundDiscord;
  let servers: PlaygroundServers;
  let model: PlaygroundModel;
  let folder: TestFolder;
  let close: () => Promise<void>;
  let settings: Record<string, string>;
  let bot: BotProcess;
  let ada: Person;

  beforeAll(async () => {
    [discord, servers, model, folder] = await Promise.all([
      startDiscord({ rateLimits: false }),
      startServers(),
      startModel(),
      copyDataFolder(),
    ]);
    const database = engine === 'postgres' ? await openTestDatabase(engine) : null;
    close = async () => database?.close();
    ada = discord.person('Ada', { owner: true });
    settings = {
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.apiUrl,
      DATA_DIR: folder.dataDir,
      OPENAI_BASE_URL: model.url,
      ...(database?.url !== undefined && {
        POSTGRES_URL: database.url,
        ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      }),
    };
    bot = await startBotProcess(settings);
    await new Setup(discord, servers).all(ada, 'radarr');
  }, 120_000);
  afterAll(async () => {
    await bot.stop('SIGKILL');
    await Promise.all([discord.stop(), servers.stop(), model.stop()]);
    await close();
    await folder.remove();
  });

  const told = () => ada.sees(ada.dm()).filter(({ authorId }) => authorId === discord.state.bot.id);
  const text = (message: Message) => discord.render(discord.state.messages.get(message.id) ?? message);
  const asked = () => model.requests().length;
  const posts = (body: string) =>
    servers.radarr.journal.filter(
      (call) => call.method === 'POST' && call.path === '/api/v3/movie' && JSON.stringify(call.body).includes(body),
    );

  /** Kills the bot, starts it again, and gives what is found by then; prints how long after READY that was. */
  async function killed<Found>(when: string, look: () => Found | null | undefined | false): Promise<Found> {
    await bot.stop('SIGKILL');
    discord.gateway.readyAt = 0;
    const found = Promise.withResolvers<Found>();
    // Looked for while it starts: its greeting comes after READY.
    const looking = discord.until(look, 60_000).then(found.resolve, found.reject);
    bot = await startBotProcess(settings);
    await looking;
    const ms = Date.now() - discord.gateway.readyAt;
    await found.promise;
    console.log(`${engine}, killed ${when}: resolved ${ms} ms after READY${isAlone ? '' : ' (beside other tests)'}`);
    expect(ms).toBeLessThan(isAlone ? soonMs : limitMs);
    return found.promise;
  }

  it('while the model thinks: it is asked again, once, and answers once', async () => {
    model.script({ hang: true });
    const before = asked();
    ada.say(ada.dm(), 'hello');
    await discord.until(() => asked() === before + 1, 30_000);
    const hello = () => told().filter(({ content }) => content.startsWith('Hello!'));
    await killed('while the model thinks', () => hello().length > 0);
    expect(asked()).toBe(before + 2);
    expect(hello()).toHaveLength(1);
    expect(told().map(text).join()).not.toContain(cutWords);
  }, 120_000);

  it('while the model thinks, twice: then it is cut, and can be tried again', async () => {
    model.script({ hang: true }, { hang: true });
    const before = asked();
    ada.say(ada.dm(), 'hello again');
    await discord.until(() => asked() === before + 1, 30_000);
    await bot.stop('SIGKILL');
    bot = await startBotProcess(settings);
    await discord.until(() => asked() === before + 2, 30_000);
    const cut = await killed('while the model thinks again', () => told().find((one) => text(one).includes(cutWords)));
    expect(text(cut)).toContain('[ Try again ]');
    expect(asked()).toBe(before + 2);
    await ada.press(cut, 'Try again').acknowledged();
    await discord.until(() => asked() === before + 3, 30_000);
    await discord.until(() => !told().some((one) => text(one).includes('Try again')), 30_000);
  }, 120_000);

  it('while it streams: what was shown stays, is marked as cut, and can be tried again', async () => {
    const words = Array.from({ length: 400 }, (_, number) => `word${number}`).join(' ');
    model.script({ text: words, msPerChunk: 150 });
    const before = asked();
    ada.say(ada.dm(), 'tell me a long story');
    const isAnswer = ({ content }: Message) => content.startsWith('word0');
    const seen = await discord.until(() => told().find(isAnswer), 30_000);
    const shown = seen.content.replace(/\n\n-# .*/, '');
    const cut = await killed('while it streams', () =>
      told().find((one) => isAnswer(one) && text(one).includes('Try again')),
    );
    expect(text(cut)).toContain(cutWords);
    expect((discord.state.messages.get(cut.id) ?? cut).content.startsWith(shown)).toBe(true);
    expect(told().filter(isAnswer)).toHaveLength(1);
    expect(asked()).toBe(before + 1);
  }, 120_000);

  it('in a look-up of a turn: the model is asked again, and one card comes of it', async () => {
    servers.radarr.faults.next({ kind: 'hang' }, { match: /lookup/ });
    const cards = () => told().filter((one) => text(one).includes('[ Request ]'));
    ada.say(ada.dm(), 'get me Gladiator');
    // A call that hangs is in no journal: the line that says what is being done tells that it runs.
    await discord.until(() => told().some(({ content }) => /-# .*Radarr…/.test(content)), 30_000);
    await killed('in a look-up', () => cards().length > 0);
    expect(cards()).toHaveLength(1);
  }, 120_000);

  it('in a press: the server is asked what happened, nothing is sent twice, and the conversation goes on', async () => {
    servers.radarr.faults.next({ kind: 'hang-after-effect' }, { match: /^POST \/api\/v3\/movie$/ });
    ada.say(ada.dm(), 'get me Arrival');
    const card = await discord.until(
      () => told().find((one) => text(one).includes('Arrival') && text(one).includes('[ Request ]')),
      30_000,
    );
    ada.press(card, 'Request');
    await discord.until(() => posts('329865').length === 1, 30_000);
    await killed('in a press', () => text(card).includes('✅'));
    await discord.until(() => told().some(({ content }) => content.includes('Done')), 30_000);
    expect(posts('329865')).toHaveLength(1);
  }, 120_000);

  it('before the last edit: the whole answer is shown, once, and the model is not asked again', async () => {
    const whole = 'This answer is whole, though nobody has seen it yet.';
    model.script({ text: whole });
    // Only the answer is sent, not what is being done: so the call that hangs is the last one.
    await bot.stop();
    bot = await startBotProcess({ ...settings, EDIT_INTERVAL_MS: '20000' });
    const before = asked();
    discord.fail({ match: /^POST \/channels\/\d+\/messages/, hang: true });
    const calls = discord.rest.journal.length;
    ada.say(ada.dm(), 'say something whole');
    await discord.until(() => discord.rest.journal.slice(calls).some(({ status }) => status === 0), 30_000);
    await killed('before the last edit', () => told().some(({ content }) => content === whole));
    const shown = told().filter(({ content }) => content.includes(whole));
    expect(shown).toHaveLength(1);
    expect(shown.map(text).join()).not.toContain('Try again');
    expect(asked()).toBe(before + 1);
  }, 120_000);

  it('while a command thinks: it says so', async () => {
    servers.radarr.faults.next({ kind: 'hang-after-effect' }, { match: /system\/status/ });
    const calls = servers.radarr.journal.length;
    ada.slash(ada.dm(), 'services test');
    const isThinking = ({ flags }: Message) => (flags & 128) !== 0;
    const thinking = await discord.until(() => told().find(isThinking), 30_000);
    // Once a server is asked, the row is there that tells of it: Discord's acknowledgement cannot wait for that.
    const isAsked = () => servers.radarr.journal.slice(calls).some(({ path }) => path.includes('system/status'));
    await discord.until(isAsked, 30_000);
    await killed('while a command thinks', () => text(thinking).includes('restarted before it could answer'));
  }, 120_000);
});
