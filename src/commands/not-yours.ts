import { type MessageComponentInteraction, MessageFlags } from 'discord.js';
import { authorise } from '../tools/authorise.ts';
import type { CommandContext } from './command.ts';

/** Whether the press came from another person than the one whose Discord id the button carries; they are told so privately. */
export async function isNotYours(
  interaction: MessageComponentInteraction,
  { caller }: Pick<CommandContext, 'caller'>,
  discordId: string | undefined,
): Promise<boolean> {
  const permission = authorise(caller, { act: 'press', of: { discordId: discordId ?? '' } }, []);
  if (permission.isGiven) return false;
  const flags = MessageFlags.Ephemeral;
  await interaction.followUp({ content: permission.words, flags, allowedMentions: { parse: [] } });
  return true;
}
