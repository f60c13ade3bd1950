import type { Logger } from 'pino';
import { type CallEnd, renewToolCall } from '../db/queries/tool-calls.ts';
import type { ToolCall } from '../db/schema.ts';
import { ServiceError, TakenOverError } from '../errors.ts';
import { messages, type Say } from '../messages.ts';
import { type TimeLimits, within } from '../time-limits.ts';
import { timeOf, watchForStop } from './call-time.ts';
import { sayTo } from './caller.ts';
import { describeError, isExpected } from './describe-error.ts';
import type { Fence } from './fence.ts';
import { underLease } from './lease.ts';
import type { Stack, StackContext } from './stack.ts';
import type { AnyTool } from './tool.ts';

export const runMessages = messages('run_claimed', {
  mayHaveBeenSent: 'It may have been sent all the same: look there before you try again.',
});

/** A call that ended; `ms` is how long it ran. */
export type EndedToolCall = { toolName: string; services: readonly string[]; status: Outcome['status']; ms: number };

export type LedgerContext = StackContext & {
  limits: TimeLimits;
  log: Logger;
  /** This process, as `claimedBy` of a call. */
  processId: string;
  fence: Fence;
  onToolCall?: (call: EndedToolCall) => void;
};

/**
 * How a call ended. `error` is words for the person; `timeout` means that it was sent and the outcome is unknown. The output is null
 * when the answer was lost and the server said afterwards that it was done.
 */
export type Outcome =
  | { status: 'succeeded'; confirmedBy: NonNullable<ToolCall['confirmedBy']>; output: unknown }
  | { status: 'failed'; error: string }
  | { status: 'timeout'; error: string };

/** The outcome of a call of which the server said afterwards that it was done. */
export const foundDone: Outcome = { status: 'succeeded', confirmedBy: 'asked_afterwards', output: null };

/** An outcome and what brought it. */
export type Ended = { outcome: Outcome; endedBy: CallEnd['endedBy'] };

/** A call that this process has claimed, and its tool, which may take more than its input. */
type Run<Output, Extras extends object> = {
  call: ToolCall;
  tool: AnyTool<Output, Extras>;
  stack: Stack;
  signal: AbortSignal;
  extras?: Partial<Extras> | undefined;
};

/**
 * Runs a claimed call under its lease, and asks the server where it may have acted without an answer. `output` is null unless the tool
 * gave one now. Throws TakenOverError.
 */
export async function runClaimed<Output, Extras extends object>(
  context: LedgerContext,
  run: Run<Output, Extras>,
): Promise<Ended & { output: Output | null }> {
  const begun = performance.now();
  const ended = await runUnderLease(context, run);
  const { name: toolName, services, effect } = run.tool;
  const { status } = ended.outcome;
  const ms = Math.round(performance.now() - begun);
  context.onToolCall?.({ toolName, services, status, ms });
  context.log[effect === 'read' ? 'debug' : 'info']({ callId: run.call.id, toolName, status, ms }, 'a tool call ended');
  return ended;
}

async function runUnderLease<Output, Extras extends object>(
  context: LedgerContext,
  run: Run<Output, Extras>,
): Promise<Ended & { output: Output | null }> {
  const { call, tool } = run;
  const { leaseMs } = context.limits;
  const renew = () => renewToolCall(context.db, call, { leaseMs });
  const { runMs, verifyMs } = timeOf(tool, context.limits);
  const stop = tool.slow === null ? null : watchForStop(context, call.id);
  const asked = stop === null ? run.signal : AbortSignal.any([run.signal, stop.signal]);
  const { fence, log } = context;
  const lease = { fence, renew, leaseMs, signal: within(runMs, asked), log };
  const endedBy = tool.effect === 'read' ? 'run' : 'press';
  return underLease(lease, async (signal) => {
    try {
      const output = await tool.run(run.stack, call.input, { signal }, run.extras);
      return { outcome: { status: 'succeeded', confirmedBy: 'answer', output }, endedBy, output };
    } catch (error) {
      // Whoever has it now finds out what happened.
      if (error instanceof TakenOverError) throw error;
      const isStopped = stop?.signal.aborted === true;
      const outcome = await outcomeAfter(context, { call, tool, stack: run.stack, error, signal, verifyMs });
      return { outcome, endedBy: isStopped ? 'stop' : endedBy, output: null };
    } finally {
      stop?.end();
    }
  });
}

/** A call that threw. */
type Thrown = {
  call: ToolCall;
  tool: Pick<AnyTool, 'effect' | 'verify'>;
  stack: Stack;
  signal: AbortSignal;
  error: unknown;
  verifyMs: number;
};

/** What a call that threw came to: where it may have acted, the server is asked. */
async function outcomeAfter(context: LedgerContext, about: Thrown): Promise<Outcome> {
  const { call, tool, error, signal } = about;
  const say = sayTo(about.stack.caller);
  if (tool.effect === 'read') return failed(context, call, error, say);
  const mayHaveActed = error instanceof ServiceError ? error.sent === 'maybe' : signal.aborted;
  if (!mayHaveActed && !isUnclear(error)) return failed(context, call, error, say);
  const outcome = await askWhatHappened(context, about);
  // A server that said that it failed is believed, unless what was asked for is there.
  return mayHaveActed || outcome.status === 'succeeded' ? outcome : failed(context, call, error, say);
}

/** Whether an answer leaves open if it was done: a proxy gave up waiting, the server failed behind it, the answer makes no sense. */
function isUnclear(error: unknown): boolean {
  if (!(error instanceof ServiceError) || error.sent !== 'answered' || error.status === null) return false;
  return error.status >= 500 || error.status < 300;
}

/** After a write whose answer never came: the server is asked, and the truth is told when it cannot say. */
async function askWhatHappened(context: LedgerContext, about: Thrown): Promise<Outcome> {
  const { call, tool, stack } = about;
  const say = sayTo(stack.caller);
  const words = `${describeError(about.error, say)} ${say(runMessages.mayHaveBeenSent)}`;
  try {
    const signal = AbortSignal.timeout(about.verifyMs);
    const verdict = await tool.verify(stack, call.input, { signal });
    if (verdict === 'happened') return foundDone;
  } catch (checkError) {
    context.log.info({ callId: call.id, err: checkError }, 'the server could not say whether a call took effect');
  }
  return { status: 'timeout', error: words };
}

/** The outcome of a call that did not act: its error in words for the person, and in the log. */
export function failed(context: LedgerContext, call: ToolCall, error: unknown, say: Say): Outcome {
  const level = isExpected(error) ? 'info' : 'error';
  context.log[level]({ callId: call.id, toolName: call.toolName, err: error }, 'a tool call failed');
  return { status: 'failed', error: describeError(error, say) };
}
