import { settleMessagePart } from '../db/queries/message-parts.ts';
import { deleteOldToolCalls, expireToolCalls } from '../db/queries/tool-calls.ts';
import type { ToolCall } from '../db/schema.ts';
import { resolveAbandonedCalls } from '../tools/abandoned-calls.ts';
import type { BackgroundWork } from './background.ts';
import type { BotContext } from './bot-context.ts';
import { finishCutTurns } from './cut-turns.ts';
import { showSettledCards } from './settled-cards.ts';
import { unfinishedWork } from './unfinished.ts';

const hourMs = 60 * 60 * 1000;

/**
 * What must happen though nobody does anything: buttons expire, what a process left behind when it died is resolved, and ended
 * calls older than `toolCallDays` are forgotten. Each row is taken by compare-and-set, so any number of runs may overlap.
 */
export function maintenance(context: BotContext, { toolCallDays }: { toolCallDays: number }): BackgroundWork[] {
  return [
    { name: 'maintenance', everyMs: context.limits.leaseMs / 3, run: () => maintain(context) },
    { name: 'unfinished', everyMs: context.limits.leaseMs / 3, run: unfinishedWork(context) },
    {
      name: 'forget-old-calls',
      everyMs: hourMs,
      run: async () => {
        await deleteOldToolCalls(context.db, { days: toolCallDays });
      },
    },
  ];
}

async function maintain(context: BotContext): Promise<void> {
  if (context.signal.aborted) return;
  for (const call of await expireWaitingCalls(context)) await showSettledCards(context, call);
  for (const call of await resolveAbandonedCalls(context)) {
    await showSettledCards(context, call);
    await context.continueConversation(context, call);
  }
  await finishCutTurns(context);
}

/** An expired call ends in its row and in its message together; the model learns of it with the next message. */
async function expireWaitingCalls(context: BotContext): Promise<ToolCall[]> {
  return context.db.transaction(async (transaction) => {
    const calls = await expireToolCalls(transaction);
    for (const call of calls) await settleMessagePart(transaction, { call });
    return calls;
  });
}
