import { getExpiredTurns, type HeldTurn, releaseTurn, takeOverTurn } from '../../db/queries/streams.ts';
import type { Stream } from '../../db/schema.ts';
import { TakenOverError } from '../../errors.ts';
import type { BotContext } from '../bot-context.ts';
import { placeOf } from '../place.ts';
import { resumeTurn } from './resume-turn.ts';

/** Starts finishing the turns whose process died, all at once: the model may be asked again, and may be slow. */
export async function finishCutTurns(context: BotContext): Promise<void> {
  for (const cut of await getExpiredTurns(context.ledger.db)) {
    // Either the turn is this process's own and only late, or a turn that waits here will finish the dead one first.
    if (context.chat.turns.isBusy(cut.chatId)) continue;
    context.tasks.track(context.chat.turns.run(cut.chatId, () => finishCutTurn(context, cut)));
  }
}

/** Takes over a turn and finishes it. Never throws: a conversation that cannot be reached must not delay the others. */
export async function finishCutTurn(context: BotContext, cut: Stream): Promise<void> {
  const { chatId, messageId } = cut;
  let turn: HeldTurn | null = null;
  try {
    turn = await takeOverTurn(context.ledger.db, cut, {
      owner: context.ledger.processId,
      leaseMs: context.ledger.limits.leaseMs,
    });
    if (turn === null) return;
    const place = messageId === null ? null : await placeOf(context, { chatId, messageId });
    if (place === null) await releaseTurn(context.ledger.db, turn);
    else await resumeTurn(context.chat, { turn, cut, place }, place.sink);
  } catch (error) {
    if (error instanceof TakenOverError) return;
    context.ledger.log.error({ err: error, chatId }, 'could not finish a turn whose process died');
    if (turn !== null) await giveBack(context, turn);
  }
}

/** Frees the conversation for whoever waits for it; the unanswered message is looked for again later. */
async function giveBack(context: BotContext, turn: HeldTurn): Promise<void> {
  await releaseTurn(context.ledger.db, turn).catch((error: unknown) => {
    context.ledger.log.warn({ err: error, chatId: turn.chatId }, 'could not give a turn back');
  });
}
