import { randomBytes } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { channelPayload, memberPayload, userPayload } from './payloads.ts';
import type { DiscordState, Json } from './state.ts';
import { isObject } from './validate-components.ts';

type Session = { id: string; intents: number; events: { t: string; s: number; d: Json }[]; socket: WebSocket | null };

const guilds = 1 << 0;
const guildMessages = 1 << 9;
const directMessages = 1 << 12;
const messageContent = 1 << 15;
const privileged = (1 << 1) | (1 << 8) | messageContent;

/** The gateway: identify, heartbeat, events, resume with what was missed. */
export class Gateway {
  readonly #state: DiscordState;
  readonly #sessions = new Map<string, Session>();
  readonly #server: WebSocketServer;
  readonly #url: () => string;
  /** Every event is delivered twice when set, as happens on a bad day. */
  duplicate = false;

  constructor(state: DiscordState, server: Server, url: () => string) {
    this.#state = state;
    this.#url = url;
    this.#server = new WebSocketServer({ server, path: '/gateway' });
    this.#server.on('connection', (socket: WebSocket, _request: IncomingMessage) => this.#connect(socket));
  }

  get connected(): number {
    return [...this.#sessions.values()].filter((session) => session.socket !== null).length;
  }

  /** Sends an event to every session that asked for its kind; a session that is cut off gets it when it resumes. */
  dispatch(t: string, d: Json): void {
    for (const session of this.#sessions.values()) {
      const seen = visible(session, t, d, this.#state.bot.id);
      if (seen === null) continue;
      const event = { t, s: session.events.length + 1, d: seen };
      session.events.push(event);
      send(session.socket, { op: 0, ...event });
      if (this.duplicate) send(session.socket, { op: 0, ...event });
    }
  }

  /** Cuts the connections without a word; clients may resume. */
  drop(): void {
    for (const session of this.#sessions.values()) {
      session.socket?.terminate();
      session.socket = null;
    }
  }

  /** Asks every client to reconnect and resume. */
  askToReconnect(): void {
    for (const { socket } of this.#sessions.values()) send(socket, { op: 7, d: null });
  }

  /** Ends the sessions: clients must identify anew. */
  invalidate(): void {
    for (const session of this.#sessions.values()) send(session.socket, { op: 9, d: false });
    this.#sessions.clear();
  }

  async stop(): Promise<void> {
    for (const client of this.#server.clients) client.terminate();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #connect(socket: WebSocket): void {
    send(socket, { op: 10, d: { heartbeat_interval: 41_250 } });
    socket.on('message', (data) => {
      const message: unknown = JSON.parse(String(data));
      if (isObject(message)) this.#receive(socket, message);
    });
    socket.on('close', () => {
      for (const session of this.#sessions.values()) if (session.socket === socket) session.socket = null;
    });
  }

  #receive(socket: WebSocket, message: Json): void {
    const data = isObject(message.d) ? message.d : {};
    if (message.op === 1) send(socket, { op: 11 });
    if (message.op === 2) this.#identify(socket, data);
    if (message.op === 6) this.#resume(socket, data);
  }

  #identify(socket: WebSocket, data: Json): void {
    if (data.token !== this.#state.token) {
      socket.close(4004, 'Authentication failed.');
      return;
    }
    const intents = Number(data.intents);
    const granted = (this.#state.applicationFlags & (1 << 19)) === 0 ? 0 : messageContent;
    if ((intents & privileged & ~granted) !== 0) {
      socket.close(4014, 'Disallowed intent(s).');
      return;
    }
    const session: Session = { id: randomBytes(16).toString('hex'), intents, events: [], socket };
    this.#sessions.set(session.id, session);
    const state = this.#state;
    this.#sendTo(session, 'READY', {
      v: 10,
      user: userPayload(state.bot),
      session_id: session.id,
      resume_gateway_url: this.#url(),
      guilds: [{ id: state.guildId, unavailable: true }],
      application: { id: state.applicationId, flags: state.applicationFlags },
    });
    if ((intents & guilds) === 0) return;
    const channels = [...state.channels.values()].filter((channel) => channel.guildId === state.guildId);
    this.#sendTo(session, 'GUILD_CREATE', {
      id: state.guildId,
      name: 'Playground',
      owner_id: state.ownerId ?? state.bot.id,
      channels: channels.map((channel) => channelPayload(state, channel)),
      roles: [
        {
          id: state.guildId,
          name: '@everyone',
          permissions: '2147483647',
          position: 0,
          color: 0,
          hoist: false,
          managed: false,
          mentionable: false,
        },
      ],
      members: [memberPayload(state.bot)],
      member_count: 3,
      emojis: [],
      stickers: [],
      features: [],
      threads: [],
      presences: [],
      voice_states: [],
      stage_instances: [],
      guild_scheduled_events: [],
      preferred_locale: 'en-US',
      joined_at: '2026-01-01T00:00:00.000Z',
      large: false,
      unavailable: false,
    });
  }

  #resume(socket: WebSocket, data: Json): void {
    const session = this.#sessions.get(String(data.session_id));
    if (session === undefined || data.token !== this.#state.token) {
      send(socket, { op: 9, d: false });
      return;
    }
    session.socket = socket;
    const missed = session.events.filter((event) => event.s > Number(data.seq));
    for (const event of missed) send(socket, { op: 0, ...event });
    this.#sendTo(session, 'RESUMED', {});
  }

  #sendTo(session: Session, t: string, d: Json): void {
    const event = { t, s: session.events.length + 1, d };
    session.events.push(event);
    send(session.socket, { op: 0, ...event });
  }
}

/** What a session sees of an event, or null when it did not ask for its kind. */
function visible(session: Session, t: string, d: Json, botId: string): Json | null {
  if (!t.startsWith('MESSAGE_')) return d;
  const isGuild = typeof d.guild_id === 'string';
  if ((session.intents & (isGuild ? guildMessages : directMessages)) === 0) return null;
  if (!isGuild || (session.intents & messageContent) !== 0) return d;
  const mentions = Array.isArray(d.mentions) ? d.mentions : [];
  const isForBot = mentions.some((user) => isObject(user) && user.id === botId);
  const isOwn = isObject(d.author) && d.author.id === botId;
  return isForBot || isOwn ? d : { ...d, content: '', embeds: [], attachments: [], components: [] };
}

function send(socket: WebSocket | null, payload: Json): void {
  if (socket !== null && socket.readyState === socket.OPEN) socket.send(JSON.stringify(payload));
}
