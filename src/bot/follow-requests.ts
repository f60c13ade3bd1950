import {
  type Followed,
  hasEnded,
  look,
  nextLook,
  readFollowed,
  renderFollowed,
  unfollowedWords,
  wordsOf,
} from '../commands/cards/followed-card.ts';
import type { Surface } from '../commands/cards/surface.ts';
import { nonceOf } from '../commands/nonce.ts';
import { deleteCard } from '../db/queries/cards.ts';
import { claimFollowedCards, type FollowedCard, saveFollowedCard } from '../db/queries/followed-cards.ts';
import type { Say } from '../messages.ts';
import { authorise } from '../tools/authorise.ts';
import { callerOf } from '../tools/caller.ts';
import { isExpected } from '../tools/describe-error.ts';
import { Downloads } from '../tools/progress.ts';
import { pressToolOf } from '../tools/registry.ts';
import { openStack, type Stack, servicesOf } from '../tools/stack.ts';
import type { BackgroundWork } from './background.ts';
import type { BotContext } from './bot-context.ts';
import { cardSurface } from './card-surface.ts';
import { sayInChannel } from './readers.ts';

/** How many messages one run takes. */
const mostAtOnce = 200;

/** `say` says messages to whoever reads the card. */
type Look = FollowedCard & { followed: Followed; stack: Stack; downloads: Downloads; say: Say };

/**
 * Keeps the messages of requests up to date while they download. Each row says when its next look is due, so this survives a
 * restart, and only one process takes a message; a person's servers are asked once for all of their messages.
 */
export function followRequests(context: BotContext): BackgroundWork {
  return {
    name: 'follow-requests',
    everyMs: context.ledger.limits.progressMs / 3,
    async run() {
      if (context.signal.aborted) return;
      const claimed = await claimFollowedCards(context.ledger.db, {
        aheadMs: context.ledger.limits.progressMs / 2,
        // Longer than a look takes, but short enough that a killed process does not hold a message for long.
        leaseMs: context.ledger.limits.leaseMs,
        limit: mostAtOnce,
      });
      const byPerson = Map.groupBy(claimed, ({ user }) => user.id);
      await Promise.all([...byPerson.values()].map((cards) => followPerson(context, cards)));
    },
  };
}

/** `cards` are all of one person. */
async function followPerson(context: BotContext, cards: readonly FollowedCard[]): Promise<void> {
  const [first] = cards;
  if (first === undefined) return;
  const { user } = first;
  const stack = await openStack(context.ledger, callerOf(user, 'job'));
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(context.ledger.limits.serviceMs)]);
  const downloads = new Downloads(stack, { signal });
  await Promise.all(
    cards.map(async (row) => {
      const followed = readFollowed(row.card);
      try {
        if (followed === null) await deleteCard(context.ledger.db, { id: row.card.id });
        else {
          const say = sayInChannel(context.client, { channelId: row.card.channelId, user });
          await followOne(context, { ...row, followed, stack, downloads, say }, signal);
        }
      } catch (error) {
        // One failing message must not stop the others; its row is due again when the claim ends.
        context.ledger.log.error({ err: error, callId: row.call.id }, 'could not update the progress of a request');
      }
    }),
  );
  if (downloads.problem !== null)
    context.ledger.log.info(
      { userId: user.id, problem: downloads.problem },
      'the speed of downloads is estimated from the queue',
    );
}

async function followOne(context: BotContext, task: Look, signal: AbortSignal): Promise<void> {
  const { call, stack, downloads, followed, say } = task;
  if (!isServed(task)) return end(context, task, followed, unfollowedWords(call, say));
  const now = Date.now();
  const moment = { limits: context.ledger.limits, now, say };
  const looked = await look(stack, call, { ...moment, signal, followed, downloads }).catch((error: unknown) => {
    const level = isExpected(error) ? 'info' : 'error';
    context.ledger.log[level]({ err: error, callId: call.id }, 'a server did not tell the progress of a request');
    // The last known progress is kept.
    return followed;
  });
  if (looked === null) return deleteCard(context.ledger.db, { id: task.card.id });
  const words = wordsOf(call, looked, moment);
  if (hasEnded(looked, moment)) return end(context, task, looked, words);
  await goOn(context, task, looked, { words, now });
}

/** Whether the person still has the server that the call went to, and may see it. */
function isServed({ call, stack }: Look): boolean {
  const tool = pressToolOf(call);
  const services = tool === null ? [] : servicesOf(stack, tool, call.input);
  return services.length > 0 && authorise(stack.caller, { act: 'see', of: call }, services).isGiven;
}

async function goOn(
  context: BotContext,
  task: Look,
  looked: Followed,
  { words, now }: { words: string; now: number },
): Promise<void> {
  const { card, call } = task;
  const { progressMs } = context.ledger.limits;
  const isNew = words !== looked.shown;
  // An interaction's token expires: its last edit adds the Refresh button, whose press brings a new token.
  const isLast = looked.way === 'token' && !looked.offersRefresh && now >= looked.editsUntil;
  const mayEdit = !looked.offersRefresh && now - looked.editedAt >= progressMs * 0.99;
  let next: Followed = { ...looked, quiet: isNew ? 0 : looked.quiet + 1 };
  if (isLast || (isNew && mayEdit)) {
    next = { ...next, offersRefresh: isLast };
    const edited = await surfaceFor(context, task, next).edit(renderFollowed(call, next, { words, say: task.say }));
    if (edited === 'gone') return deleteCard(context.ledger.db, { id: card.id });
    if (edited === 'done') next = { ...next, shown: words, editedAt: now };
    // An expired token is not tried again; the end is told in a DM.
    else next = { ...next, offersRefresh: edited === 'no-right' };
  } else if (next.offersRefresh) next = { ...next, shown: words };
  const untilLast =
    next.way === 'token' && !next.offersRefresh ? Math.max(next.editsUntil - now, progressMs) : Infinity;
  const inMs = Math.min(nextLook(next, context.ledger.limits), untilLast);
  await saveFollowedCard(context.ledger.db, { card, watchState: next, inMs });
}

/** The last edit. Where the message cannot be changed any more, the person is told in a DM. */
async function end(context: BotContext, task: Look, followed: Followed, words: string): Promise<void> {
  const { card, call } = task;
  const surface = surfaceFor(context, task, followed);
  const last = { ...followed, offersRefresh: false };
  const message = renderFollowed(call, last, { words, say: task.say });
  const edited = followed.way === 'token' && followed.offersRefresh ? 'no-right' : await surface.edit(message);
  if (edited === 'later') {
    await saveFollowedCard(context.ledger.db, { card, watchState: followed, inMs: context.ledger.limits.progressMs });
    return;
  }
  if (edited === 'no-right') {
    const told = await surface.show(() => message, { ways: ['direct'], nonce: nonceOf(call.id, 'd') });
    if (told === null)
      context.ledger.log.info({ callId: call.id }, 'a person accepts no DMs, so the end of a request is not told');
  }
  await deleteCard(context.ledger.db, { id: card.id });
}

function surfaceFor(context: BotContext, { card, call, user }: Look, { way }: Followed): Surface {
  return cardSurface(context, { card, call, way, user });
}
