import { MessageFlags } from 'discord.js';
import type { CardInteraction } from './cards/surface.ts';

/** Tells whoever pressed, and nobody else. What they pressed on stays as it is. */
export async function tellPrivately(interaction: CardInteraction, content: string): Promise<void> {
  const flags = [MessageFlags.Ephemeral, MessageFlags.SuppressEmbeds] as const;
  const message = { content, flags, allowedMentions: { parse: [] } };
  if (interaction.deferred || interaction.replied) await interaction.followUp(message);
  else await interaction.reply(message);
}
