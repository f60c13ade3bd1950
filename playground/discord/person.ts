import { type Json, objects } from '../json.ts';
import { flatten } from './flatten.ts';
import type { Gateway } from './gateway.ts';
import { Handle, type Modal } from './handle.ts';
import { interactionEvent } from './interaction-event.ts';
import { announce } from './messages.ts';
import { memberPayload, partialMemberPayload } from './payloads.ts';
import { toggleReaction } from './reactions.ts';
import type { Account, Channel, DiscordState, Message } from './state.ts';
import { type OptionValue, typedCommand } from './typed-command.ts';
import { chooseOptions, typedModal } from './typed-modal.ts';
import { patienceMs, until } from './until.ts';
import { storeFile } from './uploads.ts';
import { flagThinking } from './validate-message.ts';

const command = 2;
const component = 3;
const autocomplete = 4;
const modalSubmit = 5;
const button = 2;
const select = 3;

type Chosen = { data: Json; source?: Message | undefined; focusedType?: number | null; commandName?: string };

/** Someone who uses Discord: types, presses, reads. */
export class Person {
  readonly account: Account;
  readonly #state: DiscordState;
  readonly #gateway: Gateway;

  constructor(state: DiscordState, gateway: Gateway, account: Account) {
    this.#state = state;
    this.#gateway = gateway;
    this.account = account;
  }

  get id(): string {
    return this.account.id;
  }

  /** This person's DM with the bot. */
  dm(): Channel {
    return this.#state.dmChannel(this.id);
  }

  /** `name` is "request movie"; options are checked against what the bot registered. */
  slash(channel: Channel, name: string, options: Record<string, OptionValue> = {}): Handle {
    const typed = typedCommand(this.#state, channel, { name, options, focused: null });
    return this.#interact(channel, command, { ...typed, commandName: name });
  }

  /** What Discord shows while `focused` is typed. */
  async autocomplete(
    channel: Channel,
    name: string,
    options: Record<string, OptionValue>,
    focused: string,
  ): Promise<{ name: string; value: string }[]> {
    const typed = typedCommand(this.#state, channel, { name, options, focused });
    const handle = this.#interact(channel, autocomplete, typed);
    const { interaction } = handle;
    await until(this.#state, () => {
      if (handle.failed !== null) throw new Error('Loading options failed');
      return interaction.choices !== null;
    });
    return objects(interaction.choices).map((choice) => ({ name: String(choice.name), value: String(choice.value) }));
  }

  /** Presses a button by its custom_id or label. Throws when it is not there or disabled. */
  press(message: Message, name: string): Handle {
    const found = this.#find(
      message,
      name,
      (part) => part.type === button && [part.custom_id, part.label].includes(name),
    );
    if (found.custom_id === undefined) throw new Error(`${name} is a link`);
    return this.#use(message, found, {});
  }

  /** Chooses in a select by its custom_id or placeholder; values or labels. */
  select(message: Message, name: string, values: readonly string[]): Handle {
    const found = this.#find(
      message,
      name,
      (part) => part.type === select && [part.custom_id, part.placeholder].includes(name),
    );
    return this.#use(message, found, { values: chooseOptions(found, values) });
  }

  /** Sends a modal with what was typed; a field that is not named keeps its prefilled value. */
  submitModal(modal: Modal, typed: Record<string, string | readonly string[]>): Handle {
    const { channelId, sourceId } = modal.interaction;
    const data = typedModal(modal, typed);
    return this.#interact(this.#channel(channelId), modalSubmit, {
      data,
      source: this.#state.messages.get(sourceId ?? ''),
    });
  }

  /** Writes a message. `mention` puts the bot's mention in front; a reply pings whom it answers unless `ping` is false. */
  say(
    channel: Channel,
    text: string,
    options: {
      replyTo?: Message;
      ping?: boolean;
      mention?: boolean;
      attachments?: readonly { name: string; type: string; bytes: Buffer }[];
    } = {},
  ): Message {
    const message = this.#state.addMessage({
      channelId: channel.id,
      authorId: this.id,
      content: options.mention ? `<@${this.#state.bot.id}> ${text}` : text,
      replyTo: options.replyTo?.id ?? null,
      pingsReply: options.replyTo !== undefined && options.ping !== false,
      attachments: (options.attachments ?? []).map((file, index) =>
        storeFile(this.#state, channel.id, { ...file, index }),
      ),
    });
    const member = channel.guildId === null ? {} : { member: partialMemberPayload() };
    announce({ state: this.#state, gateway: this.#gateway }, 'MESSAGE_CREATE', message, member);
    return message;
  }

  /** Puts a reaction under a message, or takes it back. */
  react(message: Message, emoji: string): void {
    const isAdded = toggleReaction(this.#state, message, { emoji, userId: this.id });
    const channel = this.#channel(message.channelId);
    this.#gateway.dispatch(isAdded ? 'MESSAGE_REACTION_ADD' : 'MESSAGE_REACTION_REMOVE', {
      user_id: this.id,
      channel_id: channel.id,
      message_id: message.id,
      message_author_id: message.authorId,
      ...(channel.guildId === null ? {} : { guild_id: channel.guildId, member: memberPayload(this.account) }),
      emoji: { id: null, name: emoji },
      type: 0,
      burst: false,
    });
  }

  /** The messages of a channel as this person sees them, oldest first. */
  sees(channel: Channel): Message[] {
    return [...this.#state.messages.values()].filter(
      (message) =>
        message.channelId === channel.id &&
        !message.deleted &&
        (message.ephemeralFor === null || message.ephemeralFor === this.id),
    );
  }

  /** The newest message of the bot in a channel that `matches`, once there is one. */
  async waitFor(channel: Channel, matches: (message: Message) => boolean, limitMs = patienceMs): Promise<Message> {
    const isSettled = (message: Message) =>
      message.authorId === this.#state.bot.id && (message.flags & flagThinking) === 0 && matches(message);
    return until(this.#state, () => this.sees(channel).findLast(isSettled), limitMs);
  }

  #use(message: Message, { custom_id, id, type }: Json, more: Json): Handle {
    const data = { custom_id, component_type: type, id, ...more };
    return this.#interact(this.#channel(message.channelId), component, { data, source: message });
  }

  #interact(channel: Channel, type: number, { data, source, focusedType = null, commandName }: Chosen): Handle {
    const state = this.#state;
    const { id: userId, account } = this;
    const given = { type, userId, channelId: channel.id, sourceId: source?.id ?? null, focusedType };
    const named = commandName === undefined ? {} : { commandName };
    const interaction = state.addInteraction({ ...given, ...named });
    this.#gateway.dispatch(
      'INTERACTION_CREATE',
      interactionEvent(state, interaction, { account, channel, data, source }),
    );
    return new Handle(state, interaction);
  }

  #channel(id: string): Channel {
    const channel = this.#state.channels.get(id);
    if (channel === undefined) throw new Error('the channel is gone');
    return channel;
  }

  #find(message: Message, name: string, matches: (part: Json) => boolean): Json {
    const current = this.#state.messages.get(message.id) ?? message;
    if (current.deleted) throw new Error('the message is gone');
    if (current.ephemeralFor !== null && current.ephemeralFor !== this.id)
      throw new Error('this person does not see that message');
    const all = flatten(current.components);
    const found = all.find(matches);
    const names = all
      .map((part) => part.label ?? part.placeholder ?? part.custom_id)
      .filter((text) => text !== undefined);
    if (found === undefined) throw new Error(`no ${name} on the message, which has: ${names.join(', ')}`);
    if (found.disabled === true) throw new Error(`${name} is disabled`);
    return found;
  }
}
