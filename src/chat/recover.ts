import type { Database } from '../db/connection.ts';
import { getCardsByToolCallId } from '../db/queries/cards.ts';
import { answerSource, continuationSource } from '../db/queries/message-sources.ts';
import { getMessage, saveMessage, saveReplies } from '../db/queries/messages.ts';
import { getExpiredTurns } from '../db/queries/streams.ts';
import { getToolCallsByMessageId } from '../db/queries/tool-calls.ts';
import type { Message, Stream } from '../db/schema.ts';
import { describeError } from '../tools/describe-error.ts';
import { cutText } from './model-errors.ts';
import { type Parts, textOf } from './parts.ts';
import type { Sink } from './sink.ts';

/** The turn of this conversation whose process died (its lease is past), or null. Look before claiming: a claim replaces it. */
export async function findCutTurn(db: Database, { chatId }: { chatId: string }): Promise<Stream | null> {
  return (await getExpiredTurns(db)).find((turn) => turn.chatId === chatId) ?? null;
}

/**
 * Stores what there was of a cut turn's answer, and that it was cut: once only, however many processes try. Only for who
 * holds the turn's lease now. `answer` is the stored row; `isNew` false means that the answer was whole already, though
 * perhaps not shown. Null when there is no message to answer any more.
 */
export async function storeCutAnswer(db: Database, turn: Stream): Promise<{ answer: Message; isNew: boolean } | null> {
  const { chatId, messageId } = turn;
  const asked = messageId === null ? null : await getMessage(db, { id: messageId, chatId });
  if (asked === null) return null;
  const sourceMessageId = asked.role === 'user' ? answerSource(asked.id) : continuationSource(asked.id);
  const partial = turn.state.text;
  const parts: Parts = typeof partial === 'string' && partial !== '' ? [{ type: 'text', text: partial }] : [];
  parts.push({ type: 'text', text: cutText });
  const { message: answer, isNew } = await saveMessage(db, { chatId, role: 'assistant', parts, sourceMessageId });
  return { answer, isNew };
}

/** Stores that an answer failed, so that nobody takes it for one that is still to come. */
export async function storeFailure(
  db: Database,
  { chatId, source, error }: { chatId: string; source: string; error: unknown },
): Promise<void> {
  const parts: Parts = [{ type: 'text', text: describeError(error) }];
  await saveMessage(db, { chatId, role: 'assistant', parts, sourceMessageId: source });
}

/**
 * Ends a cut turn for the person: they are told that it was cut, or, when its answer was whole already, they get what of it
 * was not shown, cards too. Only for who holds the turn's lease now.
 */
export async function finishCutTurn(db: Database, turn: Stream, sink: Sink): Promise<void> {
  const stored = await storeCutAnswer(db, turn);
  if (stored === null) return;
  const { id, chatId, parts, replyMessageIds } = stored.answer;
  if (stored.isNew || replyMessageIds.length === 0) {
    const shown = await sink.finish(textOf(parts), stored.isNew ? { answerId: id } : undefined);
    await saveReplies(db, { id, chatId, replyMessageIds: shown });
  }
  for (const call of await getToolCallsByMessageId(db, { messageId: id })) {
    if (call.status !== 'queued') continue;
    if ((await getCardsByToolCallId(db, { toolCallId: call.id })).length === 0) await sink.showCard(call);
  }
}
