import { settleMessagePart } from '../db/queries/message-parts.ts';
import { deleteOldToolCalls, expireToolCalls } from '../db/queries/tool-calls.ts';
import type { ToolCall } from '../db/schema.ts';
import type { BackgroundWork } from './background.ts';
import type { BotContext } from './bot-context.ts';
import type { Recovery } from './recovery/recovery.ts';
import { showSettledCards } from './show-settled-cards.ts';

const hourMs = 60 * 60 * 1000;

/**
 * Regular work: waiting buttons expire, calls and turns whose lease has run out are resolved (also those of a process that nobody
 * noticed dying), and ended calls older than `toolCallDays` are deleted. Each row is taken by compare-and-set, so runs may overlap.
 */
export function maintenance(
  context: BotContext,
  { toolCallDays, recovery }: { toolCallDays: number; recovery: Recovery },
): BackgroundWork[] {
  return [
    { name: 'maintenance', everyMs: context.ledger.limits.leaseMs / 3, run: () => maintain(context, recovery) },
    { name: 'unfinished', everyMs: context.ledger.limits.leaseMs / 3, run: () => recovery.lookForUnfinished() },
    {
      name: 'forget-old-calls',
      everyMs: hourMs,
      run: async () => {
        await deleteOldToolCalls(context.ledger.db, { days: toolCallDays });
      },
    },
  ];
}

async function maintain(context: BotContext, recovery: Recovery): Promise<void> {
  if (context.signal.aborted) return;
  for (const call of await expireWaitingCalls(context)) await showSettledCards(context, call);
  await recovery.endExpired();
}

/** An expired call ends in its row and in its message together; the model learns of it with the next message. */
async function expireWaitingCalls(context: BotContext): Promise<ToolCall[]> {
  return context.ledger.db.transaction(async (transaction) => {
    const calls = await expireToolCalls(transaction);
    for (const call of calls) await settleMessagePart(transaction, { call });
    return calls;
  });
}
