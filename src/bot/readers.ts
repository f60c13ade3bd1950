import { type Client, type Interaction, MessageFlags } from 'discord.js';
import type { Acknowledgement } from '../commands/command.ts';
import { sayIn } from '../languages/say-in.ts';
import type { Say } from '../messages.ts';

/**
 * Says messages to whoever reads the answer to an interaction: the person alone in their language, everyone of a server's channel in the
 * server's.
 */
export function sayToReaders(interaction: Interaction, how: Acknowledgement): Say {
  return sayIn(readByAll(interaction, how) ? (interaction.guildLocale ?? null) : interaction.locale);
}

/** Says messages in a channel without an event there: in the server's language, or in a DM in the person's, as they are stored. */
export function sayInChannel(
  client: Client,
  { channelId, user }: { channelId: string; user: { locale: string | null } },
): Say {
  const channel = client.channels.cache.get(channelId);
  return sayIn(channel === undefined || channel.isDMBased() ? user.locale : channel.guild.preferredLocale);
}

function readByAll(interaction: Interaction, how: Acknowledgement): boolean {
  if (interaction.guildId === null || how === 'private-reply' || how === 'none') return false;
  if (how === 'reply') return true;
  const isShown = interaction.isMessageComponent() || (interaction.isModalSubmit() && interaction.isFromMessage());
  return isShown && !interaction.message.flags.has(MessageFlags.Ephemeral);
}
