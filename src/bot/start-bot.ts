import { randomUUID } from 'node:crypto';
import { Client, Events, GatewayIntentBits, Options, Partials, Routes, Team } from 'discord.js';
import type { Logger } from 'pino';
import { z } from 'zod';
import { createModel } from '../chat/model.ts';
import { TurnQueue } from '../chat/turn-queue.ts';
import { commands } from '../commands/registry.ts';
import { openDatabase } from '../db/connection.ts';
import { createKeyring, type Keyring, loadOrCreateKeyFile, parseEncryptionKeys } from '../db/encryption.ts';
import { UserError } from '../errors.ts';
import type { Settings } from '../settings.ts';
import type { AccessPolicy } from './access.ts';
import { OncePerHour } from './access.ts';
import type { BotContext } from './bot-context.ts';
import { continueConversation } from './continue-conversation.ts';
import { DiscordRest } from './discord-rest.ts';
import type { SecretValues } from './log.ts';
import { startMaintenance } from './maintenance.ts';
import { handleInteraction } from './on-interaction.ts';
import { handleMessage } from './on-message.ts';
import { registerCommands } from './register-commands.ts';
import { Tasks } from './tasks.ts';
import { TurnLimit } from './turn-limit.ts';

export type Bot = {
  /** The address with which the bot is added to a server or to one's own account. */
  inviteUrl: string;
  /** Lets what runs finish, at most `limits.stopMs`, and closes everything. Safe to call twice. */
  stop(): Promise<void>;
};

const messageContentFlags = (1 << 18) | (1 << 19);
const applicationSchema = z.object({ flags: z.number().default(0) });

/**
 * Starts the bot: database, Discord, commands, maintenance. Throws UserError with what to change when a setting, the
 * token or the data folder is not usable.
 */
