import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PlaygroundDiscord, startDiscord } from '../playground/discord/start-discord.ts';
import { type PlaygroundServers, startServers } from '../playground/servers/start-servers.ts';
import { Setup } from '../tests/setup-services.ts';
import type { PostgresServer } from './bench-database.ts';
import { type DiscordCalls, watchDiscordCalls } from './discord-calls.ts';
import { type ModelServer, startModelServer } from './model-server.ts';
import { type BenchProcess, startProcess } from './process.ts';

export type Engine = 'postgres' | 'pglite';

export type BenchOptions = {
  quick: boolean;
  /** How long each bot is warmed up before anything is measured. */
  warmUpMs: number;
  engine: Engine;
  postgres: PostgresServer | null;
  /** Where CPU profiles go, when they are wanted. */
  profileDir: string | null;
};

/** A Discord, five media servers, a model, and a bot in a process of its own. */
export type Stage = {
  discord: PlaygroundDiscord;
  servers: PlaygroundServers;
  model: ModelServer;
  calls: DiscordCalls;
  setup: Setup;
  postgresUrl: string | null;
  start(program: 'bot' | 'bare', settings?: Record<string, string>): Promise<BenchProcess>;
  stop(): Promise<void>;
};

/** Sets the stage; `rateLimits` puts Discord's in force. Nothing runs on it yet. */
export async function setStage(
  options: BenchOptions,
  { rateLimits = false, engine = options.engine }: { rateLimits?: boolean; engine?: Engine } = {},
): Promise<Stage> {
  const [discord, servers, model, folder] = await Promise.all([
    startDiscord({ rateLimits }),
    startServers(),
    startModelServer(),
    mkdtemp(join(tmpdir(), 'assistarr-bench-')),
  ]);
  discord.person('Ada', { owner: true });
  const calls = watchDiscordCalls(discord);
  const postgresUrl = engine === 'postgres' && options.postgres !== null ? await options.postgres.newDatabase() : null;
  const running = new Set<BenchProcess>();
  return {
    discord,
    servers,
    model,
    calls,
    setup: new Setup(discord, servers),
    postgresUrl,
    async start(program, settings = {}) {
      const all = {
        DISCORD_TOKEN: discord.token,
        DISCORD_API_URL: discord.apiUrl,
        DATA_DIR: folder,
        ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
        ...(postgresUrl === null ? {} : { POSTGRES_URL: postgresUrl }),
        OPENAI_BASE_URL: model.url,
        ALLOWED_USERS: '*',
        SERVICE_ADDRESSES: 'private-allowed',
        TURNS_PER_HOUR: '100000',
        ...(rateLimits ? {} : { DISCORD_REQUESTS_PER_SECOND: '10000' }),
        ...settings,
      };
      const started = await startProcess(program, { settings: all, folder, profileDir: options.profileDir });
      const one = {
        ...started,
        stop: async () => {
          running.delete(one);
          await started.stop();
        },
      };
      running.add(one);
      return one;
    },
    stop: async () => {
      for (const one of running) await one.stop();
      calls.stop();
      await Promise.all([discord.stop(), servers.stop(), model.stop()]);
      if (postgresUrl !== null) await options.postgres?.drop(postgresUrl);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
