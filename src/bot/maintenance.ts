import { settleMessagePart } from '../db/queries/message-parts.ts';
import { deleteOldToolCalls, expireToolCalls } from '../db/queries/tool-calls.ts';
import type { ToolCall } from '../db/schema.ts';
import type { BackgroundWork } from './background.ts';
import type { BotContext } from './bot-context.ts';
import { endAbandoned } from './left-behind.ts';
import { showSettledCards } from './settled-cards.ts';
import type { UnfinishedWork } from './unfinished.ts';

const hourMs = 60 * 60 * 1000;

/**
 * Regular work: waiting buttons expire, calls and turns whose lease has run out are resolved (also those of a process that nobody
 * noticed dying), and ended calls older than `toolCallDays` are deleted. Each row is taken by compare-and-set, so runs may overlap.
 */
export function maintenance(
  context: BotContext,
  { toolCallDays, unfinished }: { toolCallDays: number; unfinished: UnfinishedWork },
): BackgroundWork[] {
  return [
    { name: 'maintenance', everyMs: context.limits.leaseMs / 3, run: () => maintain(context) },
    { name: 'unfinished', everyMs: context.limits.leaseMs / 3, run: () => unfinished.look() },
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
  await endAbandoned(context);
}

/** An expired call ends in its row and in its message together; the model learns of it with the next message. */
async function expireWaitingCalls(context: BotContext): Promise<ToolCall[]> {
  return context.db.transaction(async (transaction) => {
    const calls = await expireToolCalls(transaction);
    for (const call of calls) await settleMessagePart(transaction, { call });
    return calls;
  });
}
