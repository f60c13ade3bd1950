import { randomBytes } from 'node:crypto';
import { flatten } from './flatten.ts';
import type { Gateway } from './gateway.ts';
import { Handle, type Modal } from './handle.ts';
import { channelPayload, memberPayload, messagePayload, userPayload } from './payloads.ts';
import {
  type Account,
  type Channel,
  type DiscordState,
  type Interaction,
  type Json,
  type Message,
  snowflake,
} from './state.ts';
import { until } from './until.ts';
import { isObject, objects } from './validate-components.ts';

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
  slash(channel: Channel, name: string, options: Record<string, string | number | boolean> = {}): Handle {
    return this.#interact(channel, 2, this.#commandData(name, options, null));
  }

  /** What Discord shows while `focused` is typed. */
  async autocomplete(
    channel: Channel,
    name: string,
    options: Record<string, string>,
    focused: string,
  ): Promise<{ name: string; value: string }[]> {
    const { interaction } = this.#interact(channel, 4, this.#commandData(name, options, focused));
    await until(this.#state, () => {
      if (interaction.choices === null && Date.now() - interaction.createdAt > this.#state.limits.interactionMs)
        throw new Error('Loading options failed');
      return interaction.choices !== null;
    });
    return objects(interaction.choices).map((choice) => ({ name: String(choice.name), value: String(choice.value) }));
  }

  /** Presses a button by its custom_id or label. Throws when it is not there or disabled. */
  press(message: Message, button: string): Handle {
    const found = this.#component(
      message,
      (part) => part.type === 2 && (part.custom_id === button || part.label === button),
      button,
    );
    return this.#interact(this.#channelOf(message), 3, { custom_id: found.custom_id, component_type: 2 }, message);
  }

  /** Chooses in a select by its custom_id or placeholder; values or labels. */
  select(message: Message, select: string, values: readonly string[]): Handle {
    const found = this.#component(
      message,
      (part) => part.type === 3 && (part.custom_id === select || part.placeholder === select),
      select,
    );
    const options = objects(found.options);
    const chosen = values.map((value) => {
      const option = options.find((candidate) => candidate.value === value || candidate.label === value);
      if (option === undefined)
        throw new Error(`no option ${value} in ${select}: ${options.map((candidate) => candidate.label).join(', ')}`);
      return option.value;
    });
    return this.#interact(
      this.#channelOf(message),
      3,
      { custom_id: found.custom_id, component_type: 3, values: chosen },
      message,
    );
  }

  /** Sends a modal with what was typed; a field that is not named keeps its prefilled value. */
  submitModal(modal: Modal, typed: Record<string, string>): Handle {
    const components = objects(modal.data.components).flatMap((part) => {
      const field = isObject(part.component) ? part.component : objects(part.components)[0];
      if (field === undefined) return [];
      const id = String(field.custom_id);
      const value = typed[id] ?? (typeof field.value === 'string' ? field.value : '');
      if (field.required !== false && value === '') throw new Error(`the field ${id} is required`);
      if (value.length > Number(field.max_length ?? 4000)) throw new Error(`the field ${id} is too long`);
      const answer = field.type === 3 ? { type: 3, custom_id: id, values: [value] } : { type: 4, custom_id: id, value };
      return [part.component === undefined ? { type: 1, components: [answer] } : { type: 18, component: answer }];
    });
    const source = this.#state.messages.get(modal.interaction.originalId ?? '');
    const channel = this.#state.channels.get(modal.interaction.channelId);
    if (channel === undefined) throw new Error('the channel is gone');
    return this.#interact(channel, 5, { custom_id: modal.data.custom_id, components }, source);
  }

  /** Writes a message. `mention` puts the bot's mention in front. */
  say(channel: Channel, text: string, options: { replyTo?: Message; ping?: boolean; mention?: boolean } = {}): Message {
    const content = options.mention ? `<@${this.#state.bot.id}> ${text}` : text;
    const message = this.#state.addMessage({
      channelId: channel.id,
      authorId: this.id,
      content,
      replyTo: options.replyTo?.id ?? null,
      pingsReply: options.ping ?? true,
    });
    if (this.#state.isMember(channel)) {
      const member = channel.guildId === null ? {} : { member: { ...memberPayload(this.account), user: undefined } };
      this.#gateway.dispatch('MESSAGE_CREATE', { ...messagePayload(this.#state, message), ...member });
    }
    return message;
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
  async waitFor(channel: Channel, matches: (message: Message) => boolean, limitMs = 10_000): Promise<Message> {
    return until(
      this.#state,
      () =>
        this.sees(channel)
          .reverse()
          .find(
            (message) => message.authorId === this.#state.bot.id && (message.flags & 128) === 0 && matches(message),
          ) ?? null,
      limitMs,
    );
  }

  #interact(channel: Channel, type: number, data: Json, source?: Message): Handle {
    const state = this.#state;
    const interaction: Interaction = {
      id: snowflake(),
      token: randomBytes(32).toString('base64url'),
      type,
      userId: this.id,
      channelId: channel.id,
      createdAt: Date.now(),
      answered: null,
      originalId: source?.id ?? null,
      ephemeral: source?.ephemeralFor != null,
      choices: null,
      modal: null,
      followUps: 0,
    };
    state.interactions.set(interaction.id, interaction);
    const person =
      channel.guildId === null
        ? { user: userPayload(this.account) }
        : {
            member: memberPayload(this.account),
            guild_id: channel.guildId,
            guild: { id: channel.guildId, locale: 'en-US', features: [] },
            guild_locale: 'en-US',
          };
    const isMember = state.isMember(channel);
    this.#gateway.dispatch('INTERACTION_CREATE', {
      id: interaction.id,
      application_id: state.applicationId,
      type,
      data,
      token: interaction.token,
      version: 1,
      channel_id: channel.id,
      channel: channelPayload(state, channel),
      ...person,
      ...(source === undefined ? {} : { message: messagePayload(state, source) }),
      locale: 'en-US',
      app_permissions: '2147483647',
      entitlements: [],
      authorizing_integration_owners: isMember && channel.guildId !== null ? { 0: channel.guildId } : { 1: this.id },
      context: channel.guildId === null ? 1 : 0,
      attachment_size_limit: 10_485_760,
    });
    return new Handle(state, interaction);
  }

  #channelOf(message: Message): Channel {
    const channel = this.#state.channels.get(message.channelId);
    if (channel === undefined) throw new Error('the channel is gone');
    return channel;
  }

  #component(message: Message, matches: (part: Json) => boolean, name: string): Json {
    const current = this.#state.messages.get(message.id) ?? message;
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

  #commandData(name: string, options: Record<string, string | number | boolean>, focused: string | null): Json {
    const [commandName = '', ...path] = name.split(' ');
    const command = this.#state.commands.find((candidate) => candidate.name === commandName);
    if (command === undefined) throw new Error(`there is no /${commandName}`);
    const definition = path.reduce<Json | undefined>(
      (node, part) => objects(node?.options).find((option) => option.name === part),
      command,
    );
    if (definition === undefined) throw new Error(`there is no /${name}`);
    const known = objects(definition.options);
    for (const option of known) {
      if (option.required === true && focused === null && options[String(option.name)] === undefined)
        throw new Error(`/${name} needs ${option.name}`);
    }
    const given = Object.entries(options).map(([key, value]) => {
      const option = known.find((candidate) => candidate.name === key);
      if (option === undefined) throw new Error(`/${name} has no option ${key}`);
      const choices = objects(option.choices);
      if (choices.length > 0 && focused === null && !choices.some((choice) => choice.value === value))
        throw new Error(`${value} is no choice of ${key}`);
      return { name: key, type: option.type, value, ...(key === focused ? { focused: true } : {}) };
    });
    const nested = path.reduceRight<Json[]>(
      (inner, part, index) => [{ name: part, type: index === path.length - 1 ? 1 : 2, options: inner }],
      given,
    );
    return { id: command.id, name: commandName, type: 1, options: nested };
  }
}
