import type { Account, Channel, DiscordState, Json, Message } from './state.ts';

/** The JSON that Discord sends of a user, a channel and a message. */
export function userPayload(account: Account): Json {
  const { id, username, global_name, bot } = account;
  return { id, username, global_name, bot, discriminator: '0', avatar: null, public_flags: 0 };
}

export function memberPayload(account: Account): Json {
  return {
    user: userPayload(account),
    roles: [],
    joined_at: '2026-01-01T00:00:00.000Z',
    deaf: false,
    mute: false,
    flags: 0,
    permissions: '2147483647',
  };
}

export function channelPayload(state: DiscordState, channel: Channel): Json {
  const recipient = channel.recipientId === null ? undefined : state.accounts.get(channel.recipientId);
  if (recipient !== undefined)
    return { id: channel.id, type: 1, recipients: [userPayload(recipient)], last_message_id: null };
  return {
    id: channel.id,
    type: 0,
    name: channel.name,
    guild_id: channel.guildId,
    position: 0,
    permission_overwrites: [],
    parent_id: null,
    nsfw: false,
  };
}

export function messagePayload(state: DiscordState, message: Message): Json {
  const author = state.accounts.get(message.authorId) ?? state.bot;
  const mentioned = [...message.content.matchAll(/<@!?(\d+)>/g)].flatMap(
    (match) => state.accounts.get(match[1] ?? '') ?? [],
  );
  const reply = message.replyTo === null ? undefined : state.messages.get(message.replyTo);
  const repliedTo = reply === undefined ? undefined : state.accounts.get(reply.authorId);
  const mentions = repliedTo === undefined || author.bot || !message.pingsReply ? mentioned : [...mentioned, repliedTo];
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
    mentions: [...new Set(mentions)].map(userPayload),
    mention_roles: [],
    attachments: message.attachments,
    embeds: message.embeds,
    components: message.components,
    pinned: false,
    type: message.replyTo === null ? 0 : 19,
    flags: message.flags,
    ...(message.nonce === null ? {} : { nonce: message.nonce }),
    ...(message.replyTo === null
      ? {}
      : {
          message_reference: { type: 0, message_id: message.replyTo, channel_id: message.channelId },
          referenced_message: reply ? { ...messagePayload(state, { ...reply, replyTo: null }) } : null,
        }),
  };
}
