import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { settleMessagePart } from '../db/queries/message-parts.ts';
import {
  cancelToolCall,
  claimToolCall,
  createToolCall,
  finishToolCall,
  getToolCall,
  renewToolCall,
  updateQueuedInput,
} from '../db/queries/tool-calls.ts';
import type { ToolCall } from '../db/schema.ts';
import { ServiceError, UserError } from '../errors.ts';
import type { TimeLimits } from '../time-limits.ts';
import { describeError, isExpected } from './describe-error.ts';
import { underLease } from './lease.ts';
import { isToolName, type PressToolName, tools } from './registry.ts';
import { openStack, type Stack, type StackContext } from './stack.ts';
import type { AnyTool } from './tool.ts';

/** A call that ended; `ms` is how long it ran. */
export type EndedToolCall = { toolName: string; services: readonly string[]; status: Outcome['status']; ms: number };

export type LedgerContext = StackContext & {
  limits: TimeLimits;
  log: Logger;
  processId: string;
  onToolCall?: (call: EndedToolCall) => void;
};

/** How a call ended. `error` is words for the person; `timeout` means that it was sent and the outcome is unknown. */
export type Outcome =
  | { status: 'succeeded'; output: unknown }
  | { status: 'failed'; error: string }
  | { status: 'timeout'; error: string };

const doneWithoutRecord =
  'That was done, though the bot’s database could not take it down. There is no need to try again.';

/** What a press came to. `already` holds the row as it stands: running, ended or canceled by another press. */
export type PressResult =
  | { kind: 'done'; call: ToolCall }
  | { kind: 'already'; call: ToolCall }
  | { kind: 'not-yours' }
  | { kind: 'gone' };

/** Runs a `read` tool for a command or the model and records it. Ends in an outcome; throws only when the ledger fails. */
export async function callReadTool(
  context: LedgerContext,
  request: {
    tool: AnyTool;
    input: unknown;
    stack: Stack;
    chatId: string | null;
    messageId: string | null;
    dedupeKey: string | null;
    signal: AbortSignal;
  },
): Promise<{ call: ToolCall; outcome: Outcome }> {
  const { tool, stack } = request;
  if (tool.effect !== 'read') throw new Error(`${tool.name} waits for a press and is not run at once`);
  const claimedBy = claimant(context);
  const { call, isNew } = await createToolCall(context.db, {
    userId: stack.actorId,
    ownerId: stack.ownerId,
    chatId: request.chatId,
    messageId: request.messageId,
    toolName: tool.name,
    input: request.input,
    effect: tool.effect,
    status: 'running',
    dedupeKey: request.dedupeKey,
    claimedBy,
    leaseMs: context.limits.leaseMs,
  });
  if (!isNew) return { call, outcome: storedOutcome(call) };
  const outcome = await runClaimed(context, { call, claimedBy, tool, stack, signal: request.signal });
  return { call: (await settle(context, { call, claimedBy, outcome })) ?? call, outcome };
}

/** Puts a call that waits for the person's press into the ledger. The same `dedupeKey` gives the same row. */
export async function queueToolCall(
  context: LedgerContext,
  request: {
    toolName: PressToolName;
    input: unknown;
    actorId: string;
    ownerId: string;
    chatId: string | null;
    messageId: string | null;
    dedupeKey: string | null;
  },
): Promise<ToolCall> {
  const tool = tools[request.toolName];
  const { call } = await createToolCall(context.db, {
    userId: request.actorId,
    ownerId: request.ownerId,
    chatId: request.chatId,
    messageId: request.messageId,
    toolName: request.toolName,
    input: tool.input.parse(request.input),
    effect: tool.effect,
    status: 'queued',
    dedupeKey: request.dedupeKey,
    expiresInMs: context.limits.buttonMs,
  });
  return call;
}

