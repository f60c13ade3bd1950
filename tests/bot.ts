import { Writable } from 'node:stream';
import { type PlaygroundDiscord, startDiscord } from '../playground/discord/start-discord.ts';
import { type PlaygroundServers, startServers } from '../playground/servers/start-servers.ts';
import { createLog, SecretValues } from '../src/bot/log.ts';
import { type Bot, startBot } from '../src/bot/start-bot.ts';
import { readSettings } from '../src/settings.ts';
import { copyDataFolder, type TestFolder } from './database.ts';
import { Setup } from './setup-services.ts';

export type TestBot = {
  discord: PlaygroundDiscord;
  servers: PlaygroundServers;
  bot: Bot;
  folder: TestFolder;
  /** Everything that the bot logged, as text. */
  logged(): string;
  setup: Setup;
  /** Stops the bot and starts it again on the same data. */
  restart(environment?: Record<string, string>): Promise<void>;
  stop(): Promise<void>;
};

/** Limits short enough that a test sees each of them pass. */
export const shortLimits = {
  SERVICE_TIMEOUT_MS: '800',
  MODEL_TIMEOUT_MS: '5000',
  AUTOCOMPLETE_TIMEOUT_MS: '300',
  LEASE_MS: '1000',
  EDIT_INTERVAL_MS: '100',
  STOP_TIMEOUT_MS: '1000',
};

/** Where everybody may talk, as much as they like, and nothing is asked of the machine's speed: an answer may come after Discord's three seconds. */
export const patientTalk = {
  discord: { interactionMs: 60_000 },
  environment: { TURNS_PER_HOUR: '10000', ALLOWED_USERS: '*', SERVICE_ADDRESSES: 'private-allowed' },
};

/** The real bot on the playground: a Discord, five media servers, an embedded database of its own. */
export async function startTestBot(
  options: { environment?: Record<string, string>; discord?: Parameters<typeof startDiscord>[0] } = {},
): Promise<TestBot> {
  const [discord, servers, folder] = await Promise.all([
    startDiscord({ rateLimits: false, ...options.discord }),
    startServers(),
    copyDataFolder(),
  ]);
  discord.person('Ada', { owner: true });
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const start = (environment: Record<string, string> = {}) => {
    const secrets = new SecretValues();
    const settings = readSettings({
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.apiUrl,
      DATA_DIR: folder.dataDir,
      ...shortLimits,
      ...options.environment,
      ...environment,
    });
    return startBot(settings, { log: createLog({ level: 'debug', secrets, destination: sink }), secrets });
  };
  let bot = await start();
  return {
    discord,
    servers,
    folder,
    get bot() {
      return bot;
    },
    logged: () => lines.join(''),
    setup: new Setup(discord, servers),
    restart: async (environment) => {
      await bot.stop();
      bot = await start(environment);
    },
    stop: async () => {
      await bot.stop();
      await Promise.all([discord.stop(), servers.stop(), folder.remove()]);
    },
  };
}
