import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { LanguageModel } from 'ai';
import type { Database } from '../db/connection.ts';
import { answerSource, continuationSource } from '../db/queries/message-sources.ts';
import { getRecentMessages, type SaidMessage, saveMessage, saveReplies } from '../db/queries/messages.ts';
import { claimFreeTurn, claimTurn, releaseTurn, renewTurn } from '../db/queries/streams.ts';
import { getToolCallsByMessageId } from '../db/queries/tool-calls.ts';
import type { Chat, Message, Stream, ToolCall, User } from '../db/schema.ts';
import { storableText } from '../db/storable.ts';
import { underLease } from '../tools/lease.ts';
import { type LedgerContext, queueToolCall } from '../tools/ledger.ts';
import { isPressToolName } from '../tools/registry.ts';
import { openStack } from '../tools/stack.ts';
import { type Generated, generate } from './generate.ts';
import { historyFor } from './history.ts';
import { noModelText } from './model-errors.ts';
import { isWaiting, type Parts } from './parts.ts';
import { findCutTurn, storeFailure } from './recover.ts';
import type { Sink } from './sink.ts';
import type { TurnQueue } from './turn-queue.ts';

export type TurnContext = LedgerContext & {
  model: LanguageModel | null;
  historyTokens: number;
  turns: TurnQueue;
  signal: AbortSignal;
  /** Stores and shows that a turn was cut whose process died. Called by who holds that conversation's lease. */
  finishCutTurn(turn: Stream): Promise<void>;
};

type Attachment = { name: string; contentType: string | null; url: string; size: number };

/** How far back an old message is looked for at most, about: more than anyone says while a button waits. */
const furthestBack = 3000;
/** How many messages back a conversation is read: short ones would fill the budget with hundreds, each at its price. */
const mostMessages = (tokens: number) => Math.max(50, Math.ceil(tokens / 125));

/**
 * Answers one message: it is saved before anything else, then the turn is taken, the model asked, the answer saved, shown,
 * and a card shown for every call that waits for a press. `duplicate` when the same message was handled before.
 */
export async function runTurn(
  context: TurnContext,
  request: { user: User; chat: Chat; text: string; attachments: Attachment[]; sourceMessageId: string },
  sink: Sink,
): Promise<'answered' | 'duplicate'> {
  const { user, chat } = request;
  // One after the other, so that messages keep the order in which they came, whichever connection is the faster.
  const { message, isNew } = await context.turns.run(`save:${chat.id}`, () =>
    saveMessage(context.db, {
      chatId: chat.id,
      role: 'user',
      parts: [{ type: 'text', text: storableText(request.text) }],
      attachments: request.attachments,
      sourceMessageId: request.sourceMessageId,
    }),
  );
  if (!isNew) return 'duplicate';
  await answerMessage(context, { user, chat, message }, sink);
  return 'answered';
}

/** Answers a saved message, once only, however many processes try. One whose answering failed is not taken up again later. */
export async function answerMessage(
  context: TurnContext,
  { user, chat, message }: { user: User; chat: Chat; message: Message },
  sink: Sink,
): Promise<void> {
  const source = answerSource(message.id);
  await endingInFailure(context, { chatId: chat.id, source }, () =>
    inTurn(context, { chatId: chat.id, messageId: message.id }, sink, (signal, watched) =>
      answer(context, { user, chat, upTo: message.id, source, signal }, watched),
    ),
  );
}

/** Stores that answering failed, and passes the failure on. What a stop interrupts is left to the next start. */
async function endingInFailure<Result>(
  context: TurnContext,
  about: { chatId: string; source: string },
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!context.signal.aborted)
      await storeFailure(context.db, { ...about, error }).catch((saveError: unknown) => {
        context.log.warn({ err: saveError, chatId: about.chatId }, 'that an answer failed could not be stored');
      });
    throw error;
  }
}

/**
 * Goes on after a press, once every call of that answer is settled and once only, however many processes try.
 * An expired call is not told at once: the model learns of it with the next message.
 */
export async function continueTurn(
  context: TurnContext,
  { call, chat, user }: { call: ToolCall; chat: Chat; user: User },
  sink: Sink,
): Promise<'answered' | 'nothing-to-do'> {
  const messageId = call.messageId;
  if (messageId === null || !call.dedupeKey?.startsWith(`${messageId}:`) || call.error === 'expired')
    return 'nothing-to-do';
  return continueAnswer(context, { messageId, chat, user }, sink);
}

/** Goes on behind an answer whose calls are all settled, once only. */
export async function continueAnswer(
  context: TurnContext,
  { messageId, chat, user }: { messageId: string; chat: Chat; user: User },
  sink: Sink,
): Promise<'answered' | 'nothing-to-do'> {
  const source = continuationSource(messageId);
  return endingInFailure(context, { chatId: chat.id, source }, () =>
    inTurn(context, { chatId: chat.id, messageId }, sink, async (signal, watched) => {
      const calls = await getToolCallsByMessageId(context.db, { messageId });
      if (calls.some((one) => one.status === 'queued' || one.status === 'running')) return 'nothing-to-do';
      return answer(context, { user, chat, upTo: messageId, source, signal }, watched);
    }),
  );
}