/** Changes what a waiting call would do: null when it no longer waits or is not this person's. */
export async function changeInput(
  context: LedgerContext,
  { id, actorId, input }: { id: string; actorId: string; input: unknown },
): Promise<ToolCall | null> {
  const call = await getToolCall(context.db, { id });
  if (call === null || call.userId !== actorId || !isToolName(call.toolName)) return null;
  return updateQueuedInput(context.db, { id, userId: actorId, input: tools[call.toolName].input.parse(input) });
}

/**
 * A press on **Request**: claims the row by one compare-and-set, runs it, stores how it ended. `onClaimed`: from here on the call
 * ends as told in its row, even if this process dies.
 */
export async function pressToolCall(
  context: LedgerContext,
  { id, actorId, signal, onClaimed }: { id: string; actorId: string; signal: AbortSignal; onClaimed?: () => void },
): Promise<PressResult> {
  const found = await getToolCall(context.db, { id });
  if (found === null) return { kind: 'gone' };
  if (found.userId !== actorId) return { kind: 'not-yours' };
  const claimedBy = claimant(context);
  const call = await claimToolCall(context.db, {
    id,
    userId: actorId,
    claimedBy,
    leaseMs: context.limits.leaseMs,
  });
  if (call === null) return lost(context, id);
  onClaimed?.();
  const outcome = await runPressed(context, { call, claimedBy, signal });
  const settled = await settlePressed(context, { call, claimedBy, outcome });
  return settled === null ? lost(context, id) : { kind: 'done', call: settled };
}

/**
 * The server may have acted, so a database that fails now must not be told as if nothing had been done. It is asked once more: a
 * connection that broke fails the first only. The row is settled by what the server says once its lease is past.
 */
async function settlePressed(
  context: LedgerContext,
  settling: { call: ToolCall; claimedBy: string; outcome: Outcome },
): Promise<ToolCall | null> {
  const { call, outcome } = settling;
  const tryOnce = () => settle(context, settling);
  return tryOnce()
    .catch(tryOnce)
    .catch((cause: unknown) => {
      context.log.error(
        { callId: call.id, status: outcome.status, err: cause },
        'how a call ended could not be stored',
      );
      throw new UserError(outcome.status === 'succeeded' ? doneWithoutRecord : outcome.error, { cause });
    });
}

/** A press on **Cancel**. */
export async function cancelPress(
  context: LedgerContext,
  { id, actorId }: { id: string; actorId: string },
): Promise<PressResult> {
  const found = await getToolCall(context.db, { id });
  if (found === null) return { kind: 'gone' };
  if (found.userId !== actorId) return { kind: 'not-yours' };
  const call = await context.db.transaction(async (transaction) => {
    const canceled = await cancelToolCall(transaction, { id, userId: actorId });
    if (canceled !== null) await settleMessagePart(transaction, { call: canceled });
    return canceled;
  });
  return call === null ? lost(context, id) : { kind: 'done', call };
}

/** Stores how a claimed call ended, in its row and in the message that made it, both or neither. */
export async function settle(
  context: LedgerContext,
  { call, claimedBy, outcome }: { call: ToolCall; claimedBy: string; outcome: Outcome },
): Promise<ToolCall | null> {
  return context.db.transaction(async (transaction) => {
    const finished = await finishToolCall(transaction, {
      id: call.id,
      claimedBy,
      status: outcome.status,
      output: outcome.status === 'succeeded' ? outcome.output : undefined,
      error: outcome.status === 'succeeded' ? undefined : outcome.error,
    });
    if (finished !== null && finished.effect !== 'read') await settleMessagePart(transaction, { call: finished });
    return finished;
  });
}

/** A name for one claim: two claims of one process must not be taken for each other. */
export function claimant(context: Pick<LedgerContext, 'processId'>): string {
  return `${context.processId}/${randomUUID()}`;
}

/** The row as it stands for a press that came second. */
async function lost(context: LedgerContext, id: string): Promise<PressResult> {
  const call = await getToolCall(context.db, { id });
  if (call === null || call.status === 'queued') return { kind: 'gone' };
  return { kind: 'already', call };
}

