import { getUnansweredMessages, getUncontinuedAnswers, getUnshownCalls } from '../db/queries/unanswered.ts';
import type { BotContext } from './bot-context.ts';
import { answerStored } from './continue-conversation.ts';
import { showSettledCards } from './settled-cards.ts';

const minuteMs = 60_000;
/** How far back the first look of a process goes, and every later one. */
const firstMs = 24 * 60 * minuteMs;
const laterMs = 15 * minuteMs;

/**
 * Looks for what a process that died had not begun yet, and does it: messages that waited behind another, conversations that
 * were to go on after a press, cards that do not show how their call ended. What a living process does within a lease
 * is left to it; and a message that could not be answered is not tried again by this process.
 */
export function unfinishedWork(context: BotContext): () => Promise<void> {
  const begun = new Set<string>();
  let withinMs = firstMs;
  return async () => {
    if (context.signal.aborted) return;
    const span = { quietMs: context.limits.leaseMs, withinMs };
    for (const call of await getUnshownCalls(context.db, span)) await showSettledCards(context, call);
    const messages = await getUnansweredMessages(context.db, span);
    for (const where of [...messages, ...(await getUncontinuedAnswers(context.db, span))]) {
      if (begun.has(where.messageId)) continue;
      begun.add(where.messageId);
      // Not waited for: one that takes long keeps no other waiting.
      context.tasks.track(answerStored(context, where));
    }
    withinMs = laterMs;
  };
}
