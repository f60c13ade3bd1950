import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Json } from '../json.ts';

export type Account = {
  id: string;
  username: string;
  global_name: string;
  bot: boolean;
  dmsClosed: boolean;
  /** The language that they have chosen in Discord. */
  locale: string;
};

export type Channel = {
  id: string;
  name: string;
  guildId: string | null;
  /** Of a DM: who talks with the bot. */
  recipientId: string | null;
  /** Permission bits that the bot lacks here: VIEW_CHANNEL 1<<10, SEND_MESSAGES 1<<11, … */
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
  /** Of a reply: whether it mentions the author of what it replies to. */
  pingsReply: boolean;
  /** Only this person sees it. */
  ephemeralFor: string | null;
  editCount: number;
  deleted: boolean;
  /** Set when the message answers an interaction. */
  interactionId: string | null;
  allowedMentions: unknown;
  /** Who reacted with which emoji. */
  reactions: Map<string, Set<string>>;
  createdAt: number;
  editedAt: number | null;
};

export type Interaction = {
  id: string;
  token: string;
  type: number;
  userId: string;
  channelId: string;
  /** "request movie", when a command was typed. */
  commandName: string | null;
  createdAt: number;
  /** How it was answered: null while nobody did. */
  answered: null | 'message' | 'deferred' | 'deferred-update' | 'update' | 'autocomplete' | 'modal';
  /** The message whose button, select or modal it came from. */
  sourceId: string | null;
  /** The message that `@original` names. */
  originalId: string | null;
  /** The type of the option that is being typed, when it asks for choices. */
  focusedType: number | null;
  choices: Json[] | null;
  modal: Json | null;
  /** Follow-ups used: five are the most where the bot is no member. */
  followUps: number;
};

export type Limits = {
  /** How long an interaction may stay unanswered, and its token valid; milliseconds. */
  interactionMs: number;
  tokenMs: number;
  /** Discord's rate limits: 50 requests a second, 5 messages and 5 edits in 5 seconds a channel. */
  rateLimits: boolean;
};

const discordEpoch = 1_420_070_400_000;
let last = 0n;
/** A new Discord id: it holds the time, and each is greater than the one before. */
export function snowflake(): string {
  const now = BigInt(Date.now() - discordEpoch) << 22n;
  last = now > last ? now : last + 1n;
  return String(last);
}

/** All that the playground's Discord knows. `changes` fires 'change' after each. */
export class DiscordState {
  readonly token: string;
  readonly applicationId = snowflake();
  readonly bot: Account = {
    id: this.applicationId,
    username: 'assistarr',
    global_name: 'Assistarr',
    bot: true,
    dmsClosed: false,
    locale: 'en-US',
  };
  readonly guildId = snowflake();
  /** The language of the servers. */
  readonly guildLocale: string;
  /** A server where the bot is no member: only user-installed commands work there. */
  readonly foreignGuildId = snowflake();
  readonly accounts = new Map<string, Account>([[this.bot.id, this.bot]]);
  readonly channels = new Map<string, Channel>();
  readonly messages = new Map<string, Message>();
  readonly interactions = new Map<string, Interaction>();
  /** The bytes of attachments, by the attachment's id. */
  readonly files = new Map<string, { bytes: Buffer; type: string }>();
  readonly changes = new EventEmitter().setMaxListeners(0);
  readonly limits: Limits;
  readonly applicationFlags: number;
  readonly teamId = snowflake();
  /** Who is in the application's team; it belongs to one person while there is nobody. */
  readonly teamMembers: string[] = [];
  /** Until when the bot is shown as typing, by channel. */
  readonly typing = new Map<string, number>();
  commands: Json[] = [];
  ownerId: string | null = null;
  /** Where the playground listens, once it does. */
  baseUrl = '';
  readonly #dms = new Map<string, Channel>();
  readonly #byToken = new Map<string, Interaction>();
  readonly #byNonce = new Map<string, Message>();

  constructor(options: { limits: Limits; messageContent: boolean; guildLocale: string; token?: string }) {
    this.limits = options.limits;
    this.guildLocale = options.guildLocale;
    this.token = options.token ?? `playground.${randomBytes(24).toString('base64url')}`;
    // GATEWAY_MESSAGE_CONTENT_LIMITED: what an application in fewer than 100 servers has.
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
    const channel = this.#dms.get(userId) ?? this.addChannel(`dm-${userId}`, null, userId);
    this.#dms.set(userId, channel);
    return channel;
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
      pingsReply: false,
      ephemeralFor: null,
      editCount: 0,
      deleted: false,
      interactionId: null,
      allowedMentions: null,
      reactions: new Map(),
      createdAt: Date.now(),
      editedAt: null,
      ...message,
    };
    this.messages.set(whole.id, whole);
    if (whole.authorId === this.bot.id) this.typing.delete(whole.channelId);
    if (whole.nonce !== null) this.#byNonce.set(`${whole.channelId}:${whole.nonce}`, whole);
    this.changed();
    return whole;
  }

  /** The message that was created in a channel with this nonce. */
  messageOfNonce(channelId: string, nonce: string): Message | undefined {
    return this.#byNonce.get(`${channelId}:${nonce}`);
  }

  addInteraction(
    given: Pick<Interaction, 'type' | 'userId' | 'channelId' | 'sourceId' | 'focusedType'> & Partial<Interaction>,
  ): Interaction {
    const interaction: Interaction = {
      id: snowflake(),
      token: randomBytes(32).toString('base64url'),
      commandName: null,
      createdAt: Date.now(),
      answered: null,
      originalId: null,
      choices: null,
      modal: null,
      followUps: 0,
      ...given,
    };
    this.interactions.set(interaction.id, interaction);
    this.#byToken.set(interaction.token, interaction);
    return interaction;
  }

  interactionOfToken(token: string): Interaction | undefined {
    return this.#byToken.get(token);
  }

  /** Whether the bot is in the server of this channel; it is in every DM. */
  isMember(channel: Channel): boolean {
    return channel.guildId !== this.foreignGuildId;
  }
}
