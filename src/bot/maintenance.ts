import { settleMessagePart } from '../db/queries/message-parts.ts';
import { deleteOldToolCalls, expireToolCalls } from '../db/queries/tool-calls.ts';
import type { ToolCall } from '../db/schema.ts';
import { resolveAbandonedCalls } from '../tools/abandoned-calls.ts';
import { OncePerHour } from './access.ts';
import type { BotContext } from './bot-context.ts';
import { finishCutTurns } from './cut-turns.ts';
import { showSettledCards } from './settled-cards.ts';

/**
 * What must happen though nobody does anything: buttons expire, and what a process left behind when it died is resolved.
 * Ended calls older than `toolCallDays` are forgotten. Runs at start and then every third of a lease; any number of processes may do so at once. `stop` ends it.
 */
export function startMaintenance(context: BotContext, { toolCallDays }: { toolCallDays: number }): { stop(): void } {
  const tidy = new OncePerHour();
  let running = false;
  const run = async () => {
    if (running || context.signal.aborted) return;
    running = true;
    try {
      await maintain(context);
      if (tidy.take('tool calls')) await deleteOldToolCalls(context.db, { days: toolCallDays });
    } catch (error) {
      context.log.error({ err: error }, 'maintenance failed and will be tried again');
    } finally {
      running = false;
    }
  };
  context.tasks.track(run());
  const timer = setInterval(() => context.tasks.track(run()), Math.max(context.limits.leaseMs / 3, 50));
  return { stop: () => clearInterval(timer) };
}

async function maintain(context: BotContext): Promise<void> {
  for (const call of await expireWaitingCalls(context)) await showSettledCards(context, call);
  for (const call of await resolveAbandonedCalls(context)) {
    await showSettledCards(context, call);
    await context.continueConversation(call);
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
