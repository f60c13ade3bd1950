import { continueTurn } from '../chat/turn.ts';
import { getChatById } from '../db/queries/chats.ts';
import { getUserById } from '../db/queries/users.ts';
import type { ToolCall } from '../db/schema.ts';
import type { BotContext } from './bot-context.ts';
import { channelSender } from './reply-sender.ts';
import { turnSink } from './turn-sink.ts';

/** Lets the model go on once a call of its answer is settled. Never throws: the press itself has been answered already. */
export async function continueConversation(context: BotContext, call: ToolCall): Promise<void> {
  try {
    const [user, chat] = await Promise.all([
      getUserById(context.db, { id: call.userId }),
      call.chatId === null ? null : getChatById(context.db, { id: call.chatId, userId: call.userId }),
    ]);
    if (user === null || chat === null) return;
    const sender = await channelSender(context, { channelId: chat.channelId, discordUserId: user.discordId });
    await continueTurn(context, { call, chat, user }, turnSink(context, { sender, user }));
  } catch (error) {
    context.log.error({ err: error, callId: call.id }, 'a conversation could not go on after a press');
  }
}
