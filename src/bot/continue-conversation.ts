import { answerMessage, continueAnswer, continueTurn } from '../chat/turn.ts';
import { answeredId } from '../db/queries/message-sources.ts';
import type { Message, ToolCall } from '../db/schema.ts';
import { TakenOverError } from '../errors.ts';
import type { BotContext } from './bot-context.ts';
import { placeOf } from './place.ts';

/** Lets the model go on once a call of its answer is settled. Never throws: the press itself has been answered already. */
export async function continueConversation(context: BotContext, call: ToolCall): Promise<void> {
  const { chatId, messageId } = call;
  if (chatId === null || messageId === null) return;
  try {
    const place = await placeOf(context, { chatId, messageId });
    if (place !== null) await continueTurn(context.chat, { call, ...place }, place.sink);
  } catch (error) {
    if (error instanceof TakenOverError) return;
    context.ledger.log.error({ err: error, callId: call.id }, 'could not continue a conversation after a press');
  }
}

/** Answers a question again whose answer was cut off; the cut answer's row is deleted already. Never throws. */
export async function answerAgain(context: BotContext, cut: Message): Promise<void> {
  const messageId = answeredId(cut.sourceMessageId);
  if (messageId !== null) await answerStored(context, { chatId: cut.chatId, messageId });
}

/** Answers a stored message, or continues after a stored answer, unless that has been done. Never throws. */
export async function answerStored(context: BotContext, where: { chatId: string; messageId: string }): Promise<void> {
  try {
    const place = await placeOf(context, where);
    if (place === null) return;
    if (place.message.role === 'user') await answerMessage(context.chat, place, place.sink);
    else await continueAnswer(context.chat, { ...place, messageId: where.messageId }, place.sink);
  } catch (error) {
    if (error instanceof TakenOverError) return;
    context.ledger.log.error({ err: error, ...where }, 'could not answer a stored message');
  }
}