/** Runs `work` as the only turn of the conversation, in order of arrival, under a lease that tells what is on screen. */
async function inTurn<Result>(
  context: TurnContext,
  { chatId, messageId }: { chatId: string; messageId: string },
  sink: Sink,
  work: (signal: AbortSignal, sink: Sink) => Promise<Result>,
): Promise<Result> {
  return context.turns.run(chatId, async () => {
    const owner = `${context.processId}/${randomUUID()}`;
    const { leaseMs } = context.limits;
    await takeTurn(context, { chatId, messageId, owner });
    let shown = '';
    const watched: Sink = {
      ...sink,
      text: (full) => {
        shown = full;
        sink.text(full);
      },
    };
    const renew = () => renewTurn(context.db, { chatId, owner, leaseMs, state: { text: shown } });
    try {
      return await underLease({ renew, leaseMs, signal: context.signal, log: context.log }, (signal) =>
        work(signal, watched),
      );
    } finally {
      await releaseTurn(context.db, { chatId, owner }).catch((error: unknown) => {
        // What was done stands, and a lease that is not given back ends by itself.
        context.log.warn({ err: error, chatId }, 'a turn could not be given back');
      });
    }
  });
}

/** Waits until no other process has the turn, less often the longer it takes. What a dead one left is stored as cut. */
async function takeTurn(
  context: TurnContext,
  { chatId, messageId, owner }: { chatId: string; messageId: string; owner: string },
): Promise<void> {
  const { leaseMs } = context.limits;
  // Nearly always: no row, so nobody has it and nobody died in it.
  if (await claimFreeTurn(context.db, { chatId, owner, leaseMs, messageId })) return;
  for (let wait = leaseMs / 100; ; wait = Math.min(wait * 1.5, leaseMs / 10)) {
    const cut = await findCutTurn(context.db, { chatId });
    if (await claimTurn(context.db, { chatId, owner, leaseMs, messageId })) {
      if (cut !== null) await context.finishCutTurn(cut);
      return;
    }
    await pause(wait, undefined, { signal: context.signal });
  }
}

async function answer(
  context: TurnContext,
  turn: { user: User; chat: Chat; upTo: string; source: string; signal: AbortSignal },
  sink: Sink,
): Promise<'answered' | 'nothing-to-do'> {
  const { user, chat } = turn;
  const id = randomUUID();
  const begun = performance.now();
  const generated = await generateAnswer(context, { ...turn, id }, sink);
  const modelMs = Math.round(performance.now() - begun);
  if (generated === null) return 'nothing-to-do';
  const store = async (db: Database) => {
    const { parts } = generated;
    const { isNew } = await saveMessage(db, {
      id,
      chatId: chat.id,
      role: 'assistant',
      parts,
      sourceMessageId: turn.source,
    });
    return isNew ? queueWaiting({ ...context, db }, { user, chat, messageId: id, parts }) : null;
  };
  // An answer and the calls in it are stored together; one without calls is a single statement by itself.
  const calls = await (generated.parts.some(isWaiting) ? context.db.transaction(store) : store(context.db));
  // Another process took this turn for cut off, and has said so.
  if (calls === null) return 'nothing-to-do';
  const cut = generated.isCut && calls.length === 0 ? { answerId: id } : undefined;
  const replyMessageIds = await sink.finish(generated.text, cut);
  await saveReplies(context.db, { id, chatId: chat.id, replyMessageIds });
  for (const call of calls) await sink.showCard(call);
  const ms = Math.round(performance.now() - begun);
  context.log.info({ messageId: id, ms, modelMs, waiting: calls.length }, 'a turn was answered');
  return 'answered';
}

/** Null when there is an answer already. */
async function generateAnswer(
  context: TurnContext,
  turn: { user: User; chat: Chat; upTo: string; source: string; signal: AbortSignal; id: string },
  sink: Sink,
): Promise<Generated | null> {
  const { model } = context;
  if (model === null) return { parts: [{ type: 'text', text: noModelText }], text: noModelText };
  const [stack, rows] = await Promise.all([
    openStack(context, { actorId: turn.user.id, ownerId: turn.user.id }),
    readBack(context, turn),
  ]);
  if (rows.some((row) => row.sourceMessageId === turn.source)) return null;
  const messages = await historyFor(rows, { upTo: turn.upTo, tokens: context.historyTokens });
  const request = { stack, user: turn.user, chatId: turn.chat.id, messageId: turn.id, messages, signal: turn.signal };
  return generate({ ...context, model }, request, sink);
}

/** The newest messages; for an old one that is gone on with now, after a late press, as far back as it stands. */
async function readBack(
  { db, historyTokens }: TurnContext,
  { chat, upTo }: { chat: Chat; upTo: string },
): Promise<SaidMessage[]> {
  for (let limit = mostMessages(historyTokens); ; limit *= 8) {
    const rows = await getRecentMessages(db, { chatId: chat.id, limit });
    if (rows.length < limit || limit > furthestBack || rows.some(({ id }) => id === upTo)) return rows;
  }
}

/** Puts every waiting call of an answer into the ledger; its part keeps the model's id, which the row's key ends with. */
async function queueWaiting(
  context: LedgerContext,
  { user, chat, messageId, parts }: { user: User; chat: Chat; messageId: string; parts: Parts },
): Promise<ToolCall[]> {
  const calls: ToolCall[] = [];
  for (const part of parts) {
    if (!isWaiting(part) || !('toolCallId' in part)) continue;
    const toolName = part.type.slice('tool-'.length);
    if (!isPressToolName(toolName)) continue;
    const owners = { actorId: user.id, ownerId: user.id, chatId: chat.id, messageId };
    const dedupeKey = `${messageId}:${part.toolCallId}`;
    calls.push(await queueToolCall(context, { toolName, input: part.input, ...owners, dedupeKey }));
  }
  return calls;
}
