import { answerMessage, continueAnswer } from '../chat/turn.ts';
import { TakenOverError } from '../errors.ts';
import type { GoesOn } from '../tools/goes-on.ts';
import type { BotContext } from './bot-context.ts';
import { placeOf } from './place.ts';

/** Answers a stored message, or continues after a stored answer, unless that has been done. Never throws. */
export async function answerStored(context: BotContext, where: GoesOn): Promise<void> {
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
