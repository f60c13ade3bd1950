import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../db/connection.ts';
import { joinedIds, joinMessages } from '../db/queries/joined-messages.ts';
import { answerSource, continuationSource } from '../db/queries/message-sources.ts';
import {
  getRecentMessages,
  type SaidMessage,
  saveAnswer,
  saveAnswerReplies,
  saveMessage,
} from '../db/queries/messages.ts';
import { claimFreeTurn, getExpiredTurns, type HeldTurn } from '../db/queries/streams.ts';
import { getToolCallsByMessageId } from '../db/queries/tool-calls.ts';
import type { Chat, Message, Stream, ToolCall, User } from '../db/schema.ts';
import { storableText } from '../db/storable.ts';
import { TakenOverError } from '../errors.ts';
import type { Say } from '../messages.ts';
import { callerOf } from '../tools/caller.ts';
import { underLease } from '../tools/lease.ts';
import { queueToolCall } from '../tools/ledger.ts';
import { isPressToolName } from '../tools/registry.ts';
import type { LedgerContext } from '../tools/run-claimed.ts';
import { openStack, type Stack } from '../tools/stack.ts';
import type { Model } from './bounded-model.ts';
import { type GenerateContext, type Generated, generate } from './generate.ts';
import { type Holding, leaseOf } from './held-turn.ts';
import { historyFor } from './history.ts';
import { modelMessages } from './model-errors.ts';
import { isWaiting, type Parts } from './parts.ts';
import type { Sink } from './sink.ts';
import { storeFailure } from './store-failure.ts';
import type { TurnQueue } from './turn-queue.ts';

export type TurnContext = GenerateContext & {
  model: Model | null;
  historyTokens: number;
  turns: TurnQueue;
  /** Aborted when the bot must stop. */
  signal: AbortSignal;
  /** Takes over a turn whose process died, and ends it. Never throws; another may be faster. */
  finishCutTurn(turn: Stream): Promise<void>;
};

type Attachment = { name: string; contentType: string | null; url: string; size: number };

/** About how many messages back an old one is searched for: more than anyone writes while a button waits. */
const furthestBack = 3000;
/** The longest pause, in milliseconds, between two checks whether another process has given its turn back. */
const longestWaitMs = 1000;
/** How many messages of a conversation are read at most: hundreds of short ones would fit the budget, but each costs time. */
const mostMessages = (tokens: number) => Math.max(50, Math.ceil(tokens / 125));

/** Saves what was said, before anything else is done about it. Null when the same message was saved before. */
export async function saveSaid(
  { ledger: { db } }: TurnContext,
  said: { chat: Chat; text: string; attachments: Attachment[]; sourceMessageId: string },
): Promise<Message | null> {
  const { attachments, sourceMessageId } = said;
  const parts: Parts = [{ type: 'text', text: storableText(said.text) }];
  const saved = { chatId: said.chat.id, role: 'user', parts, attachments, sourceMessageId } as const;
  const { message, isNew } = await saveMessage(db, saved);
  return isNew ? message : null;
}

/**
 * Answers a saved message: the turn is taken, the model asked, the answer saved, shown, and a card shown for every call that waits for a
 * press. Only once, however many processes try, and together with others if many wait. If answering failed, it is not tried again later.
 */
export async function answerMessage(
  context: TurnContext,
  { user, chat, message }: { user: User; chat: Chat; message: Message },
  sink: Sink,
): Promise<void> {
  const { messages, people } = context.turns;
  await messages.add(chat.id, { id: message.id, message, sink }, (together) =>
    people.run(user.id, () => answerTogether(context, { user, chat }, together)),
  );
}

