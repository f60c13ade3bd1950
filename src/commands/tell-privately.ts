import { type MessageComponentInteraction, MessageFlags } from 'discord.js';

/** Tells whoever pressed, and nobody else. What they pressed on stays as it is. */
export async function tellPrivately(interaction: MessageComponentInteraction, content: string): Promise<void> {
  const flags = [MessageFlags.Ephemeral, MessageFlags.SuppressEmbeds] as const;
  await interaction.followUp({ content, flags, allowedMentions: { parse: [] } });
}
