import { answerSource, continuationSource } from '../chat/history.ts';
import { getChatById, getChatOwner } from '../db/queries/chats.ts';
import { getMessage, getRecentMessages, saveMessage } from '../db/queries/messages.ts';
import { claimTurn, getExpiredTurns, releaseTurn } from '../db/queries/streams.ts';
import type { Stream } from '../db/schema.ts';
import type { BotContext } from './bot-context.ts';
import { channelSender } from './reply-sender.ts';

const cutText = '⚠️ The bot was restarted in the middle of this answer. Ask again to get it whole.';

/** Finishes the turns of a process that died: what there was of the answer is stored and told to have been cut off. */
export async function finishCutTurns(context: BotContext): Promise<void> {
  for (const turn of await getExpiredTurns(context.db)) {
    const owner = `${context.processId}/cut/${turn.id}`;
    const { leaseMs } = context.limits;
    const { chatId, messageId } = turn;
    if (!(await claimTurn(context.db, { chatId, owner, leaseMs, messageId }))) continue;
    try {
      await finish(context, turn);
    } finally {
      await releaseTurn(context.db, { chatId, owner });
    }
  }
}

async function finish(context: BotContext, turn: Stream): Promise<void> {
  if (turn.messageId === null) return;
  const question = await getMessage(context.db, { id: turn.messageId, chatId: turn.chatId });
  const owner = await getChatOwner(context.db, { chatId: turn.chatId });
  if (question === null || owner === null) return;
  const chat = await getChatById(context.db, { id: turn.chatId, userId: owner.id });
  if (chat === null) return;
  const source = question.role === 'user' ? answerSource(question.id) : continuationSource(question.id);
  const rows = await getRecentMessages(context.db, { chatId: chat.id, limit: 200 });
  const sender = await channelSender(context, { channelId: chat.channelId, discordUserId: owner.discordId });
  const stored = rows.find((row) => row.sourceMessageId === source);
  // Stored but perhaps not shown: the process died between the two.
  if (stored !== undefined && stored.replyMessageIds.length > 0) return;
  const partial = typeof turn.state.text === 'string' ? turn.state.text : '';
  const text = [partial, cutText].filter((part) => part !== '').join('\n\n');
  if (stored === undefined)
    await saveMessage(context.db, {
      chatId: chat.id,
      role: 'assistant',
      parts: [{ type: 'text', text }],
      sourceMessageId: source,
    });
  await sender.send({ content: cutText });
}