export async function startBot(
  settings: Settings,
  { log, secrets }: { log: Logger; secrets: SecretValues },
): Promise<Bot> {
  const token = settings.discordToken;
  if (token === undefined) throw new UserError(missingTokenText);
  for (const secret of [token, settings.model.apiKey]) secrets.add(secret);
  const { keyring, announcement } = await openKeyring(settings, secrets);
  if (announcement !== null) log.warn(announcement);
  const database = await openDatabase({
    postgresUrl: settings.postgresUrl,
    dataDir: settings.dataDir,
    silenceMs: settings.databaseSilenceMs,
  });
  const leaving = new AbortController();
  const tasks = new Tasks();
  try {
    const client = await logIn({ token, api: settings.discordApiUrl, log });
    const context: BotContext = {
      db: database.db,
      keyring,
      http: {
        addressPolicy: settings.addressPolicy,
        timeoutMs: settings.limits.serviceMs,
        maxResponseBytes: 20 * 1024 * 1024,
      },
      limits: settings.limits,
      log,
      processId: randomUUID(),
      client,
      model: createModel(settings.model),
      historyTokens: settings.historyTokens,
      access: await accessPolicy(client, settings),
      strangers: new OncePerHour(),
      turnLimit: new TurnLimit(settings.turnsPerHour),
      tasks,
      turns: new TurnQueue(),
      signal: leaving.signal,
      continueConversation: (call) => continueConversation(context, call),
    };
    client.on(Events.InteractionCreate, (interaction) => tasks.track(handleInteraction(context, interaction)));
    client.on(Events.MessageCreate, (message) => tasks.track(handleMessage(context, message)));
    await registerCommands(
      client,
      commands.map((command) => command.definition),
      log,
    );
    const maintenance = startMaintenance(context, settings);
    let stopped: Promise<void> | null = null;
    const stop = async () => {
      maintenance.stop();
      client.removeAllListeners(Events.InteractionCreate).removeAllListeners(Events.MessageCreate);
      if ((await tasks.settled(settings.limits.stopMs)) === 'timed-out') {
        log.warn({ running: tasks.count }, 'leaving while something still runs');
        leaving.abort(new Error('the bot is stopping'));
        await tasks.settled(Math.min(500, settings.limits.stopMs));
      }
      await client.destroy();
      await database.close();
    };
    return {
      inviteUrl: `https://discord.com/oauth2/authorize?client_id=${client.application.id}`,
      stop: () => {
        stopped ??= stop();
        return stopped;
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

export const missingTokenText =
  'DISCORD_TOKEN is not set: make a bot at https://discord.com/developers/applications (New Application, Bot, Reset Token) and put its token into .env as DISCORD_TOKEN=…; docs/discord.md shows each step, and `npm run demo` needs no token.';

/** Keys from the setting, or from the key file beside the embedded database. Every decrypted value is kept out of logs. */
async function openKeyring(
  settings: Settings,
  secrets: SecretValues,
): Promise<{ keyring: Keyring; announcement: string | null }> {
  let announcement: string | null = null;
  let keys = settings.encryptionKey === undefined ? null : parseEncryptionKeys(settings.encryptionKey);
  if (keys === null) {
    const file = await loadOrCreateKeyFile({ dataDir: settings.dataDir });
    keys = file.keys;
    if (file.created)
      announcement = `A new encryption key was made at ${file.path}. Back it up together with the database: without it, stored keys cannot be read.`;
  }
  for (const key of keys) secrets.add(key.toString('base64'));
  const keyring = createKeyring(keys);
  return {
    announcement,
    keyring: {
      encrypt: (request) => {
        secrets.add(request.plaintext);
        return keyring.encrypt(request);
      },
      decrypt: (request) => {
        const plaintext = keyring.decrypt(request);
        secrets.add(plaintext ?? undefined);
        return plaintext;
      },
    },
  };
}

/** Logs in, asking for message content only where the application was granted it: asking otherwise ends the connection. */
async function logIn(options: { token: string; api: string; log: Logger }): Promise<Client<true>> {
  const rest = new DiscordRest(options.api).setToken(options.token);
  const application = applicationSchema.parse(await rest.get(Routes.currentApplication()).catch(refuseToken));
  const intents = [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages];
  if (application.flags & messageContentFlags) intents.push(GatewayIntentBits.MessageContent);
  const client = new Client({
    intents,
    partials: [Partials.Channel],
    allowedMentions: { parse: [], repliedUser: false },
    // The bot keeps its own history: discord.js's message cache would only cost memory.
    makeCache: Options.cacheWithLimits({ ...Options.DefaultMakeCacheSettings, MessageManager: 0, ReactionManager: 0 }),
  });
  client.rest.clearHashSweeper();
  client.rest.clearHandlerSweeper();
  client.rest = rest;
  client.on(Events.Error, (error) => options.log.error({ err: error }, 'discord.js reported an error'));
  client.on(Events.ShardError, (error) =>
    options.log.warn({ err: error }, 'the connection to Discord failed; it is tried again'),
  );
  const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(options.token).catch(refuseToken);
  return ready;
}

function refuseToken(error: unknown): never {
  const status = error instanceof Error && 'status' in error ? error.status : null;
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (status === 401 || code === 'TokenInvalid')
    throw new UserError(
      'Discord does not accept DISCORD_TOKEN. Copy it anew from the developer portal (Bot, Reset Token).',
    );
  throw new Error('Discord could not be reached to log in', { cause: error });
}

/** Admins are the application's owner or team, unless ADMIN_USERS names others. */
async function accessPolicy(client: Client<true>, settings: Settings): Promise<AccessPolicy> {
  const { owner } = await client.application.fetch();
  const owners = owner instanceof Team ? [...owner.members.keys()] : owner === null ? [] : [owner.id];
  return {
    adminUsers: new Set(settings.adminUsers.length > 0 ? settings.adminUsers : owners),
    allowedUsers: new Set(settings.allowedUsers),
    allowedGuilds: new Set(settings.allowedGuilds),
  };
}
