import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { leaseOf } from '../../chat/held-turn.ts';
import { modelMessages } from '../../chat/model-errors.ts';
import { cutMark, isCutOff, type Parts, textOf } from '../../chat/parts.ts';
import type { Sink } from '../../chat/sink.ts';
import { answerInTurn, type TurnContext } from '../../chat/turn.ts';
import { getCardsByToolCallId } from '../../db/queries/cards.ts';
import { answerSource, continuationSource } from '../../db/queries/message-sources.ts';
import { getAnswer, saveAnswer, saveAnswerReplies } from '../../db/queries/messages.ts';
import { type HeldTurn, renewTurn } from '../../db/queries/streams.ts';
import { getToolCallsByMessageId } from '../../db/queries/tool-calls.ts';
import type { Chat, Message, Stream, User } from '../../db/schema.ts';
import { TakenOverError } from '../../errors.ts';
import { underLease } from '../../tools/lease.ts';

/** What is stored with a turn: the part of its answer that is on screen, and whether a process died in it before. */
const stateSchema = z.object({ text: z.string().default(''), askedAgain: z.boolean().default(false) });

/**
 * Finishes a turn whose process died, for the process that has taken it over. If the answer is complete, the rest of it is shown, with
 * its cards. If only a part was on screen, that part is stored and shown as cut off. If nothing was, the model is asked again, but only
 * once: a question that crashes the process must not do so for ever.
 */
export async function resumeTurn(
  context: TurnContext,
  { turn, cut, place }: { turn: HeldTurn; cut: Stream; place: { user: User; chat: Chat; message: Message } },
  sink: Sink,
): Promise<void> {
  const { user, chat, message } = place;
  const { id: messageId } = message;
  const source = message.role === 'user' ? answerSource(messageId) : continuationSource(messageId);
  const { text, askedAgain } = stateSchema.parse(cut.state);
  const state = { text, askedAgain: true };
  const { lease, keep } = leaseOf(context, turn, state);
  await underLease(lease, async (signal) => {
    const answer = await getAnswer(context.ledger.db, { chatId: chat.id, sourceMessageId: source });
    if (answer !== null) return showRest(context, turn, answer, sink);
    if (text !== '' || askedAgain) return showCut(context, turn, { source, text }, sink);
    const { leaseMs } = context.ledger.limits;
    if (!(await renewTurn(context.ledger.db, turn, { leaseMs, state }))) throw new TakenOverError();
    await answerInTurn(context, { user, chat, messageId, source }, { turn, signal, keep }, sink);
  });
}

/** Stores the visible part of a cut turn's answer, marks it as cut off, and shows it with **Try again**. */
async function showCut(
  { ledger: { db } }: TurnContext,
  turn: HeldTurn,
  { source, text }: { source: string; text: string },
  sink: Sink,
): Promise<void> {
  const id = randomUUID();
  const parts: Parts = text === '' ? [] : [{ type: 'text', text }];
  parts.push({ type: 'text', text: sink.say(modelMessages.restarted) }, cutMark);
  if (!(await saveAnswer(db, turn, { id, parts, sourceMessageId: source }))) return;
  const replyMessageIds = await sink.finish(textOf(parts), { answerId: id });
  await saveAnswerReplies(db, turn, { id, replyMessageIds });
}

/** Shows the parts of a complete answer that are not on screen yet. One that was stored as cut off keeps its **Try again**. */
async function showRest(
  { ledger: { db } }: TurnContext,
  turn: HeldTurn,
  { id, parts, replyMessageIds }: Message,
  sink: Sink,
) {
  if (replyMessageIds.length === 0)
    await saveAnswerReplies(db, turn, {
      id,
      replyMessageIds: await sink.finish(textOf(parts), isCutOff(parts) ? { answerId: id } : undefined),
    });
  for (const call of await getToolCallsByMessageId(db, { messageId: id })) {
    if (call.status !== 'queued') continue;
    if ((await getCardsByToolCallId(db, { toolCallId: call.id })).length === 0) await sink.showCard(call);
  }
}
