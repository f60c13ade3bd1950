import type { Json } from '../json.ts';
import { allPermissions } from './permissions.ts';
import { reactionsPayload } from './reactions.ts';
import { shownComponents } from './shown-components.ts';
import type { Account, Channel, DiscordState, Interaction, Message } from './state.ts';

/** The JSON that Discord sends of a user, a channel and a message. */
export function userPayload(account: Account): Json {
  const { id, username, global_name, bot } = account;
  const none = { discriminator: '0', avatar: null, public_flags: 0, flags: 0, primary_guild: null };
  return { id, username, global_name, bot, ...none };
}

/** A member of a server, as events of messages have it: without the user, who stands beside it. */
export function partialMemberPayload(): Json {
  return { roles: [], joined_at: '2026-01-01T00:00:00.000Z', deaf: false, mute: false, flags: 0, nick: null };
}

export function memberPayload(account: Account): Json {
  return { user: userPayload(account), ...partialMemberPayload(), permissions: String(allPermissions) };
}

export function channelPayload(state: DiscordState, channel: Channel): Json {
  const recipient = channel.recipientId === null ? undefined : state.accounts.get(channel.recipientId);
  if (recipient !== undefined)
    return { id: channel.id, type: 1, recipients: [userPayload(recipient)], last_message_id: null, flags: 0 };
  const denied = { id: state.bot.id, type: 1, allow: '0', deny: String(channel.deniedToBot) };
  return {
    id: channel.id,
    type: 0,
    name: channel.name,
    guild_id: channel.guildId,
    position: 0,
    permission_overwrites: channel.deniedToBot === 0n ? [] : [denied],
    parent_id: null,
    nsfw: false,
    flags: 0,
  };
}

export function messagePayload(state: DiscordState, message: Message): Json {
  const author = state.accounts.get(message.authorId) ?? state.bot;
  const channel = state.channels.get(message.channelId);
  return {
    id: message.id,
    channel_id: message.channelId,
    channel_type: channel?.recipientId === null ? 0 : 1,
    ...(channel?.guildId ? { guild_id: channel.guildId } : {}),
    author: userPayload(author),
    content: message.content,
    timestamp: new Date(message.createdAt).toISOString(),
    edited_timestamp: message.editedAt === null ? null : new Date(message.editedAt).toISOString(),
    tts: false,
    mention_everyone: /@(everyone|here)/.test(message.content),
    mentions: mentionsOf(state, message).map(userPayload),
    mention_roles: [...message.content.matchAll(/<@&(\d+)>/g)].map((match) => match[1]),
    attachments: message.attachments,
    embeds: message.embeds,
    components: shownComponents(message.components),
    ...(message.reactions.size === 0 ? {} : { reactions: reactionsPayload(message, state.bot.id) }),
    pinned: false,
    type: message.interactionId !== null ? 20 : message.replyTo === null ? 0 : 19,
    flags: message.flags,
    ...(message.nonce === null ? {} : { nonce: message.nonce }),
    ...replyPayload(state, message),
    ...interactionMetadata(state, message),
  };
}

/** Whom a message of a person mentions; the bot's own pings nobody, as far as `mentions` goes, but whom it names. */
function mentionsOf(state: DiscordState, message: Message): Account[] {
  const named = [...message.content.matchAll(/<@!?(\d+)>/g)].flatMap(
    (match) => state.accounts.get(match[1] ?? '') ?? [],
  );
  const replied = message.pingsReply ? state.messages.get(message.replyTo ?? '') : undefined;
  const author = replied === undefined ? undefined : state.accounts.get(replied.authorId);
  return [...new Set(author === undefined ? named : [...named, author])];
}

function replyPayload(state: DiscordState, message: Message): Json {
  if (message.replyTo === null) return {};
  const replied = state.messages.get(message.replyTo);
  const isThere = replied !== undefined && !replied.deleted;
  return {
    message_reference: { type: 0, message_id: message.replyTo, channel_id: message.channelId },
    referenced_message: isThere ? messagePayload(state, { ...replied, replyTo: null }) : null,
  };
}

function interactionMetadata(state: DiscordState, message: Message): Json {
  const interaction = state.interactions.get(message.interactionId ?? '');
  if (interaction === undefined) return {};
  return {
    interaction_metadata: metadataOf(state, interaction),
    application_id: state.applicationId,
    webhook_id: state.applicationId,
  };
}

function metadataOf(state: DiscordState, interaction: Interaction): Json {
  const user = state.accounts.get(interaction.userId) ?? state.bot;
  const channel = state.channels.get(interaction.channelId);
  // A form belongs to the interaction that opened it: the person's last one that showed a form.
  const opener =
    interaction.type === 5
      ? [...state.interactions.values()].findLast(
          ({ userId, modal, id }) => userId === interaction.userId && modal !== null && id !== interaction.id,
        )
      : undefined;
  return {
    id: interaction.id,
    type: interaction.type,
    user: userPayload(user),
    authorizing_integration_owners: channel === undefined ? {} : owners(state, channel, user.id),
    ...(interaction.type === 3 ? { interacted_message_id: interaction.sourceId } : {}),
    ...(opener === undefined ? {} : { triggering_interaction_metadata: metadataOf(state, opener) }),
  };
}

/** For whom the application acts: a server that installed it ("0" in its DM), else the person. */
export function owners(state: DiscordState, channel: Channel, userId: string): Json {
  return state.isMember(channel) ? { 0: channel.guildId ?? '0' } : { 1: userId };
}
