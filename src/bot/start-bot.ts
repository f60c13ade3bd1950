import { randomUUID } from 'node:crypto';
import { type Client, Events, Status } from 'discord.js';
import type { Logger } from 'pino';
import { createModel } from '../chat/model.ts';
import type { TurnContext } from '../chat/turn.ts';
import { TurnQueue } from '../chat/turn-queue.ts';
import { commands } from '../commands/registry.ts';
import { type OpenDatabase, openDatabase } from '../db/connection.ts';
import { HostError } from '../errors.ts';
import type { Settings } from '../settings.ts';
import { Fence } from '../tools/fence.ts';
import type { LedgerContext } from '../tools/run-claimed.ts';
import { OncePerHour } from './access.ts';
import { startBackground } from './background.ts';
import type { BotContext } from './bot-context.ts';
import { followRequests } from './follow-requests.ts';
import { serveHttp } from './http-server.ts';
import type { SecretValues } from './log.ts';
import { accessPolicy, logIn } from './log-in.ts';
import { maintenance } from './maintenance.ts';
import { Metrics } from './metrics.ts';
import { handleInteraction } from './on-interaction.ts';
import { handleMessage } from './on-message.ts';
import { bringKeysUpToDate, openKeyring } from './open-keyring.ts';
import { ownListeners } from './own-listeners.ts';
import { openPresence } from './presence.ts';
import { RecentArrivals } from './recent-arrivals.ts';
import { Recovery } from './recovery/recovery.ts';
import { registerCommands } from './register-commands.ts';
import { Tasks } from './tasks.ts';
import { TurnLimit } from './turn-limit.ts';

export type Bot = {
  /** The address with which the bot is added to a server or to one's own account. */
  inviteUrl: string;
  /** Where health and metrics are served, when they are. */
  httpAddress: string | null;
  /** Lets what runs finish, at most `limits.stopMs`, and closes everything. Safe to call twice. */
  stop(): Promise<void>;
};

/**
 * Starts the bot: database, Discord, commands, maintenance. Throws HostError with what to change when a setting, the
 * token or the data folder is not usable.
 */
export async function startBot(
  settings: Settings,
  { log, secrets }: { log: Logger; secrets: SecretValues },
): Promise<Bot> {
  const token = settings.discordToken;
  if (token === undefined) throw new HostError(missingTokenText);
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
  const metrics = new Metrics({ running: () => tasks.count });
  const started = Promise.withResolvers<BotContext>();
  const closing: (() => Promise<unknown>)[] = [() => database.close()];
  const processId = randomUUID();
  try {
    await bringKeysUpToDate(database, { keyring, log });
    const presence = await openPresence(database, { processId, leaseMs: settings.limits.leaseMs, log });
    closing.push(() => presence.stop());
    const fence = new Fence(() => presence.life());
    const beforeWrite = () => fence.beforeWrite();
    let client: Client<true> | null = null;
    const missing = () => missingParts(client, database);
    const http = await serveHttp(settings, { metrics, missing, log });
    closing.push(async () => http?.stop());
    client = await logIn({
      token,
      api: settings.discordApiUrl,
      requestsPerSecond: settings.discordRequestsPerSecond,
      beforeWrite,
      log,
      listen: (early) => handleEvents(early, { context: started.promise, fence, tasks }),
    });
    const connected = client;
    closing.push(() => connected.destroy());
    const access = await accessPolicy(client, settings);
    const ledger: LedgerContext = {
      db: database.db,
      keyring,
      http: {
        addressPolicy: settings.addressPolicy,
        ownListeners: ownListeners(settings.postgresUrl, http?.bound ?? null),
        timeoutMs: settings.limits.serviceMs,
        maxResponseBytes: 96 * 1024 * 1024,
        onCall: (call) => metrics.upstream(call),
        beforeWrite,
      },
      onToolCall: (call) => metrics.toolCall(call),
      limits: settings.limits,
      log,
      processId,
      fence,
    };
    const chat: TurnContext = {
      ledger,
      model: createModel(settings.model),
      historyTokens: settings.historyTokens,
      wordsForHost: (user, words) => (access.adminUsers.has(user.discordId) ? secrets.scrub(words) : null),
      turns: new TurnQueue(),
      signal: leaving.signal,
      finishCutTurn: (turn) => recovery.finishCutTurn(turn),
    };
    const context: BotContext = {
      ledger,
      chat,
      client,
      metrics,
      access,
      strangers: new OncePerHour(),
      turnLimit: new TurnLimit(settings.turnsPerHour),
      arrivals: new RecentArrivals(),
      tasks,
      signal: leaving.signal,
    };
    const recovery = new Recovery(context);
    started.resolve(context);
    presence.watch((left) => tasks.track(fence.run(() => recovery.takeUp(left))));
    await registerCommands(
      client,
      commands.map((command) => command.definition),
      log,
    );
    const works = [...maintenance(context, { ...settings, recovery }), followRequests(context)];
    const fenced = works.map((work) => ({ ...work, run: () => fence.run(() => work.run()) }));
    const background = await startBackground(database, fenced, {
      log,
      tasks,
      stopMs: settings.limits.stopMs,
    });
    let stopped: Promise<void> | null = null;
    const stop = async () => {
      const ended = background.stop();
      client.removeAllListeners(Events.InteractionCreate).removeAllListeners(Events.MessageCreate);
      if ((await tasks.settled(settings.limits.stopMs)) === 'timed-out') {
        log.warn({ running: tasks.count }, 'stopping while something still runs');
        leaving.abort(new Error('the bot is stopping'));
        await tasks.settled(Math.min(500, settings.limits.stopMs));
      }
      await client.destroy();
      await http?.stop();
      await ended;
      await presence.stop();
      await database.close();
    };
    return {
      httpAddress: http?.address ?? null,
      inviteUrl: `https://discord.com/oauth2/authorize?client_id=${client.application.id}`,
      stop: () => {
        stopped ??= stop();
        return stopped;
      },
    };
  } catch (error) {
    for (const close of closing.reverse()) await close();
    throw error;
  }
}

/** Discord shows the bot as online from its log-in on: events that come before the start is complete wait for it. */
function handleEvents(
  client: Client,
  { context, fence, tasks }: { context: Promise<BotContext>; fence: Fence; tasks: Tasks },
): void {
  client.on(Events.InteractionCreate, (interaction) =>
    tasks.track(fence.run(() => context.then((started) => handleInteraction(started, interaction)))),
  );
  client.on(Events.MessageCreate, (message) =>
    tasks.track(fence.run(() => context.then((started) => handleMessage(started, message)))),
  );
}

/** What the bot needs and does not have now. */
async function missingParts(client: Client | null, database: OpenDatabase): Promise<string[]> {
  const { ok } = await database.health();
  // The client stays "ready" while it reconnects; only the shards tell.
  const isConnected = client?.isReady() === true && client.ws.shards.every(({ status }) => status === Status.Ready);
  return [...(isConnected ? [] : ['Discord is not connected']), ...(ok ? [] : ['the database does not answer'])];
}

export const missingTokenText =
  'DISCORD_TOKEN is not set: make a bot at https://discord.com/developers/applications (New Application, Bot, Reset Token) and put its token into .env as DISCORD_TOKEN=…; docs/discord.md shows each step, and `npm run demo` needs no token.';