async function runPressed(
  context: LedgerContext,
  { call, claimedBy, signal }: { call: ToolCall; claimedBy: string; signal: AbortSignal },
): Promise<Outcome> {
  if (!isToolName(call.toolName))
    return {
      status: 'failed',
      error: 'This version of the bot no longer has that action. Start again with a new command.',
    };
  const tool = tools[call.toolName];
  try {
    const stack = await openStack(context, { actorId: call.userId, ownerId: call.ownerId });
    return await runClaimed(context, { call, claimedBy, tool, stack, signal });
  } catch (error) {
    return failed(context, call, error);
  }
}

type Run = { call: ToolCall; claimedBy: string; tool: AnyTool; stack: Stack; signal: AbortSignal };

async function runClaimed(context: LedgerContext, run: Run): Promise<Outcome> {
  const begun = performance.now();
  const outcome = await runUnderLease(context, run);
  const { name: toolName, services, effect } = run.tool;
  const ended = { toolName, services, status: outcome.status, ms: Math.round(performance.now() - begun) };
  context.onToolCall?.(ended);
  const { status, ms } = ended;
  context.log[effect === 'read' ? 'debug' : 'info']({ callId: run.call.id, toolName, status, ms }, 'a tool call ended');
  return outcome;
}

async function runUnderLease(context: LedgerContext, run: Run): Promise<Outcome> {
  const { call, claimedBy, tool, stack } = run;
  const { leaseMs } = context.limits;
  const renew = () => renewToolCall(context.db, { id: call.id, claimedBy, leaseMs });
  return underLease({ renew, leaseMs, signal: run.signal, log: context.log }, async (signal): Promise<Outcome> => {
    try {
      return { status: 'succeeded', output: await tool.call(stack, call.input, { signal }) };
    } catch (error) {
      if (tool.effect === 'read') return failed(context, call, error);
      const mayHaveActed = error instanceof ServiceError ? error.sent === 'maybe' : signal.aborted;
      if (!mayHaveActed && !isUnclear(error)) return failed(context, call, error);
      const asked = await askWhatHappened(context, { call, tool, stack, error });
      // A server that said that it failed is believed, unless what was asked for is there.
      return mayHaveActed || asked.status === 'succeeded' ? asked : failed(context, call, error);
    }
  });
}

/** Whether an answer leaves open if it was done: a proxy gave up waiting, the server failed behind it, the answer makes no sense. */
function isUnclear(error: unknown): boolean {
  if (!(error instanceof ServiceError) || error.sent !== 'answered' || error.status === null) return false;
  return error.status >= 500 || error.status < 300;
}

/** After a write whose answer never came: the server is asked, and the truth is told when it cannot say. */
async function askWhatHappened(
  context: LedgerContext,
  { call, tool, stack, error }: { call: ToolCall; tool: AnyTool; stack: Stack; error: unknown },
): Promise<Outcome> {
  const words = `${describeError(error)} It may have been sent all the same: look there before you try again.`;
  try {
    const signal = AbortSignal.timeout(context.limits.serviceMs);
    const verdict = await tool.check(stack, call.input, { signal });
    if (verdict === 'happened') return { status: 'succeeded', output: { result: 'found_there_after_no_answer' } };
  } catch (checkError) {
    context.log.info({ callId: call.id, err: checkError }, 'the server could not say whether a call took effect');
  }
  return { status: 'timeout', error: words };
}

function failed(context: LedgerContext, call: ToolCall, error: unknown): Outcome {
  const level = isExpected(error) ? 'info' : 'error';
  context.log[level]({ callId: call.id, toolName: call.toolName, err: error }, 'a tool call failed');
  return { status: 'failed', error: describeError(error) };
}

/** What a row that is there already says of its end. */
export function storedOutcome(call: ToolCall): Outcome {
  if (call.status === 'succeeded') return { status: 'succeeded', output: call.output };
  const error = call.error ?? 'This is already being done. Wait a moment and look again.';
  return { status: call.status === 'timeout' ? 'timeout' : 'failed', error };
}
