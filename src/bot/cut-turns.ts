import { finishCutTurn } from '../chat/recover.ts';
import { claimTurn, getExpiredTurns, releaseTurn } from '../db/queries/streams.ts';
import type { Stream } from '../db/schema.ts';
import type { BotContext } from './bot-context.ts';
import { placeOf } from './place.ts';

/** Finishes the turns of a process that died: what there was of the answer is stored and told to have been cut off. */
export async function finishCutTurns(context: BotContext): Promise<void> {
  for (const turn of await getExpiredTurns(context.db)) {
    // This process was asleep or very busy: its turn is late, not dead. Or one waits here already, and takes the dead one's place.
    if (context.turns.isBusy(turn.chatId)) continue;
    const owner = `${context.processId}/cut/${turn.id}`;
    const { leaseMs } = context.limits;
    const { chatId, messageId } = turn;
    if (!(await claimTurn(context.db, { chatId, owner, leaseMs, messageId }))) continue;
    try {
      await showCutTurn(context, turn);
    } finally {
      await releaseTurn(context.db, { chatId, owner });
    }
  }
}

/** Finishes one, for who holds its conversation's lease. Never throws: a conversation out of reach keeps no other waiting. */
export async function showCutTurn(context: BotContext, turn: Stream): Promise<void> {
  const { chatId, messageId } = turn;
  try {
    const place = messageId === null ? null : await placeOf(context, { chatId, messageId });
    if (place !== null) await finishCutTurn(context.db, turn, place.sink);
  } catch (error) {
    context.log.error({ err: error, chatId }, 'a cut turn could not be finished');
  }
}
