import { claimAbandonedToolCalls } from '../db/queries/tool-calls.ts';
import type { ToolCall } from '../db/schema.ts';
import { describeError } from './describe-error.ts';
import { claimant, type LedgerContext, type Outcome, settle } from './ledger.ts';
import { isToolName, tools } from './registry.ts';
import { openStack } from './stack.ts';

/**
 * Takes over calls whose process died while they ran (their lease is past), asks the media server what became of each,
 * and settles them. Never repeats a call. Gives the settled rows, so that cards and conversations can be told.
 */
export async function resolveAbandonedCalls(context: LedgerContext): Promise<ToolCall[]> {
  const claimedBy = claimant(context);
  const calls = await claimAbandonedToolCalls(context.db, { claimedBy, leaseMs: context.limits.leaseMs, limit: 50 });
  const settled = await Promise.all(
    calls.map(async (call) => settle(context, { call, claimedBy, outcome: await findOut(context, call) })),
  );
  return settled.filter((call) => call !== null);
}

async function findOut(context: LedgerContext, call: ToolCall): Promise<Outcome> {
  if (!isToolName(call.toolName) || call.effect === 'read')
    return { status: 'failed', error: 'The bot was stopped while it was looking. Ask again.' };
  const tool = tools[call.toolName];
  try {
    const stack = await openStack(context, { actorId: call.userId, ownerId: call.ownerId });
    const verdict = await tool.check(stack, call.input, { signal: AbortSignal.timeout(context.limits.serviceMs) });
    if (verdict === 'happened') return { status: 'succeeded', output: { result: 'found_there_after_restart' } };
    if (verdict === 'did_not_happen')
      return {
        status: 'failed',
        error: 'The bot was stopped before this was done. It did not reach the server: try again.',
      };
    return {
      status: 'timeout',
      error: 'The bot was stopped in the middle of this. It may have been sent: look there before you try again.',
    };
  } catch (error) {
    context.log.info({ callId: call.id, err: error }, 'the server could not say what became of a call');
    return {
      status: 'timeout',
      error: `The bot was stopped in the middle of this, and now: ${describeError(error)} It may have been sent: look there before you try again.`,
    };
  }
}
