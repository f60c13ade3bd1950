import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type BotProcess, startBotProcess } from '../../playground/bot-process.ts';
import type { Person } from '../../playground/discord/person.ts';
import { type PlaygroundDiscord, startDiscord } from '../../playground/discord/start-discord.ts';
import { startModel } from '../../playground/model/start-model.ts';
import { type PlaygroundServers, startServers } from '../../playground/servers/start-servers.ts';
import { type ServiceName, serviceNames } from '../../src/services/registry.ts';
import { shortLimits } from '../bot.ts';
import { copyDataFolder, openTestDatabase } from '../database.ts';
import { addRequests } from '../press-tools.ts';
import { Setup } from '../setup-services.ts';
import type { Order, Point } from './points.ts';

/** A person before whom the bot is about to die, and what they use. */
export type Stage = {
  discord: PlaygroundDiscord;
  servers: PlaygroundServers;
  person: Person;
  /** How often the bot has died so far. */
  deaths(): number;
  /** Resolves when the bot is there, started again if it died. */
  up(): Promise<void>;
};
export type Scenario = {
  name: string;
  /** What the person has set up. */
  services: readonly ServiceName[];
  /** What the person does while all goes well. */
  play(stage: Stage): Promise<void>;
  /** What they do once the bot is back: whatever is offered, until they have what they wanted. Gives how it went; throws what is wrong. */
  goOn(stage: Stage): Promise<string>;
};
export type Result = { point: Point; outcome: string; failure: string | null };

const preload = fileURLToPath(new URL('./points.ts', import.meta.url));
/** The lease is the default: nothing that a dead process left may have to wait for it. */
const limits = { ...shortLimits, SERVICE_TIMEOUT_MS: '5000', LEASE_MS: '30000', EDIT_INTERVAL_MS: '60' };

/** One playground with one database, on which bots are killed and started again, one run after the other. */
export class Lane {
  readonly #discord: PlaygroundDiscord;
  readonly #servers: PlaygroundServers;
  readonly #settings: Record<string, string>;
  readonly #end: () => Promise<void>;
  readonly #bots: BotProcess[] = [];
  /** What each server holds before anything was done. */
  readonly #firstStates: Map<ServiceName, object>;
  #people = 0;
  #deaths = 0;
  #isClosed = false;
  /** What the bot calls while nobody uses it, once it was listened to. */
  #idle: ReadonlySet<string> | null = null;
  /** The end of the first bot as it runs now. */
  #exited: Promise<unknown> = Promise.resolve();
  /** The first bot's last start. */
  #up: Promise<void> = Promise.resolve();

  private constructor(
    discord: PlaygroundDiscord,
    servers: PlaygroundServers,
    settings: Record<string, string>,
    end: () => Promise<void>,
  ) {
    this.#discord = discord;
    this.#servers = servers;
    this.#settings = settings;
    this.#end = end;
    this.#firstStates = new Map(serviceNames.map((service) => [service, structuredClone(servers[service].state)]));
  }

  /** `processes` bots share the database; the first is the one that dies. */
  static async open(engine: 'pglite' | 'postgres', processes = 1): Promise<Lane> {
    const [discord, servers, model, folder] = await Promise.all([
      startDiscord({ rateLimits: false }),
      startServers(),
      startModel(),
      copyDataFolder(),
    ]);
    discord.person('Host', { owner: true });
    const database = engine === 'postgres' ? await openTestDatabase(engine) : null;
    const settings = {
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.apiUrl,
      DATA_DIR: folder.dataDir,
      OPENAI_BASE_URL: model.url,
      ALLOWED_USERS: '*',
      SERVICE_ADDRESSES: 'private-allowed',
      ...(database?.url === undefined
        ? {}
        : { POSTGRES_URL: database.url, ENCRYPTION_KEY: randomBytes(32).toString('base64') }),
      ...limits,
    };
    const lane = new Lane(discord, servers, settings, async () => {
      await Promise.all([discord.stop(), servers.stop(), model.stop(), database?.close()]);
      await folder.remove();
    });
    for (let at = 1; at < processes; at++) lane.#bots[at] = await startBotProcess(settings, { preload });
    await lane.#start();
    return lane;
  }

