import type { Database } from '../db/connection.ts';
import { settleMessagePart } from '../db/queries/message-parts.ts';
import { type HeldTurn, lockTurn } from '../db/queries/streams.ts';
import {
  cancelToolCall,
  claimToolCall,
  createToolCall,
  finishToolCall,
  getToolCall,
  updateQueuedInput,
} from '../db/queries/tool-calls.ts';
import type { ToolCall } from '../db/schema.ts';
import { TakenOverError, UserError } from '../errors.ts';
import { messages, type Say, type Saying } from '../messages.ts';
import { authorise, ownerOfCall } from './authorise.ts';
import { boundedOutput } from './bounded-output.ts';
import { type Caller, sayTo } from './caller.ts';
import { isToolName, type PressToolName, tools } from './registry.ts';
import { type Ended, failed, type LedgerContext, type Outcome, runClaimed } from './run-claimed.ts';
import { type Stack, servicesOf } from './stack.ts';
import type { AnyTool } from './tool.ts';

export const ledgerMessages = messages('ledger', {
  doneWithoutRecord: 'That was done, but the bot’s database could not record it. There is no need to try again.',
  noSuchAction: 'This version of the bot no longer has that action. Start again with a new command.',
  isRunning: 'This is already being done. Wait a moment and look again.',
});

/**
 * What a press came to. `already` holds the row as it stands: running, ended or canceled by another press. `refused`: whoever pressed
 * may not, and nothing was done.
 */
export type PressResult =
  | { kind: 'done'; call: ToolCall }
  | { kind: 'already'; call: ToolCall }
  | { kind: 'refused'; words: Saying }
  | { kind: 'gone' };

/**
 * Runs a `read` tool for a command or the model and records it. Ends in an outcome, and in the whole output where it ran now (the
 * row keeps 8 KB of it). Throws only when the ledger fails, UserError when the caller may not, and TakenOverError when the turn is
 * another process's by now.
 */
export async function callReadTool<Output, Extras extends object>(
  context: LedgerContext,
  request: {
    tool: AnyTool<Output, Extras>;
    input: unknown;
    /** What the tool takes besides its input. */
    extras?: Partial<Extras>;
    stack: Stack;
    chatId: string | null;
    messageId: string | null;
    dedupeKey: string | null;
    signal: AbortSignal;
    /** The turn that it belongs to: begun only as long as that is held. */
    turn?: HeldTurn;
  },
): Promise<{ call: ToolCall; outcome: Outcome; output: Output | null }> {
  const { tool, stack, turn, extras } = request;
  if (tool.effect !== 'read') throw new Error(`${tool.name} waits for a press and is not run at once`);
  const { caller } = stack;
  const ownerId = ownerOfCall(caller, 'see', servicesOf(stack, tool, request.input));
  const create = (db: Database) =>
    createToolCall(db, {
      userId: caller.actor.id,
      ownerId,
      chatId: request.chatId,
      messageId: request.messageId,
      toolName: tool.name,
      input: request.input,
      effect: tool.effect,
      status: 'running',
      origin: caller.origin,
      dedupeKey: request.dedupeKey,
      claimedBy: context.processId,
      leaseMs: context.limits.leaseMs,
    });
  const { call, isNew } = await (turn === undefined ? create(context.db) : inHeldTurn(context.db, turn, create));
  if (!isNew) return { call, outcome: storedOutcome(call, sayTo(caller)), output: null };
  const ended = await runClaimed(context, { call, tool, stack, signal: request.signal, extras });
  return { call: (await settle(context, call, ended)) ?? call, outcome: ended.outcome, output: ended.output };
}

/** Writes only if the turn is held, and keeps it held until that is written. Throws TakenOverError when it is another's by now. */
function inHeldTurn<Result>(
  db: Database,
  turn: HeldTurn,
  write: (transaction: Database) => Promise<Result>,
): Promise<Result> {
  return db.transaction(async (transaction) => {
    if (!(await lockTurn(transaction, turn))) throw new TakenOverError();
    return write(transaction);
  });
}

/**
 * Puts a call that waits for the person's press into the ledger. The same `dedupeKey` gives the same row. Throws UserError when the
 * caller may not.
 */
export async function queueToolCall(
  context: LedgerContext,
  request: {
    toolName: PressToolName;
    input: unknown;
    /** Whose it is, and the servers that it can act on. */
    stack: Stack;
    chatId: string | null;
    messageId: string | null;
    dedupeKey: string | null;
  },
): Promise<ToolCall> {
  const { stack } = request;
  const tool = tools[request.toolName];
  const input = tool.input.parse(request.input);
  const { call } = await createToolCall(context.db, {
    userId: stack.caller.actor.id,
    ownerId: ownerOfCall(stack.caller, 'press', servicesOf(stack, tool, input)),
    chatId: request.chatId,
    messageId: request.messageId,
    toolName: request.toolName,
    input,
    effect: tool.effect,
    status: 'queued',
    origin: stack.caller.origin,
    dedupeKey: request.dedupeKey,
    expiresInMs: context.limits.buttonMs,
  });
  return call;
}

