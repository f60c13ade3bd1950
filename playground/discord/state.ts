import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';

export type Json = Record<string, unknown>;

export type Account = { id: string; username: string; global_name: string; bot: boolean; dmsClosed: boolean };

export type Channel = {
  id: string;
  name: string;
  guildId: string | null;
  /** Of a DM: who talks with the bot. */
  recipientId: string | null;
  /** Bits that the bot lacks here: VIEW_CHANNEL 1<<10, SEND_MESSAGES 1<<11. */
  deniedToBot: bigint;
};

export type Message = {
  id: string;
  channelId: string;
  authorId: string;
  content: string;
  embeds: Json[];
  components: Json[];
  attachments: Json[];
  flags: number;
  nonce: string | null;
  replyTo: string | null;
  /** Whether a reply mentions whom it answers. */
  pingsReply: boolean;
  /** Only this person sees it. */
  ephemeralFor: string | null;
  editCount: number;
  deleted: boolean;
  /** Set when the message answers an interaction. */
  interactionId: string | null;
  allowedMentions: unknown;
  createdAt: number;
  editedAt: number | null;
};

export type Interaction = {
  id: string;
  token: string;
  type: number;
  userId: string;
  channelId: string;
  createdAt: number;
  /** How it was answered: null while nobody did. */
  answered: null | 'message' | 'deferred' | 'deferred-update' | 'update' | 'autocomplete' | 'modal';
  /** The message that `@original` names. */
  originalId: string | null;
  ephemeral: boolean;
  choices: Json[] | null;
  modal: Json | null;
  /** Followups used where the bot is no member. */
  followUps: number;
};

export type Limits = {
  /** How long an interaction may stay unanswered, and its token valid; milliseconds. */
  interactionMs: number;
  tokenMs: number;
  /** Discord's rate limits: 50 requests a second, 5 messages or edits in 5 seconds a channel. */
  rateLimits: boolean;
};

let counter = 0;
/** A new Discord id: it sorts by time. */
export function snowflake(): string {
  counter = (counter + 1) % 4096;
  return String((BigInt(Date.now() - 1_420_070_400_000) << 22n) | BigInt(counter));
}

/** All that the playground's Discord knows. `changes` fires 'change' after each. */
export class DiscordState {
  readonly token = `playground.${randomBytes(24).toString('base64url')}`;
  readonly applicationId = snowflake();
  readonly bot: Account = {
    id: this.applicationId,
    username: 'assistarr',
    global_name: 'Assistarr',
    bot: true,
    dmsClosed: false,
  };
  readonly guildId = snowflake();
  /** A server where the bot is no member: only user-installed commands work there. */
  readonly foreignGuildId = snowflake();
  readonly accounts = new Map<string, Account>([[this.bot.id, this.bot]]);
  readonly channels = new Map<string, Channel>();
  readonly messages = new Map<string, Message>();
  readonly interactions = new Map<string, Interaction>();
  readonly changes = new EventEmitter().setMaxListeners(0);
  readonly limits: Limits;
  readonly applicationFlags: number;
  commands: Json[] = [];
  ownerId: string | null = null;

  constructor(options: { limits: Limits; messageContent: boolean }) {
    this.limits = options.limits;
    this.applicationFlags = options.messageContent ? 1 << 19 : 0;
  }

  changed(): void {
    this.changes.emit('change');
  }

  addChannel(name: string, guildId: string | null, recipientId: string | null = null): Channel {
    const channel = { id: snowflake(), name, guildId, recipientId, deniedToBot: 0n };
    this.channels.set(channel.id, channel);
    return channel;
  }

  dmChannel(userId: string): Channel {
    const there = [...this.channels.values()].find((channel) => channel.recipientId === userId);
    return there ?? this.addChannel(`dm-${userId}`, null, userId);
  }

  addMessage(message: Partial<Message> & Pick<Message, 'channelId' | 'authorId'>): Message {
    const whole: Message = {
      id: snowflake(),
      content: '',
      embeds: [],
      components: [],
      attachments: [],
      flags: 0,
      nonce: null,
      replyTo: null,
      pingsReply: true,
      ephemeralFor: null,
      editCount: 0,
      deleted: false,
      interactionId: null,
      allowedMentions: null,
      createdAt: Date.now(),
      editedAt: null,
      ...message,
    };
    this.messages.set(whole.id, whole);
    this.changed();
    return whole;
  }

  isMember(channel: Channel): boolean {
    return channel.guildId !== this.foreignGuildId;
  }
}
