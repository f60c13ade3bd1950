import type { Client, User as DiscordUser } from 'discord.js';
import type { Logger } from 'pino';
import type { TurnContext } from '../chat/turn.ts';
import type { CommandContext } from '../commands/command.ts';
import { sealToken, tokenOfReply } from '../commands/interaction-token.ts';
import { upsertUser } from '../db/queries/users.ts';
import type { Message, ToolCall, User } from '../db/schema.ts';
import type { HttpCall } from '../services/service.ts';
import type { AccessPolicy, OncePerHour } from './access.ts';
import type { Metrics } from './metrics.ts';
import type { Tasks } from './tasks.ts';
import type { TurnLimit } from './turn-limit.ts';

/** What the whole process shares: made once in start-bot.ts and passed on. */
export type BotContext = TurnContext & {
  client: Client<true>;
  log: Logger;
  access: AccessPolicy;
  strangers: OncePerHour;
  turnLimit: TurnLimit;
  /** What runs now, so that a stop can wait for it. */
  tasks: Tasks;
  metrics: Metrics;
  /** Goes on with the conversation that a settled call belongs to; the context is the event's, as for the next. */
  continueConversation(context: BotContext, call: ToolCall): Promise<void>;
  /** Answers anew what a cut answer, whose row is gone already, had answered. */
  answerAgain(context: BotContext, cut: Message): Promise<void>;
};

/**
 * The row of a Discord user, made or brought up to date. `deferred`: the interaction that is answered with "thinking". Throws
 * ChatSDKError when the database fails.
 */
export async function rememberUser(
  context: BotContext,
  user: DiscordUser,
  { locale, deferred }: { locale?: string; deferred?: { token: string; createdTimestamp: number } | null } = {},
): Promise<User> {
  const token = deferred && sealToken(context.keyring, deferred, tokenOfReply(user.id));
  return upsertUser(context.db, {
    discordId: user.id,
    username: user.username,
    displayName: user.globalName ?? user.username,
    avatarUrl: user.displayAvatarURL(),
    ...(locale === undefined ? {} : { locale }),
    ...token,
  });
}

/** The same for one event: what is logged on its way, down to the calls to media servers, carries the event's id. */
export function contextOfEvent(context: BotContext, eventId: string): BotContext {
  const log = context.log.child({ event: eventId });
  const onCall = (call: HttpCall) => {
    context.http.onCall?.(call);
    log.debug(call, 'a media server was called');
  };
  return { ...context, log, http: { ...context.http, onCall } };
}

/** The context of one event: everything a command may use, for the person who invoked it. */
export function commandContextFor(context: BotContext, user: User): CommandContext {
  return {
    db: context.db,
    keyring: context.keyring,
    http: context.http,
    limits: context.limits,
    processId: context.processId,
    signal: context.signal,
    continueConversation: (call) => context.continueConversation(context, call),
    answerAgain: (cut) => context.answerAgain(context, cut),
    ...(context.onToolCall === undefined ? {} : { onToolCall: context.onToolCall }),
    user,
    log: context.log,
  };
}
