import { type MessageComponentInteraction, MessageFlags } from 'discord.js';
import { cardMessage, text } from '../cards/title-face.ts';

/** A private word to a press that came too late. The card keeps what the first press made of it. */
export async function sayPrivately(interaction: MessageComponentInteraction, words: string): Promise<void> {
  const flags = [MessageFlags.IsComponentsV2, MessageFlags.Ephemeral] as const;
  await interaction.followUp({ ...cardMessage([text(words)]), flags });
}
