import type { AddressInfo } from 'node:net';
import { flatten } from './flatten.ts';
import { Gateway } from './gateway.ts';
import { channelPayload } from './payloads.ts';
import { Person } from './person.ts';
import { renderMessage } from './render.ts';
import { Rest, type RestFault } from './rest.ts';
import { type Channel, DiscordState, type Message, snowflake } from './state.ts';
import { until } from './until.ts';
import { objects } from './validate-components.ts';

export type PlaygroundDiscord = {
  /** For the setting DISCORD_API_URL. */
  apiUrl: string;
  token: string;
  state: DiscordState;
  rest: Rest;
  gateway: Gateway;
  /** Someone by name, made when first named. The first one made with `owner` owns the application. */
  person(name: string, options?: { owner?: boolean; dmsClosed?: boolean }): Person;
  /** A text channel of the server, made when first named. */
  channel(name: string): Channel;
  /** A channel of a server where the bot is no member. */
  foreignChannel(name: string): Channel;
  until<Found>(look: () => Found | null | false | undefined, limitMs?: number): Promise<Found>;
  /** The next `times` REST calls that match "METHOD /path" fail. */
  fail(fault: Omit<RestFault, 'times'> & { times?: number }): void;
  render(message: Message): string;
  /** The choices on a message, with what they offer. */
  selectsOf(message: Message): { id: string; options: { label: string; value: string }[] }[];
  stop(): Promise<void>;
};

/** A Discord on a free loopback port. `rateLimits: false` lifts Discord's limits; times are in milliseconds. */
export async function startDiscord(
  options: {
    interactionMs?: number;
    tokenMs?: number;
    rateLimits?: boolean;
    messageContent?: boolean;
    port?: number;
  } = {},
): Promise<PlaygroundDiscord> {
  const limits = {
    interactionMs: options.interactionMs ?? 3000,
    tokenMs: options.tokenMs ?? 15 * 60 * 1000,
    rateLimits: options.rateLimits ?? true,
  };
  const state = new DiscordState({ limits, messageContent: options.messageContent ?? true });
  let port = 0;
  const gatewayUrl = () => `ws://127.0.0.1:${port}/gateway`;
  const rest = new Rest(state, gatewayUrl);
  const gateway = new Gateway(state, rest.server, gatewayUrl);
  rest.gateway = gateway;
  await new Promise<void>((resolve) => rest.server.listen(options.port ?? 0, '127.0.0.1', resolve));
  port = portOf(rest.server.address());
  const people = new Map<string, Person>();
  const named = (name: string, guildId: string) => {
    const there = [...state.channels.values()].find((channel) => channel.name === name && channel.guildId === guildId);
    if (there !== undefined) return there;
    const made = state.addChannel(name, guildId);
    if (state.isMember(made)) gateway.dispatch('CHANNEL_CREATE', channelPayload(state, made));
    return made;
  };
  named('general', state.guildId);
  named('films', state.guildId);

  return {
    apiUrl: `http://127.0.0.1:${port}/api`,
    token: state.token,
    state,
    rest,
    gateway,
    person(name, { owner = false, dmsClosed = false } = {}) {
      const there = people.get(name);
      if (there !== undefined) return there;
      const account = { id: snowflake(), username: name.toLowerCase(), global_name: name, bot: false, dmsClosed };
      state.accounts.set(account.id, account);
      if (owner) state.ownerId = account.id;
      const person = new Person(state, gateway, account);
      people.set(name, person);
      return person;
    },
    channel: (name) => named(name, state.guildId),
    foreignChannel: (name) => named(name, state.foreignGuildId),
    until: (look, limitMs) => until(state, look, limitMs),
    fail: (fault) => void rest.faults.push({ times: 1, ...fault }),
    render: (message) => renderMessage(state, message),
    selectsOf: (message) =>
      flatten(message.components)
        .filter((component) => component.type === 3)
        .map((select) => ({
          id: String(select.custom_id),
          options: objects(select.options).map(({ label, value }) => ({ label: String(label), value: String(value) })),
        })),
    stop: async () => {
      await gateway.stop();
      rest.server.closeAllConnections();
      await new Promise<void>((resolve) => rest.server.close(() => resolve()));
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port');
  return address.port;
}
