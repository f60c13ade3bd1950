import { type MessageComponentInteraction, MessageFlags } from 'discord.js';
import { cardMessage, text } from '../cards/title-face.ts';

/** Tells whoever pressed too late, privately. The card stays as the first press left it. */
export async function sayPrivately(interaction: MessageComponentInteraction, words: string): Promise<void> {
  const flags = [MessageFlags.IsComponentsV2, MessageFlags.Ephemeral] as const;
  await interaction.followUp({ ...cardMessage([text(words)]), flags });
}
