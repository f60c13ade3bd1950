import type { Client, User as DiscordUser } from 'discord.js';
import type { Logger } from 'pino';
import type { TurnContext } from '../chat/turn.ts';
import type { CommandContext } from '../commands/command.ts';
import { sealToken, tokenOfReply } from '../commands/interaction-token.ts';
import { type Arrival, arrive } from '../db/queries/arrivals.ts';
import type { HttpCall } from '../services/service.ts';
import { within } from '../time-limits.ts';
import { callerOf } from '../tools/caller.ts';
import type { AccessPolicy, OncePerHour } from './access.ts';
import { answerAgain, continueConversation } from './continue-conversation.ts';
import type { Metrics } from './metrics.ts';
import type { RecentArrivals } from './recent-arrivals.ts';
import type { Tasks } from './tasks.ts';
import type { TurnLimit } from './turn-limit.ts';

/** What the whole process shares: made once in start-bot.ts and passed on. */
export type BotContext = TurnContext & {
  client: Client<true>;
  log: Logger;
  access: AccessPolicy;
  strangers: OncePerHour;
  turnLimit: TurnLimit;
  /** The arrivals of people who are typing now. */
  arrivals: RecentArrivals;
  /** What runs now, so that a stop can wait for it. */
  tasks: Tasks;
  metrics: Metrics;
};

/** The fields of an interaction or a message that say where it comes from; only an interaction has a locale. */
type Origin = { id: string; channelId: string | null; locale?: string };

/**
 * What an event of a Discord user begins with; their row is made or brought up to date. `deferred`: the interaction that is
 * answered with "thinking". Throws ChatSDKError when the database fails.
 */
export async function arrivalOf(
  context: BotContext,
  user: DiscordUser,
  { id, channelId, locale }: Origin,
  deferred: { token: string; createdTimestamp: number } | null = null,
): Promise<Arrival> {
  const token = deferred && {
    ...sealToken(context.keyring, deferred, tokenOfReply(user.id)),
    tokenProcessId: context.processId,
  };
  const profile = {
    discordId: user.id,
    username: user.username,
    displayName: user.globalName ?? user.username,
    avatarUrl: user.displayAvatarURL(),
    ...(locale === undefined ? {} : { locale }),
    ...token,
  };
  return arrive(context.db, profile, { channelId: channelId ?? id });
}

/** The context for one event: every log line on its way, down to the calls to media servers, carries the event's id. */
export function contextOfEvent(context: BotContext, eventId: string): BotContext {
  const log = context.log.child({ event: eventId });
  const onCall = (call: HttpCall) => {
    context.http.onCall?.(call);
    log.debug(call, 'a media server was called');
  };
  return { ...context, log, http: { ...context.http, onCall } };
}

/** The context of one event: everything a command may use, for the person who invoked it. */
export function commandContextFor(context: BotContext, arrival: Arrival): CommandContext {
  return {
    ...context,
    caller: callerOf(arrival.user, 'command'),
    user: arrival.user,
    arrival,
    signal: within(context.limits.answerMs, context.signal),
    leaving: context.signal,
    continueConversation: (call) => continueConversation(context, call),
    answerAgain: (cut) => answerAgain(context, cut),
  };
}
