import type { Client, User as DiscordUser } from 'discord.js';
import type { TurnContext } from '../chat/turn.ts';
import type { CommandContext } from '../commands/command.ts';
import { sealToken, tokenOfReply } from '../commands/interaction-token.ts';
import { type Arrival, arrive } from '../db/queries/arrivals.ts';
import type { Say } from '../messages.ts';
import type { HttpCall } from '../services/service.ts';
import { within } from '../time-limits.ts';
import { callerOf } from '../tools/caller.ts';
import type { LedgerContext } from '../tools/run-claimed.ts';
import type { AccessPolicy, OncePerHour } from './access.ts';
import type { Metrics } from './metrics.ts';
import type { RecentArrivals } from './recent-arrivals.ts';
import type { Tasks } from './tasks.ts';
import type { TurnLimit } from './turn-limit.ts';

/** What the whole process shares: made once in start-bot.ts and passed on. */
export type BotContext = {
  ledger: LedgerContext;
  /** What a turn is given: with the same ledger. */
  chat: TurnContext;
  client: Client<true>;
  access: AccessPolicy;
  strangers: OncePerHour;
  turnLimit: TurnLimit;
  /** The arrivals of people who are typing now. */
  arrivals: RecentArrivals;
  /** What runs now, so that a stop can wait for it. */
  tasks: Tasks;
  /** Aborted when the bot must stop. */
  signal: AbortSignal;
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
    ...sealToken(context.ledger.keyring, deferred, tokenOfReply(user.id)),
    tokenProcessId: context.ledger.processId,
  };
  const profile = {
    discordId: user.id,
    username: user.username,
    displayName: user.globalName ?? user.username,
    avatarUrl: user.displayAvatarURL(),
    ...(locale === undefined ? {} : { locale }),
    ...token,
  };
  return arrive(context.ledger.db, profile, { channelId: channelId ?? id });
}

/** The context for one event: every log line on its way, down to the calls to media servers, carries the event's id. */
export function contextOfEvent(context: BotContext, eventId: string): BotContext {
  const log = context.ledger.log.child({ event: eventId });
  const onCall = (call: HttpCall) => {
    context.ledger.http.onCall?.(call);
    log.debug(call, 'a media server was called');
  };
  const ledger = { ...context.ledger, log, http: { ...context.ledger.http, onCall } };
  return { ...context, ledger, chat: { ...context.chat, ledger } };
}

/** The context of one event: everything a command may use, for the person who invoked it. */
export function commandContextFor(
  context: BotContext,
  { arrival, say }: { arrival: Arrival; say: Say },
): CommandContext {
  return {
    ledger: context.ledger,
    caller: callerOf(arrival.user, 'command'),
    say,
    user: arrival.user,
    arrival,
    signal: within(context.ledger.limits.answerMs, context.signal),
    leaving: context.signal,
  };
}
