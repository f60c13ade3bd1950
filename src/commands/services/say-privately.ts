import { type MessageComponentInteraction, MessageFlags } from 'discord.js';
import type { Message } from '../../messages.ts';
import { sayTo } from '../../tools/caller.ts';
import { cardMessage, text } from '../cards/title-face.ts';
import type { CommandContext } from '../command.ts';

/** Tells whoever pressed too late, privately. The card stays as the first press left it. */
export async function sayPrivately(
  interaction: MessageComponentInteraction,
  { caller }: CommandContext,
  message: Message,
): Promise<void> {
  const flags = [MessageFlags.IsComponentsV2, MessageFlags.Ephemeral] as const;
  await interaction.followUp({ ...cardMessage([text(sayTo(caller)(message))]), flags });
}