/** Changes what a waiting call would do: null when it no longer waits or is not this person's. */
export async function changeInput(
  context: LedgerContext,
  { id, caller, input }: { id: string; caller: Caller; input: unknown },
): Promise<ToolCall | null> {
  const call = await getToolCall(context.db, { id });
  if (call === null || !isToolName(call.toolName)) return null;
  if (!authorise(caller, { act: 'press', of: call }, []).isGiven) return null;
  return updateQueuedInput(context.db, {
    id,
    userId: caller.actor.id,
    input: tools[call.toolName].input.parse(input),
  });
}

/**
 * A press on **Request**: claims the row by one compare-and-set, runs it, stores how it ended. `onClaimed` is called when it is claimed:
 * from then on the row decides how the call ends, even if this process dies. Before it nothing is done for who may not press.
 */
export async function pressToolCall(
  context: LedgerContext,
  { id, stack, signal, onClaimed }: { id: string; stack: Stack; signal: AbortSignal; onClaimed?: () => void },
): Promise<PressResult> {
  const found = await getToolCall(context.db, { id });
  if (found === null) return { kind: 'gone' };
  const { caller } = stack;
  const tool = isToolName(found.toolName) ? tools[found.toolName] : null;
  const services = tool === null ? [] : servicesOf(stack, tool, found.input);
  const permission = authorise(caller, { act: 'press', of: found }, services);
  if (!permission.isGiven) return { kind: 'refused', words: permission.words };
  const call = await claimToolCall(context.db, {
    id,
    userId: caller.actor.id,
    claimedBy: context.processId,
    leaseMs: context.limits.leaseMs,
  });
  if (call === null) return lost(context, id);
  onClaimed?.();
  const settled = await settlePressed(context, call, await runPressed(context, { call, stack, signal }));
  return settled === null ? lost(context, id) : { kind: 'done', call: settled };
}

/**
 * The server may have acted, so a database that fails now must not be told as if nothing had been done. It is asked once more: a
 * connection that broke fails the first only. The row is settled by what the server says once its lease is past.
 */
async function settlePressed(context: LedgerContext, call: ToolCall, ended: Ended): Promise<ToolCall | null> {
  const { outcome } = ended;
  const tryOnce = () => settle(context, call, ended);
  return tryOnce()
    .catch(tryOnce)
    .catch((cause: unknown) => {
      context.log.error(
        { callId: call.id, status: outcome.status, err: cause },
        'how a call ended could not be stored',
      );
      const words =
        outcome.status === 'succeeded' ? (say: Say) => say(ledgerMessages.doneWithoutRecord) : () => outcome.error;
      throw new UserError(words, { cause });
    });
}

/** A press on **Cancel**. */
export async function cancelPress(
  context: LedgerContext,
  { id, caller }: { id: string; caller: Caller },
): Promise<PressResult> {
  const found = await getToolCall(context.db, { id });
  if (found === null) return { kind: 'gone' };
  // It touches no server: who may use that one no more can still take back what they asked for.
  const permission = authorise(caller, { act: 'press', of: found }, []);
  if (!permission.isGiven) return { kind: 'refused', words: permission.words };
  const call = await context.db.transaction(async (transaction) => {
    const canceled = await cancelToolCall(transaction, { id, userId: caller.actor.id });
    if (canceled !== null) await settleMessagePart(transaction, { call: canceled });
    return canceled;
  });
  return call === null ? lost(context, id) : { kind: 'done', call };
}

/** Stores how a claimed call ended, in its row and in the message that made it, both or neither. */
export async function settle(
  context: LedgerContext,
  call: ToolCall,
  { outcome, endedBy }: Ended,
): Promise<ToolCall | null> {
  return context.db.transaction(async (transaction) => {
    const kept = 'output' in outcome ? { ...outcome, output: boundedOutput(outcome.output) } : outcome;
    const finished = await finishToolCall(transaction, call, { ...kept, endedBy });
    if (finished !== null && finished.effect !== 'read') await settleMessagePart(transaction, { call: finished });
    return finished;
  });
}

/** The row as it stands for a press that came second. */
async function lost(context: LedgerContext, id: string): Promise<PressResult> {
  const call = await getToolCall(context.db, { id });
  if (call === null || call.status === 'queued') return { kind: 'gone' };
  return { kind: 'already', call };
}

async function runPressed(
  context: LedgerContext,
  { call, stack, signal }: { call: ToolCall; stack: Stack; signal: AbortSignal },
): Promise<Ended> {
  if (!isToolName(call.toolName)) {
    const error = sayTo(stack.caller)(ledgerMessages.noSuchAction);
    return { outcome: { status: 'failed', error }, endedBy: 'press' };
  }
  const tool: AnyTool = tools[call.toolName];
  try {
    return await runClaimed(context, { call, tool, stack, signal });
  } catch (error) {
    if (error instanceof TakenOverError) throw error;
    return { outcome: failed(context, call, error, sayTo(stack.caller)), endedBy: 'press' };
  }
}

/** What a row that is there already says of its end. */
function storedOutcome(call: ToolCall, say: Say): Outcome {
  if (call.status === 'succeeded')
    return { status: 'succeeded', confirmedBy: call.confirmedBy ?? 'answer', output: call.output };
  const error = call.error ?? say(ledgerMessages.isRunning);
  return { status: call.status === 'timeout' ? 'timeout' : 'failed', error };
}
