import type { BaseInteraction } from 'discord.js';
import { getOrCreateCurrentChat } from '../db/queries/chats.ts';
import { saveMessage } from '../db/queries/messages.ts';
import type { Chat, Message } from '../db/schema.ts';
import type { CommandContext } from './command.ts';

/**
 * Saves what a person did and what came of it as two messages of their conversation in that channel, so that the next
 * sentence can refer to it. `commandText` is the command as typed, without any secret. An interaction that is delivered
 * twice gives the same rows. Throws ChatSDKError.
 */
export async function saveExchange(
  context: Pick<CommandContext, 'db' | 'user'>,
  {
    interaction,
    commandText,
    parts,
  }: {
    interaction: Pick<BaseInteraction, 'id' | 'channelId' | 'guildId'>;
    commandText: string;
    parts: Message['parts'];
  },
): Promise<{ chat: Chat; message: Message }> {
  const chat = await getOrCreateCurrentChat(context.db, {
    userId: context.user.id,
    channelId: interaction.channelId ?? interaction.id,
    guildId: interaction.guildId,
  });
  // Both or neither: what was typed alone would be taken for a message that waits for its answer.
  const message = await context.db.transaction(async (transaction) => {
    const asked = await saveMessage(transaction, {
      chatId: chat.id,
      role: 'user',
      parts: [{ type: 'text', text: commandText }],
      sourceMessageId: interaction.id,
    });
    const answered = await saveMessage(transaction, {
      chatId: chat.id,
      role: 'assistant',
      parts,
      sourceMessageId: `answer:${asked.message.id}`,
    });
    return answered.message;
  });
  return { chat, message };
}