/** Answers messages that waited together with one answer, which belongs to the last of them. */
async function answerTogether(
  context: TurnContext,
  { user, chat }: { user: User; chat: Chat },
  together: readonly { message: Message; sink: Sink }[],
): Promise<void> {
  // When the bot stops, waiting messages are left to the next start.
  context.signal.throwIfAborted();
  const last = together.at(-1);
  if (last === undefined) return;
  const { message, sink } = last;
  const about = { user, chat, messageId: message.id, source: answerSource(message.id) };
  const joined = together.slice(0, -1).map((one) => one.message.id);
  // Stored before the model is asked, so that every process knows that these messages belong to this turn.
  if (joined.length > 0)
    await endingInFailure(context, { chatId: chat.id, source: about.source, turn: null, say: sink.say }, () =>
      joinMessages(context.ledger.db, { chatId: chat.id, messageIds: joined, into: message.id }),
    );
  await answerNext(context, about, sink);
}

/** Continues after an answer once every call of it is settled, and only once, however many processes try. */
export async function continueAnswer(
  context: TurnContext,
  { messageId, chat, user }: { messageId: string; chat: Chat; user: User },
  sink: Sink,
): Promise<'answered' | 'nothing-to-do'> {
  const about = { user, chat, messageId, source: continuationSource(messageId) };
  return context.turns.people.run(user.id, () => answerNext(context, about, sink));
}

/** What is answered or continued: the message, and the `sourceMessageId` that the answer will have. */
type About = { user: User; chat: Chat; messageId: string; source: string };

/** Answers or continues, for the holder of the turn. A failure is stored, so that it is not tried again later. */
export async function answerInTurn(
  context: TurnContext,
  about: About,
  holding: Holding,
  sink: Sink,
): Promise<'answered' | 'nothing-to-do'> {
  sink.beforeText(holding.keep);
  const { messageId, source } = about;
  return endingInFailure(context, { chatId: about.chat.id, source, turn: holding.turn, say: sink.say }, async () => {
    const isBehind = source === continuationSource(messageId);
    const calls = isBehind ? await getToolCallsByMessageId(context.ledger.db, { messageId }) : [];
    if (calls.some(({ status }) => status === 'queued' || status === 'running')) return 'nothing-to-do';
    return answer(context, about, holding, sink);
  });
}

/** Stores that answering failed, and throws on. Not after a stop (the next start answers) or a take-over (the other process does). */
async function endingInFailure<Result>(
  context: TurnContext,
  about: { chatId: string; source: string; turn: HeldTurn | null; say: Say },
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!context.signal.aborted && !(error instanceof TakenOverError))
      await storeFailure(context.ledger, { ...about, error }).catch((saveError: unknown) => {
        context.ledger.log.warn({ err: saveError, chatId: about.chatId }, 'could not store that an answer failed');
      });
    throw error;
  }
}

/** Answers or continues as the only turn of the conversation, in order of arrival, under a lease. */
async function answerNext(context: TurnContext, about: About, sink: Sink): Promise<'answered' | 'nothing-to-do'> {
  const { messageId, source } = about;
  const chatId = about.chat.id;
  return context.turns.run(chatId, async () => {
    const turn = await endingInFailure(context, { chatId, source, turn: null, say: sink.say }, () =>
      takeTurn(context, { chatId, messageId }),
    );
    const { lease, keep } = leaseOf(context, turn);
    return underLease(lease, (signal) => answerInTurn(context, about, { turn, signal, keep }, sink));
  });
}

/** Waits until no other process has the turn, checking less and less often. A dead process's turn is finished first. */
async function takeTurn(
  context: TurnContext,
  { chatId, messageId }: { chatId: string; messageId: string },
): Promise<HeldTurn> {
  const { leaseMs } = context.ledger.limits;
  const longest = Math.min(leaseMs / 10, longestWaitMs);
  for (let wait = leaseMs / 100; ; wait = Math.min(wait * 1.5, longest)) {
    // Nearly always there is no row: nobody has the turn, and nobody died in it.
    const turn = await claimFreeTurn(context.ledger.db, {
      chatId,
      owner: context.ledger.processId,
      leaseMs,
      messageId,
    });
    if (turn !== null) return turn;
    const [cut] = await getExpiredTurns(context.ledger.db, { chatId });
    if (cut !== undefined) await context.finishCutTurn(cut);
    else await pause(wait, undefined, { signal: context.signal });
  }
}

