import {
  type Client,
  DiscordAPIError,
  type Message,
  type MessageCreateOptions,
  MessageFlags,
  type SendableChannels,
  type User,
} from 'discord.js';
import type { Logger } from 'pino';

export type Payload = {
  content?: string;
  components?: NonNullable<MessageCreateOptions['components']>;
  flags?: MessageFlags.IsComponentsV2;
};

/** Where an answer goes. Previews are off, because Discord would fetch every address for them. */
export type Sender = {
  /**
   * Null when the person could not be reached. Sending again with the same `nonce` (at most 25 characters) within some minutes gives
   * the existing message, also to another process after this one was killed; its content may then differ from `payload`.
   */
  send(payload: Payload, nonce: string): Promise<SentMessage | null>;
};
export type SentMessage = { id: string; channelId: string; content: string; edit(payload: Payload): Promise<void> };

/** Missing access or permission, a deleted channel, closed DMs: then the next way is tried. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof DiscordAPIError && [50001, 50013, 50007, 10003, 10004, 160002].includes(Number(error.code));
}

/** Answers a message where it was written, else in a DM of its author, else with a line in the log. */
export function replySender(message: Message, log: Logger): Sender {
  const reply = { messageReference: message.id, failIfNotExists: false };
  const channel = message.channel.isSendable() ? message.channel : null;
  return sender({ channel, person: message.author, log, first: { reply } });
}

/** Writes into a channel, as an answer to `replyTo` when given, else in a DM of the person, else logs. */
export async function channelSender(
  context: { log: Logger; client: Client },
  { channelId, discordUserId, replyTo = null }: { channelId: string; discordUserId: string; replyTo?: string | null },
): Promise<Sender> {
  const person = await context.client.users.fetch(discordUserId);
  const channel = await context.client.channels.fetch(channelId).catch((error: unknown) => {
    if (isUnreachable(error)) return null;
    throw error;
  });
  const first = replyTo === null ? {} : { reply: { messageReference: replyTo, failIfNotExists: false } };
  return sender({ channel: channel?.isSendable() ? channel : null, person, log: context.log, first });
}

function sender(options: {
  channel: SendableChannels | null;
  person: User;
  log: Logger;
  first: Pick<MessageCreateOptions, 'reply'>;
}): Sender {
  let first = options.first;
  let way: 'channel' | 'dm' = options.channel === null ? 'dm' : 'channel';
  const create = async (target: SendableChannels | User, payload: Payload, nonce: string) => {
    const allowedMentions = { parse: [], repliedUser: false };
    const message = await target.send({
      ...withoutPreviews(payload),
      ...first,
      nonce,
      enforceNonce: true,
      allowedMentions,
    });
    first = {};
    return sentMessage(message);
  };
  return {
    async send(payload, nonce) {
      try {
        if (way === 'channel' && options.channel !== null) return await create(options.channel, payload, nonce);
      } catch (error) {
        if (!isUnreachable(error)) throw error;
        options.log.info({ err: error }, 'an answer could not be written to its channel: trying a DM');
      }
      way = 'dm';
      first = {};
      try {
        return await create(options.person, payload, nonce);
      } catch (error) {
        if (!isUnreachable(error)) throw error;
        options.log.warn({ err: error }, 'a person could not be reached: neither the channel nor a DM takes messages');
        return null;
      }
    },
  };
}

/** Cards (Components V2) have no previews, and Discord accepts no content with them. */
function withoutPreviews(payload: Payload) {
  return { ...payload, flags: payload.flags ?? MessageFlags.SuppressEmbeds } as const;
}

function sentMessage(message: Message): SentMessage {
  return {
    id: message.id,
    channelId: message.channelId,
    content: message.content,
    edit: async (payload) => {
      await message.edit({ ...withoutPreviews(payload), allowedMentions: { parse: [] } });
    },
  };
}
