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
import type { CardMessage } from '../commands/cards/title-face.ts';
import { nonceOf } from '../commands/nonce.ts';
import { deleteCard } from '../db/queries/cards.ts';
import { claimFollowedCards, type FollowedCard, saveFollowedCard } from '../db/queries/followed-cards.ts';
import { getUserById } from '../db/queries/users.ts';
import { isExpected } from '../tools/describe-error.ts';
import { Downloads } from '../tools/progress.ts';
import { isPressToolName, tools } from '../tools/registry.ts';
import { openStack, type Stack } from '../tools/stack.ts';
import type { BackgroundWork } from './background.ts';
import type { BotContext } from './bot-context.ts';
import { editCardMessage } from './edit-card-message.ts';

/** Messages that are taken at once. */
const mostAtOnce = 200;

type Look = FollowedCard & { followed: Followed; stack: Stack; downloads: Downloads };

/**
 * Keeps the messages of requests up to date while they download. The row says when the next look is due, so it goes on after a
 * restart, and each message is one process's; an owner's servers are asked once for all of their messages.
 */
export function followRequests(context: BotContext): BackgroundWork {
  return {
    name: 'follow-requests',
    everyMs: context.limits.progressMs / 3,
    async run() {
      if (context.signal.aborted) return;
      const claimed = await claimFollowedCards(context.db, {
        aheadMs: context.limits.progressMs / 2,
        // Longer than a look takes: a process that is killed in the middle holds no message for long.
        leaseMs: context.limits.leaseMs,
        limit: mostAtOnce,
      });
      const byOwner = Map.groupBy(claimed, ({ call }) => call.ownerId);
      await Promise.all([...byOwner].map(([ownerId, cards]) => followOwner(context, ownerId, cards)));
    },
  };
}

async function followOwner(context: BotContext, ownerId: string, cards: readonly FollowedCard[]): Promise<void> {
  const stack = await openStack(context, { actorId: ownerId, ownerId });
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(context.limits.serviceMs)]);
  const downloads = new Downloads(stack, { signal });
  await Promise.all(
    cards.map(async (row) => {
      const followed = readFollowed(row.card);
      try {
        if (followed === null) await deleteCard(context.db, { id: row.card.id });
        else await followOne(context, { ...row, followed, stack, downloads }, signal);
      } catch (error) {
        // One message must not keep the others waiting; its row is due again when the claim is over.
        context.log.error({ err: error, callId: row.call.id }, 'how a request comes on could not be shown');
      }
    }),
  );
  if (downloads.problem !== null)
    context.log.info({ ownerId, problem: downloads.problem }, 'the speed of downloads is estimated from the queue');
}

async function followOne(context: BotContext, task: Look, signal: AbortSignal): Promise<void> {
  const { call, stack, downloads, followed } = task;
  if (!isServed(task)) return end(context, task, followed, unfollowedWords(call));
  const now = Date.now();
  const moment = { limits: context.limits, now };
  const looked = await look(stack, call, { ...moment, signal, followed, downloads }).catch((error: unknown) => {
    const level = isExpected(error) ? 'info' : 'error';
    context.log[level]({ err: error, callId: call.id }, 'a server did not say how a request comes on');
    // What was known last stays.
    return followed;
  });
  if (looked === null) return deleteCard(context.db, { id: task.card.id });
  const words = wordsOf(call, looked, moment);
  if (hasEnded(looked, moment)) return end(context, task, looked, words);
  await goOn(context, task, looked, { words, now });
}

/** Whether any server that the call goes to is still there. */
function isServed({ call, stack }: Look): boolean {
  return isPressToolName(call.toolName) && tools[call.toolName].services.some((service) => stack.has(service));
}

async function goOn(
  context: BotContext,
  task: Look,
  looked: Followed,
  { words, now }: { words: string; now: number },
): Promise<void> {
  const { card, call } = task;
  const { progressMs } = context.limits;
  const isNew = words !== looked.shown;
  // By a token the message lives for a while only: the last edit leaves a button that makes it live on.
  const isLast = looked.way === 'token' && !looked.offersRefresh && now >= looked.editsUntil;
  const mayEdit = !looked.offersRefresh && now - looked.editedAt >= progressMs * 0.99;
  let next: Followed = { ...looked, quiet: isNew ? 0 : looked.quiet + 1 };
  if (isLast || (isNew && mayEdit)) {
    next = { ...next, offersRefresh: isLast };
    const edited = await editCardMessage(context, { card, call, way: next.way }, renderFollowed(call, next, words));
    if (edited === 'gone') return deleteCard(context.db, { id: card.id });
    if (edited === 'done') next = { ...next, shown: words, editedAt: now };
    // Past its time the token is not tried again; the end is told in a DM.
    else next = { ...next, offersRefresh: edited === 'no-right' };
  } else if (next.offersRefresh) next = { ...next, shown: words };
  const untilLast =
    next.way === 'token' && !next.offersRefresh ? Math.max(next.editsUntil - now, progressMs) : Infinity;
  const inMs = Math.min(nextLook(next, context.limits), untilLast);
  await saveFollowedCard(context.db, { card, watchState: next, inMs });
}

/** The last edit. Where the message cannot be changed any more, the person is told in a DM. */
async function end(context: BotContext, { card, call }: Look, followed: Followed, words: string): Promise<void> {
  const last = { ...followed, offersRefresh: false };
  const message = renderFollowed(call, last, words);
  const edited =
    followed.way === 'token' && followed.offersRefresh
      ? 'no-right'
      : await editCardMessage(context, { card, call, way: followed.way }, message);
  if (edited === 'later') {
    await saveFollowedCard(context.db, { card, watchState: followed, inMs: context.limits.progressMs });
    return;
  }
  if (edited === 'no-right') await sendDirectMessage(context, call.userId, message, call.id);
  await deleteCard(context.db, { id: card.id });
}

async function sendDirectMessage(
  context: BotContext,
  userId: string,
  message: CardMessage,
  callId: string,
): Promise<void> {
  const user = await getUserById(context.db, { id: userId });
  if (user === null) return;
  try {
    const person = await context.client.users.fetch(user.discordId);
    await person.send({ ...message, nonce: nonceOf(callId, 'd'), enforceNonce: true });
  } catch (error) {
    context.log.info({ err: error, callId }, 'a person takes no DM, so the end of a request is not told');
  }
}