async function answer(
  context: TurnContext,
  about: About,
  holding: Holding,
  sink: Sink,
): Promise<'answered' | 'nothing-to-do'> {
  const { chat } = about;
  const { turn } = holding;
  const id = randomUUID();
  const begun = performance.now();
  const generated = await generateAnswer(context, { ...about, id, holding }, sink);
  const modelMs = Math.round(performance.now() - begun);
  if (generated === null) return 'nothing-to-do';
  const store = async (db: Database) => {
    const { parts, stack } = generated;
    const isNew = await saveAnswer(db, turn, { id, parts, sourceMessageId: about.source });
    return isNew ? queueWaiting({ ...context.ledger, db }, { stack, chat, messageId: id, parts }) : null;
  };
  // An answer and the calls in it are stored together; one without calls is a single statement by itself.
  const calls = await (generated.parts.some(isWaiting)
    ? context.ledger.db.transaction(store)
    : store(context.ledger.db));
  // Another process considered this turn dead, and has finished it.
  if (calls === null) return 'nothing-to-do';
  const cut = generated.isCut && calls.length === 0 ? { answerId: id } : undefined;
  const replyMessageIds = await sink.finish(generated.text, cut);
  await saveAnswerReplies(context.ledger.db, turn, { id, replyMessageIds });
  for (const call of calls) await sink.showCard(call);
  const ms = Math.round(performance.now() - begun);
  context.ledger.log.info({ messageId: id, ms, modelMs, waiting: calls.length }, 'a turn was answered');
  return 'answered';
}

/** With the stack that it was generated for. Null when there is an answer already. */
async function generateAnswer(
  context: TurnContext,
  about: About & { id: string; holding: Holding },
  sink: Sink,
): Promise<(Generated & { stack: Stack }) | null> {
  const { user, chat, messageId: upTo, holding } = about;
  const { model } = context;
  const opened = openStack(context.ledger, callerOf(user, 'model'));
  if (model === null) {
    const text = sink.say(modelMessages.none);
    return { parts: [{ type: 'text', text }], text, stack: await opened };
  }
  const [stack, rows] = await Promise.all([opened, readBack(context, { chat, upTo })]);
  if (rows.some((row) => row.sourceMessageId === about.source)) return null;
  const messages = await historyFor(rows, { upTo, tokens: context.historyTokens });
  const { turn, signal } = holding;
  const request = { model, stack, user, chatId: chat.id, messageId: about.id, messages, turn, signal };
  return { ...(await generate(context, request, sink)), stack };
}

/** The newest messages; more of them if an old message is continued after a late press. */
async function readBack(
  { ledger: { db }, historyTokens }: TurnContext,
  { chat, upTo }: { chat: Chat; upTo: string },
): Promise<SaidMessage[]> {
  for (let limit = mostMessages(historyTokens); ; limit *= 8) {
    const rows = await getRecentMessages(db, { chatId: chat.id, limit });
    if (rows.length < limit || limit > furthestBack || isWhole(rows, upTo)) return rows;
  }
}

/** Whether the rows include the message that is answered, and all that are answered together with it. */
function isWhole(rows: readonly SaidMessage[], upTo: string): boolean {
  const ids = new Set(rows.map(({ id }) => id));
  const answered = rows.find(({ id }) => id === upTo);
  return answered !== undefined && joinedIds(answered.parts).every((id) => ids.has(id));
}

/** Puts every waiting call of an answer into the ledger. The row's key ends with the model's id of the call, which its part keeps. */
async function queueWaiting(
  ledger: LedgerContext,
  { stack, chat, messageId, parts }: { stack: Stack; chat: Chat; messageId: string; parts: Parts },
): Promise<ToolCall[]> {
  const calls: ToolCall[] = [];
  for (const part of parts) {
    if (!isWaiting(part) || !('toolCallId' in part)) continue;
    const toolName = part.type.slice('tool-'.length);
    if (!isPressToolName(toolName)) continue;
    const dedupeKey = `${messageId}:${part.toolCallId}`;
    const request = { toolName, input: part.input, stack, chatId: chat.id, messageId, dedupeKey };
    calls.push(await queueToolCall(ledger, request));
  }
  return calls;
}
