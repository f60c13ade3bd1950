import { messagePayload } from '../discord/payloads.ts';
import type { PlaygroundDiscord } from '../discord/start-discord.ts';
import type { Message as DiscordMessage, DiscordState, Interaction } from '../discord/state.ts';
import { flagThinking } from '../discord/validate-message.ts';
import { objects } from '../json.ts';
import type { Channel, Message, Pending, Person } from './protocol.ts';

const command = 2;
const autocomplete = 4;

/** The playground's Discord as the page shows it, and what of it changed since it was last asked. */
export class DiscordView {
  readonly #discord: PlaygroundDiscord;
  readonly #allowed: ReadonlySet<string>;
  /** What the page was told of each message. */
  readonly #told = new Map<string, string>();
  /** Components and embeds are replaced, never changed, so that their identity tells an edit. */
  readonly #versions = new WeakMap<object, number>();
  #version = 0;

  /** `allowed`: who may use the bot besides its owner. */
  constructor(discord: PlaygroundDiscord, allowed: ReadonlySet<string>) {
    this.#discord = discord;
    this.#allowed = allowed;
  }

  people(): Person[] {
    const { state } = this.#discord;
    return [...state.accounts.values()].map((account) => ({
      id: account.id,
      name: account.global_name,
      isBot: account.bot,
      note: account.bot ? 'the bot' : account.id === state.ownerId ? 'owns the bot' : this.#rightOf(account.id),
    }));
  }

  #rightOf(personId: string): string {
    return this.#allowed.has(personId) ? 'may use the bot' : 'a stranger to the bot';
  }

  channels(): Channel[] {
    const { state } = this.#discord;
    return [...state.channels.values()]
      .filter((channel) => channel.guildId === state.guildId || channel.guildId === null)
      .map(({ id, name, recipientId }) => ({ id, name, recipientId }));
  }

  messages(): Message[] {
    const { state } = this.#discord;
    return [...state.messages.values()].filter((message) => !message.deleted).map((message) => show(state, message));
  }

  /** Messages that are new or changed, and the ids of those that are gone. */
  changes(): { changed: Message[]; gone: string[] } {
    const { state } = this.#discord;
    const changed: Message[] = [];
    const gone: string[] = [];
    for (const message of state.messages.values()) {
      const now = this.#fingerprint(message);
      const before = this.#told.get(message.id);
      if (before === now) continue;
      this.#told.set(message.id, now);
      if (!message.deleted) changed.push(show(state, message));
      else if (before !== undefined) gone.push(message.id);
    }
    return { changed, gone };
  }

  /** What people did that is not answered; what failed stays for ten seconds, as long as Discord says so. */
  pending(): Pending[] {
    const { state } = this.#discord;
    const now = Date.now();
    return [...state.interactions.values()]
      .filter((one) => isPending(state, one, now))
      .map((one) => ({
        id: one.id,
        userId: one.userId,
        channelId: one.channelId,
        sourceId: one.sourceId,
        command: one.type === command ? one.commandName : null,
        failed: now - one.createdAt > state.limits.interactionMs,
      }));
  }

  #fingerprint(message: DiscordMessage): string {
    const { flags, editCount, deleted, reactions } = message;
    const people = [...reactions].map(([emoji, ids]) => `${emoji}${ids.size}`).join();
    return [
      flags,
      editCount,
      deleted,
      people,
      this.#versionOf(message.components),
      this.#versionOf(message.embeds),
    ].join();
  }

  #versionOf(part: object): number {
    const there = this.#versions.get(part);
    if (there !== undefined) return there;
    this.#versions.set(part, ++this.#version);
    return this.#version;
  }
}

const shownFailureMs = 10_000;

function isPending(state: DiscordState, interaction: Interaction, now: number): boolean {
  if (interaction.answered !== null || interaction.type === autocomplete) return false;
  return now - interaction.createdAt < state.limits.interactionMs + shownFailureMs;
}

function show(state: DiscordState, message: DiscordMessage): Message {
  const payload = messagePayload(state, message);
  const interaction = state.interactions.get(message.interactionId ?? '');
  return {
    id: message.id,
    channelId: message.channelId,
    authorId: message.authorId,
    content: message.content,
    embeds: message.embeds,
    components: objects(payload.components),
    attachments: message.attachments,
    reactions: [...message.reactions].map(([emoji, ids]) => ({ emoji, userIds: [...ids] })),
    isThinking: (message.flags & flagThinking) !== 0,
    isEdited: message.editedAt !== null,
    ephemeralFor: message.ephemeralFor,
    replyTo: message.replyTo,
    mentions: objects(payload.mentions).map((user) => String(user.id)),
    command:
      interaction?.commandName == null || interaction.originalId !== message.id
        ? null
        : { userId: interaction.userId, name: interaction.commandName },
    createdAt: message.createdAt,
  };
}
