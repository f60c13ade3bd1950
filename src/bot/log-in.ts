import { Client, Events, GatewayIntentBits, Options, Partials, Routes, Team } from 'discord.js';
import type { Logger } from 'pino';
import { z } from 'zod';
import { HostError } from '../errors.ts';
import type { Settings } from '../settings.ts';
import type { AccessPolicy } from './access.ts';
import { DiscordRest } from './discord-rest.ts';

const messageContentFlags = (1 << 18) | (1 << 19);
const applicationSchema = z.object({ flags: z.number().default(0) });

/**
 * Logs in, asking for message content only where the application was granted it: asking otherwise ends the connection. `listen` is
 * given the client before any event comes; `beforeWrite` is awaited before each call that changes something.
 */
export async function logIn(options: {
  token: string;
  api: string;
  requestsPerSecond: number;
  beforeWrite: () => Promise<void>;
  log: Logger;
  listen(client: Client): void;
}): Promise<Client<true>> {
  const { beforeWrite, requestsPerSecond: perSecond } = options;
  const rest = new DiscordRest(options.api, { perSecond, beforeWrite }).setToken(options.token);
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
    options.log.warn({ err: error }, 'the connection to Discord failed; trying again'),
  );
  options.listen(client);
  const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(options.token).catch(refuseToken);
  return ready;
}

function refuseToken(error: unknown): never {
  const status = error instanceof Error && 'status' in error ? error.status : null;
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (status === 401 || code === 'TokenInvalid')
    throw new HostError(
      'Discord does not accept DISCORD_TOKEN. Get a new one from the developer portal (Bot, Reset Token).',
    );
  const reason = error instanceof Error ? error.message : String(error);
  throw new HostError(
    `The bot could not reach Discord to log in (${reason}). Check this machine’s internet connection, then start the bot again.`,
  );
}

/** Admins are the application's owner or team, unless ADMIN_USERS names others. */
export async function accessPolicy(client: Client<true>, settings: Settings): Promise<AccessPolicy> {
  const { owner } = await client.application.fetch();
  const owners = owner instanceof Team ? [...owner.members.keys()] : owner === null ? [] : [owner.id];
  return {
    adminUsers: new Set(settings.adminUsers.length > 0 ? settings.adminUsers : owners),
    allowedUsers: new Set(settings.allowedUsers),
    allowedGuilds: new Set(settings.allowedGuilds),
  };
}