  /** Starts the first bot, and starts it again whenever it dies, as a host's supervisor does. */
  async #start(): Promise<void> {
    const bot = await startBotProcess(this.#settings, { preload });
    this.#bots[0] = bot;
    this.#exited = once(bot.process, 'exit').then(() => {
      this.#deaths += 1;
      if (this.#isClosed) return;
      this.#up = this.#start();
      // Told to whoever waits for it; a lane that closes in between waits for nobody.
      this.#up.catch(() => undefined);
    });
  }

  /** Plays the scenario to its end and gives every point that it passes; what a bot does that nobody uses is left out. */
  async points(scenario: Scenario): Promise<Point[]> {
    const stage = await this.#stage(scenario);
    this.#idle ??= await this.#idleCalls();
    const idle = this.#idle;
    const points = new Map<string, Point>();
    const record = (point: Point) => {
      if (!idle.has(point.call)) points.set(JSON.stringify(point), point);
    };
    // Of several processes each does a part, now more and now less.
    const plays = this.#bots.length === 1 ? 1 : 4;
    for (let play = 0; play < plays; play++) {
      const one = play === 0 ? stage : await this.#stage(scenario);
      await this.#order({ kill: null }, record);
      await scenario.play(one);
      await scenario.goOn(one);
    }
    this.#bots[0]?.process.removeAllListeners('message');
    return [...points.values()];
  }

  async #idleCalls(): Promise<ReadonlySet<string>> {
    const calls = new Set<string>();
    await this.#order({ kill: null }, ({ call }) => calls.add(call));
    await new Promise((resolve) => setTimeout(resolve, 3000));
    return calls;
  }

  /** Plays the scenario with a bot that dies at `point`, starts it again, and lets the person go on. */
  async run(scenario: Scenario, point: Point): Promise<Result> {
    try {
      const stage = await this.#stage(scenario);
      const before = this.#deaths;
      const died = this.#exited;
      await this.#order({ kill: point });
      // A play whose bot died waits in vain: what it says then is not looked at.
      const played = scenario.play(stage).catch(() => died);
      await Promise.race([died, played]);
      // What ended the play may have been the last thing that the bot did: that it died is seen a moment later.
      await Promise.race([died, new Promise((resolve) => setTimeout(resolve, 200))]);
      await stage.up();
      const how = await scenario.goOn(stage);
      return { point, outcome: this.#deaths > before ? how : `point not passed; ${how}`, failure: null };
    } catch (error) {
      return { point, outcome: 'WRONG', failure: error instanceof Error ? error.message : String(error) };
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#up;
    await Promise.all(this.#bots.map((bot) => bot.stop('SIGKILL')));
    await this.#end();
  }

  /** Somebody new, who has set up what the scenario needs; the servers have never heard of what will be requested. */
  async #stage(scenario: Scenario): Promise<Stage> {
    await this.#disarm();
    for (const [service, state] of this.#firstStates) {
      Object.assign(this.#servers[service].state, structuredClone(state));
      this.#servers[service].journal.length = 0;
    }
    // Its id stands in the call at which the bot is to die.
    addRequests(this.#servers, 90);
    const person = this.#discord.person(`Person ${++this.#people}`);
    await new Setup(this.#discord, this.#servers).all(person, ...scenario.services);
    return {
      discord: this.#discord,
      servers: this.#servers,
      person,
      deaths: () => this.#deaths,
      up: () => this.#up,
    };
  }

  /** What is left of the last run, such as a look at the progress, may reach its point now: nobody dies of that. */
  async #disarm(): Promise<void> {
    for (;;) {
      await this.#up;
      const before = this.#deaths;
      await Promise.race([this.#order({ kill: null }), this.#exited]);
      if (this.#deaths === before) return;
    }
  }

  async #order(order: Order, onPoint: (point: Point) => void = () => undefined): Promise<void> {
    const child = this.#bots[0]?.process;
    if (child === undefined) throw new Error('there is no bot');
    child.removeAllListeners('message');
    const obeyed = Promise.withResolvers<void>();
    child.on('message', (message: Point | { obeyed: true }) => {
      if ('obeyed' in message) obeyed.resolve();
      else onPoint(message);
    });
    // A bot that dies just now is told nothing more.
    child.send(order, () => undefined);
    await obeyed.promise;
  }
}
