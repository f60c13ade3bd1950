import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { objects } from '../json.ts';
import { flatten } from './flatten.ts';
import { Gateway } from './gateway.ts';
import { channelPayload } from './payloads.ts';
import { Person } from './person.ts';
import { renderMessage } from './render.ts';
import { Rest } from './rest.ts';
import type { RestFault } from './rest-faults.ts';
import { type Channel, DiscordState, type Message, snowflake } from './state.ts';
import { until } from './until.ts';

type StartOptions = {
  /** The bot's token; a random one without it. */
  token?: string;
  /** How long an interaction may stay unanswered (3 s), and its token valid (15 min); milliseconds. */
  interactionMs?: number;
  tokenMs?: number;
  /** How often clients are asked to show that they live (41 s); milliseconds. */
  heartbeatMs?: number;
  /** `false` lifts Discord's rate limits. */
  rateLimits?: boolean;
  /** Whether the privileged message-content intent is granted; it is by default. */
  messageContent?: boolean;
  /** The language of the servers, as Discord names it; "en-US" without it. */
  guildLocale?: string;
  port?: number;
};

type PersonOptions = {
  /** The application is theirs. */
  owner?: boolean;
  /** They are in the team whose application it is. */
  inTeam?: boolean;
  dmsClosed?: boolean;
};

export type PlaygroundDiscord = {
  /** For the setting DISCORD_API_URL. */
  apiUrl: string;
  token: string;
  state: DiscordState;
  rest: Rest;
  gateway: Gateway;
  /** Someone by name, made when first named. */
  person(name: string, options?: PersonOptions): Person;
  /** A text channel of the server, made when first named. */
  channel(name: string): Channel;
  /** A channel of a server where the bot is no member. */
  foreignChannel(name: string): Channel;
  until<Found>(look: () => Found | null | false | undefined, limitMs?: number): Promise<Found>;
  /** The next `times` REST calls that match "METHOD /path" fail. */
  fail(fault: Omit<RestFault, 'times' | 'status'> & { times?: number; status?: number }): void;
  render(message: Message): string;
  /** The choices on a message, with what they offer. */
  selectsOf(message: Message): { id: string; options: { label: string; value: string }[] }[];
  stop(): Promise<void>;
};

/** A Discord on a free loopback port, as strict as the real one. */
export async function startDiscord(options: StartOptions = {}): Promise<PlaygroundDiscord> {
  const limits = {
    interactionMs: options.interactionMs ?? 3000,
    tokenMs: options.tokenMs ?? 15 * 60 * 1000,
    rateLimits: options.rateLimits ?? true,
  };
  const { token, messageContent = true, guildLocale = 'en-US', heartbeatMs = 41_250 } = options;
  const state = new DiscordState({ limits, messageContent, guildLocale, ...(token === undefined ? {} : { token }) });
  const server = createServer();
  const gateway = new Gateway(state, server, { heartbeatMs });
  const rest = new Rest(state, gateway);
  server.on('request', (request, response) => {
    rest.serve(request, response).catch((error: unknown) => {
      // A fault of the playground itself: the bot sees a server error, and whoever runs it sees why.
      console.error('the playground’s Discord failed:', error);
      if (!response.headersSent) response.writeHead(500).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  state.baseUrl = `http://127.0.0.1:${portOf(server.address())}`;
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
    apiUrl: `${state.baseUrl}/api`,
    token: state.token,
    state,
    rest,
    gateway,
    person(name, { owner = false, inTeam = false, dmsClosed = false } = {}) {
      const there = people.get(name);
      if (there !== undefined) return there;
      const names = { username: name.toLowerCase(), global_name: name };
      const account = { id: snowflake(), ...names, bot: false, dmsClosed, locale: 'en-US' };
      state.accounts.set(account.id, account);
      if (owner) state.ownerId = account.id;
      if (inTeam) state.teamMembers.push(account.id);
      const person = new Person(state, gateway, account);
      people.set(name, person);
      return person;
    },
    channel: (name) => named(name, state.guildId),
    foreignChannel: (name) => named(name, state.foreignGuildId),
    until: (look, limitMs) => until(state, look, limitMs),
    fail: (fault) => void rest.faults.push({ times: 1, status: 0, ...fault }),
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
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port');
  return address.port;
}
