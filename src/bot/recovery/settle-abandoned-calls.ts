import { claimAbandonedToolCalls } from '../../db/queries/tool-calls.ts';
import type { ToolCall } from '../../db/schema.ts';
import { messages, sayInEnglish } from '../../messages.ts';
import { authorise } from '../../tools/authorise.ts';
import { sayTo, storedCaller } from '../../tools/caller.ts';
import { describeError } from '../../tools/describe-error.ts';
import { settle } from '../../tools/ledger.ts';
import { isToolName, tools } from '../../tools/registry.ts';
import { foundDone, type LedgerContext, type Outcome } from '../../tools/run-claimed.ts';
import { openStack, servicesOf } from '../../tools/stack.ts';

export const abandonedMessages = messages('abandoned_call', {
  wasLooking: 'The bot was stopped while it was looking. Ask again.',
  notDone: 'The bot was stopped before this was done. It did not reach the server: try again.',
  mayHaveBeenSent: 'The bot was stopped in the middle of this. It may have been sent: look there before you try again.',
  cannotBeAsked:
    'The bot was stopped in the middle of this, and now: {problem} It may have been sent: look there before you try again.',
});

/**
 * Takes over calls whose process died while they ran (their lease is past), asks the media server what became of each,
 * and settles them. Never repeats a call. `onSettled` is given each at once, so that its card and conversation can be told: a server
 * that is slow to say keeps no other waiting. Gives all that were settled.
 */
export async function settleAbandonedCalls(
  context: LedgerContext,
  onSettled: (call: ToolCall) => void = () => undefined,
): Promise<ToolCall[]> {
  const calls = await claimAbandonedToolCalls(context.db, {
    claimedBy: context.processId,
    leaseMs: context.limits.leaseMs,
    limit: 200,
  });
  const settled = await Promise.all(
    calls.map(async (call) => {
      const ended = await settle(context, call, { outcome: await findOut(context, call), endedBy: 'recovery' });
      if (ended !== null) onSettled(ended);
      return ended;
    }),
  );
  return settled.filter((call) => call !== null);
}

async function findOut(context: LedgerContext, call: ToolCall): Promise<Outcome> {
  if (!isToolName(call.toolName) || call.effect === 'read')
    // What a look-up gave is asked for again by the model alone.
    return { status: 'failed', error: sayInEnglish(abandonedMessages.wasLooking) };
  const tool = tools[call.toolName];
  // Their language is known once their row is read.
  let say = sayInEnglish;
  try {
    const caller = await storedCaller(context.db, { userId: call.userId, origin: 'job' });
    say = sayTo(caller);
    const stack = await openStack(context, caller);
    const services = servicesOf(stack, tool, call.input);
    // Another server than the one that it went to cannot say.
    const mayAsk = authorise(stack.caller, { act: 'see', of: call }, services).isGiven;
    const signal = AbortSignal.timeout(context.limits.serviceMs);
    const verdict = mayAsk ? await tool.verify(stack, call.input, { signal }) : 'unknown';
    if (verdict === 'happened') return foundDone;
    if (verdict === 'did_not_happen') return { status: 'failed', error: say(abandonedMessages.notDone) };
    return { status: 'timeout', error: say(abandonedMessages.mayHaveBeenSent) };
  } catch (error) {
    context.log.info({ callId: call.id, err: error }, 'the server could not say what became of a call');
    const problem = describeError(error, say);
    return { status: 'timeout', error: say(abandonedMessages.cannotBeAsked, { problem }) };
  }
}
