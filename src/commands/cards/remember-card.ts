import type { Message, MessageComponentInteraction } from 'discord.js';
import { createCard } from '../../db/queries/cards.ts';
import type { ToolCall } from '../../db/schema.ts';
import type { CommandContext } from '../command.ts';
import { sealToken, tokenOfCall } from '../interaction-token.ts';

/**
 * Keeps which message shows a waiting call, so that its expiry can change it. An ephemeral message can only be edited with
 * an interaction's token, which is kept encrypted. Throws ChatSDKError.
 */
export async function rememberCard(
  context: CommandContext,
  call: ToolCall,
  interaction: Pick<MessageComponentInteraction, 'token' | 'createdTimestamp'>,
  message: Pick<Message, 'id' | 'channelId'>,
): Promise<void> {
  await createCard(context.ledger.db, {
    toolCallId: call.id,
    channelId: message.channelId,
    discordMessageId: message.id,
    ...sealToken(context.ledger.keyring, interaction, tokenOfCall(call)),
  });
}
