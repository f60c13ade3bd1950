import { type Client, type Interaction, MessageFlags } from 'discord.js';
import type { Acknowledgement } from '../commands/command.ts';
import { sayIn } from '../languages/say-in.ts';
import type { Say } from '../messages.ts';

/** A channel, and the person there as they are stored. */
type Readers = { channelId: string; user: { locale: string | null } };

/** Says messages to whoever reads the answer to an interaction. */
export function sayToReaders(interaction: Interaction, how: Acknowledgement): Say {
  return sayIn(localeOfReaders(interaction, how));
}

/** Says messages in a channel without an event there. */
export function sayInChannel(client: Client, readers: Readers): Say {
  return sayIn(localeOfChannel(client, readers));
}

/** The locale of whoever reads the answer to an interaction: the person's own, or the server's where everyone in a channel of it reads. */
export function localeOfReaders(interaction: Interaction, how: Acknowledgement): string | null {
  return readByAll(interaction, how) ? (interaction.guildLocale ?? null) : interaction.locale;
}

/** The locale of whoever reads a channel: the server's; the person's in a DM, and where the bot does not know the channel. */
export function localeOfChannel(client: Client, { channelId, user }: Readers): string | null {
  const channel = client.channels.cache.get(channelId);
  return channel === undefined || channel.isDMBased() ? user.locale : channel.guild.preferredLocale;
}

function readByAll(interaction: Interaction, how: Acknowledgement): boolean {
  if (interaction.guildId === null || how === 'private-reply' || how === 'none') return false;
  if (how === 'reply') return true;
  const isShown = interaction.isMessageComponent() || (interaction.isModalSubmit() && interaction.isFromMessage());
  return isShown && !interaction.message.flags.has(MessageFlags.Ephemeral);
}
