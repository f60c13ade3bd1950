import type { Database } from '../db/connection.ts';
import { getMessage, saveMessage } from '../db/queries/messages.ts';
import { getExpiredTurns } from '../db/queries/streams.ts';
import type { Message, Stream } from '../db/schema.ts';
import { answerSource, continuationSource } from './history.ts';
import { cutText } from './model-errors.ts';
import type { Parts } from './parts.ts';

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
