import { createHash } from 'node:crypto';
import type { BaseInteraction } from 'discord.js';
import { getOrCreateCurrentChat } from '../db/queries/chats.ts';
import { answerSource } from '../db/queries/message-sources.ts';
import { saveAskedAndAnswered, saveMessage } from '../db/queries/messages.ts';
import type { Chat, Message } from '../db/schema.ts';
import type { CommandContext } from './command.ts';

/**
 * Saves what a person did and its result as two messages of their conversation in that channel, so that the next
 * sentence can refer to it. `commandText` is the command as typed, without any secret. An interaction that is delivered
 * twice gives the same rows. Throws ChatSDKError.
 */
export async function saveExchange(
  context: CommandContext,
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
  const { user, arrival } = context;
  const { channelId, guildId } = interaction;
  const place = { userId: user.id, channelId: channelId ?? interaction.id, guildId };
  const chat = arrival.chat ?? (await getOrCreateCurrentChat(context.ledger.db, place));
  // Both or neither: a command stored alone would be taken for an unanswered message.
  const id = uuidOf(interaction.id);
  const source = answerSource(id);
  const made = await saveAskedAndAnswered(context.ledger.db, {
    id,
    chatId: chat.id,
    asked: [{ type: 'text', text: commandText }],
    answered: parts,
    sourceMessageId: interaction.id,
    answerSource: source,
  });
  const answer = { chatId: chat.id, role: 'assistant' as const, parts, sourceMessageId: source };
  const message =
    made.find(({ role }) => role === 'assistant') ?? (await saveMessage(context.ledger.db, answer)).message;
  return { chat, message };
}

/** The same id for the same interaction. The answer can refer to it before it is saved, so both are saved at once. */
function uuidOf(interactionId: string): string {
  const hex = createHash('sha256').update(`interaction ${interactionId}`).digest('hex');
  // UUID version 8 is for custom formats.
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return parts.join('-');
}
