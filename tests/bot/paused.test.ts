import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BotProcess, startBotProcess } from '../../playground/bot-process.ts';
import type { Person } from '../../playground/discord/person.ts';
import { type PlaygroundDiscord, startDiscord } from '../../playground/discord/start-discord.ts';
import type { Message } from '../../playground/discord/state.ts';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { type PlaygroundServers, startServers } from '../../playground/servers/start-servers.ts';
import { lockSpace } from '../../src/db/queries/processes.ts';
import { process as processTable, stream, toolCall } from '../../src/db/schema.ts';
import { engines, openTestDatabase } from '../database.ts';
import { Setup } from '../setup-services.ts';

/** Two processes need a server: they can't share an embedded database, and database.ts prints why when there is none. */
describe.each(
  engines.filter((engine) => engine === 'postgres'),
)('a process that sleeps and wakes late, on %s,', (engine) => {
  let discord: PlaygroundDiscord;
  let servers: PlaygroundServers;
  let model: PlaygroundModel;
  let database: Awaited<ReturnType<typeof openTestDatabase>>;
  let folder: string;
  let ada: Person;
  /** By the id under which each claims. */
  const bots = new Map<string, BotProcess>();

  const processes = () => database.db.select().from(processTable);
  const numberOf = async (id: string) => (await processes()).find((row) => row.id === id)?.number ?? 0;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    [discord, servers, model, folder] = await Promise.all([
      startDiscord({ rateLimits: false }),
      startServers(),
      startModel(),
      mkdtemp(join(tmpdir(), 'assistarr-paused-')),
    ]);
    ada = discord.person('Ada', { owner: true });
    const settings = {
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.apiUrl,
      DATA_DIR: folder,
      POSTGRES_URL: database.url ?? '',
      ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      OPENAI_BASE_URL: model.url,
      SERVICE_TIMEOUT_MS: '60000',
    };
    for (let at = 0; at < 2; at++) {
      const bot = await startBotProcess(settings);
      const id = (await processes()).map((row) => row.id).find((one) => !bots.has(one));
      if (id === undefined) throw new Error('a process did not say that it lives');
      bots.set(id, bot);
    }
    await new Setup(discord, servers).all(ada, 'radarr');
  }, 180_000);
  afterAll(async () => {
    await Promise.all([...bots.values()].map((bot) => bot.stop('SIGKILL')));
    await Promise.all([discord.stop(), servers.stop(), model.stop(), rm(folder, { recursive: true, force: true })]);
    await database.close();
  });

  const told = () => ada.sees(ada.dm()).filter(({ authorId }) => authorId === discord.state.bot.id);
  const text = (message: Message) => discord.render(discord.state.messages.get(message.id) ?? message);
  const posts = () =>
    servers.radarr.journal.filter(({ method, path }) => method === 'POST' && path === '/api/v3/movie').length;
  const writes = () => discord.rest.journal.filter(({ method }) => method !== 'GET');

  const turnOwner = async () => (await database.db.select().from(stream)).at(0)?.owner;
  const callOwner = async () =>
    (await database.db.select().from(toolCall).where(eq(toolCall.status, 'running'))).at(0)?.claimedBy;

  /**
   * Puts the holder of a claim to sleep and cuts its session, as when a machine is suspended behind a router that forgets connections;
   * wakes it once the other has gone on. Gives what was written to Discord from the waking on.
   */
  async function sleepAndWake<Found>(
    owner: () => Promise<string | null | undefined>,
    wentOn: () => Found | null | undefined | false,
  ): Promise<{ found: Found; lateWrites: unknown[] }> {
    await expect.poll(owner, { timeout: 30_000 }).toBeTypeOf('string');
    const id = (await owner()) ?? '';
    const holder = bots.get(id);
    if (holder === undefined) throw new Error(`nobody is ${id}`);
    const before = await numberOf(id);
    holder.process.kill('SIGSTOP');
    const asleep = Date.now();
    try {
      await database.db.execute(
        sql`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = ${lockSpace}::int::oid
          and objid = ${before}::int::oid`,
      );
      await expect.poll(() => numberOf(id), { timeout: 15_000 }).toBe(0);
      const found = await discord.until(wentOn, 30_000);
      console.log(`gone on with by the other ${Date.now() - asleep} ms after the first fell asleep`);
      // What the other still says, such as the closing words behind a card.
      await quiet();
      const written = writes().length;
      holder.process.kill('SIGCONT');
      // Awake again, as another: what it had begun before is over.
      await expect.poll(() => numberOf(id), { timeout: 30_000 }).toBeGreaterThan(before);
      await quiet();
      return { found, lateWrites: writes().slice(written) };
    } finally {
      holder.process.kill('SIGCONT');
    }
  }

  /** Until nothing was written for as long as a beat of the answer's edits and a little more. */
  async function quiet(): Promise<void> {
    for (let seen = -1; seen !== writes().length; ) {
      seen = writes().length;
      await new Promise((resolve) => setTimeout(resolve, 2500));
    }
  }

  it('while the model thinks: the other asks it again, and the late answer is written nowhere', async () => {
    model.script({ text: 'Too late.', msPerChunk: 12_000 });
    const asked = model.requests().length;
    ada.say(ada.dm(), 'hello');
    await discord.until(() => model.requests().length > asked, 30_000);
    const hello = () => told().filter(({ content }) => content.startsWith('Hello!'));
    const { lateWrites } = await sleepAndWake(turnOwner, () => hello().length > 0);
    // Long enough for the late answer to come.
    await new Promise((resolve) => setTimeout(resolve, 6000));
    expect(lateWrites).toEqual([]);
    expect(hello()).toHaveLength(1);
    expect(told().map(text).join()).not.toContain('Too late');
    const stored = await database.db.query.message.findMany();
    expect(JSON.stringify(stored)).not.toContain('Too late');
    expect(model.requests()).toHaveLength(asked + 2);
  }, 180_000);

  it('while it streams: the other marks the answer as cut, and not a word is added', async () => {
    const words = Array.from({ length: 400 }, (_, number) => `word${number}`).join(' ');
    model.script({ text: words, msPerChunk: 200 });
    ada.say(ada.dm(), 'tell me a long story');
    const answers = () => told().filter(({ content }) => content.startsWith('word0'));
    await discord.until(() => answers().length > 0, 30_000);
    const { found, lateWrites } = await sleepAndWake(turnOwner, () =>
      answers().find((one) => text(one).includes('Try again')),
    );
    expect(lateWrites).toEqual([]);
    expect(answers()).toHaveLength(1);
    expect(text(found)).toContain('The bot was restarted in the middle of this answer.');
  }, 180_000);

  it('in a press, before the request leaves: the other finds that nothing was done, and nothing is requested', async () => {
    const card = await ada.slash(ada.dm(), 'request movie', { title: 'tmdb:438631' }).reply();
    const before = posts();
    // The first look-up of the press is answered while the process sleeps: the request would be next.
    servers.radarr.faults.next({ kind: 'delay', ms: 3000 }, { match: /^GET \/api\/v3\/(?!queue)/ });
    await ada.press(card, 'Request').acknowledged();
    const { lateWrites } = await sleepAndWake(callOwner, () => text(card).includes('did not reach the server'));
    expect(lateWrites).toEqual([]);
    expect(posts()).toBe(before);
    const calls = await database.db.select().from(toolCall).where(eq(toolCall.toolName, 'request_movie'));
    expect(calls).toMatchObject([{ status: 'failed' }]);
  }, 180_000);
});
