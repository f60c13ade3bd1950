import { finishCutTurn } from '../chat/recover.ts';
import { getChatById, getChatOwner } from '../db/queries/chats.ts';
import { claimTurn, getExpiredTurns, releaseTurn } from '../db/queries/streams.ts';
import type { Stream } from '../db/schema.ts';
import type { BotContext } from './bot-context.ts';
import { channelSender } from './reply-sender.ts';
import { turnSink } from './turn-sink.ts';

/** Finishes the turns of a process that died: what there was of the answer is stored and told to have been cut off. */
export async function finishCutTurns(context: BotContext): Promise<void> {
  for (const turn of await getExpiredTurns(context.db)) {
    const owner = `${context.processId}/cut/${turn.id}`;
    const { leaseMs } = context.limits;
    const { chatId, messageId } = turn;
    if (!(await claimTurn(context.db, { chatId, owner, leaseMs, messageId }))) continue;
    try {
      await finish(context, turn);
    } catch (error) {
      // One conversation that cannot be reached must not keep the others waiting.
      context.log.error({ err: error, chatId }, 'a cut turn could not be finished');
    } finally {
      await releaseTurn(context.db, { chatId, owner });
    }
  }
}

async function finish(context: BotContext, turn: Stream): Promise<void> {
  const user = await getChatOwner(context.db, { chatId: turn.chatId });
  const chat = user === null ? null : await getChatById(context.db, { id: turn.chatId, userId: user.id });
  if (user === null || chat === null) return;
  const sender = await channelSender(context, { channelId: chat.channelId, discordUserId: user.discordId });
  await finishCutTurn(context.db, turn, turnSink(context, { sender, user }));
}
