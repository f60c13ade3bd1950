import type { Message, MessageComponentInteraction } from 'discord.js';
import { createCard } from '../../db/queries/cards.ts';
import type { ToolCall } from '../../db/schema.ts';
import type { CommandContext } from '../command.ts';

/** Discord: an interaction's token may edit its messages for 15 minutes. */
export const tokenLifeMs = 15 * 60_000;

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
  await createCard(context.db, {
    toolCallId: call.id,
    channelId: message.channelId,
    discordMessageId: message.id,
    interactionToken: context.keyring.encrypt({
      plaintext: interaction.token,
      userId: call.userId,
      serviceName: 'interaction-token',
    }),
    tokenExpiresAt: new Date(interaction.createdTimestamp + tokenLifeMs),
  });
}
