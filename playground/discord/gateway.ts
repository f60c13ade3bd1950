import { randomBytes } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { isObject, type Json, parsed } from '../json.ts';
import { greeting, heard, refuseIntents } from './gateway-events.ts';
import { GatewaySocket } from './gateway-socket.ts';
import type { DiscordState } from './state.ts';

type Event = { t: string; s: number; d: Json };
type Session = {
  id: string;
  intents: number;
  shard: readonly [id: number, count: number];
  sequence: number;
  /** The newest events, for clients that resume. */
  events: Event[];
  socket: GatewaySocket | null;
};

const heartbeat = 1;
const identify = 2;
const resume = 6;
/** Presence, voice state, members: taken, and of no effect. */
const otherOpcodes = [3, 4, 8];

/** A client that missed more than this cannot resume. */
const mostKept = 2000;
/** A client that sends more than this in a minute is cut off with 4008. */
const mostSentPerMinute = 120;

/** The gateway: identify, heartbeat, events, resume with what was missed. */
export class Gateway {
  readonly #state: DiscordState;
  readonly #sessions = new Map<string, Session>();
  readonly #server: WebSocketServer;
  readonly #heartbeatMs: number;
  /** Every event is delivered twice when set, as happens on a bad day. */
  duplicate = false;
  /** Heartbeats stay unanswered when set: the connection is dead, but nobody said so. */
  silent = false;
  /** Nobody gets a connection when set. */
  refuse = false;
  /** How many heartbeats came. */
  heartbeats = 0;
  /** When a client was last told that it is ready; milliseconds since 1970. */
  readyAt = 0;

  constructor(state: DiscordState, server: Server, options: { heartbeatMs: number }) {
    this.#state = state;
    this.#heartbeatMs = options.heartbeatMs;
    this.#server = new WebSocketServer({ server, path: '/gateway' });
    this.#server.on('connection', (socket: WebSocket, request: IncomingMessage) => this.#connect(socket, request));
  }

  /** Where clients connect. */
  get url(): string {
    return `${this.#state.baseUrl.replace('http', 'ws')}/gateway`;
  }

  /** How many clients are connected and known. */
  get connected(): number {
    return [...this.#sessions.values()].filter((session) => session.socket !== null).length;
  }

  /** Sends an event to every session that asked for its kind; a session that is cut off gets it when it resumes. */
  dispatch(t: string, d: Json): void {
    for (const session of this.#sessions.values()) {
      const seen = heard(session, t, d, this.#state.bot.id);
      if (seen !== null) this.#sendTo(session, t, seen);
    }
    if (this.duplicate) this.repeatLast();
  }

  /** Delivers the newest event of each session once more. */
  repeatLast(): void {
    for (const { socket, events } of this.#sessions.values()) {
      const event = events.at(-1);
      if (event !== undefined) socket?.send({ op: 0, ...event });
    }
  }

  /** Cuts the connections without a word; clients may resume. */
  drop(): void {
    for (const session of this.#sessions.values()) {
      session.socket?.cut();
      session.socket = null;
    }
  }

  /** Asks every client to reconnect and resume. */
  askToReconnect(): void {
    for (const { socket } of this.#sessions.values()) socket?.send({ op: 7, d: null });
  }

  /** Ends the sessions: clients must identify anew, or, where `resumable`, connect and resume. */
  invalidate(resumable = false): void {
    for (const session of this.#sessions.values()) session.socket?.send({ op: 9, d: resumable });
    if (!resumable) this.#sessions.clear();
  }

  async stop(): Promise<void> {
    for (const client of this.#server.clients) client.terminate();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #connect(raw: WebSocket, request: IncomingMessage): void {
    if (this.refuse) {
      raw.terminate();
      return;
    }
    const { searchParams } = new URL(request.url ?? '/', 'ws://discord');
    const socket = new GatewaySocket(raw, searchParams.get('compress'));
    if ((searchParams.get('v') ?? '10') !== '10') {
      socket.close(4012, 'Invalid API version');
      return;
    }
    if ((searchParams.get('encoding') ?? 'json') !== 'json') {
      socket.close(4002, 'Only JSON is spoken here');
      return;
    }
    socket.send({ op: 10, d: { heartbeat_interval: this.#heartbeatMs } });
    const sentAt: number[] = [];
    raw.on('message', (data) => {
      sentAt.push(Date.now());
      while ((sentAt[0] ?? 0) < Date.now() - 60_000) sentAt.shift();
      if (sentAt.length > mostSentPerMinute) return socket.close(4008, 'Rate limited.');
      const message = messageOf(String(data));
      if (message === null) return socket.close(4002, 'Error while decoding payload.');
      this.#receive(socket, message);
    });
    raw.on('close', (code) => {
      for (const session of this.#sessions.values()) {
        if (session.socket !== socket) continue;
        session.socket = null;
        // A client that says goodbye does not come back to its session.
        if (code === 1000 || code === 1001) this.#sessions.delete(session.id);
      }
      this.#state.changed();
    });
  }

  #receive(socket: GatewaySocket, { op, d }: Json): void {
    const data = isObject(d) ? d : {};
    const isKnown = [...this.#sessions.values()].some((session) => session.socket === socket);
    if (op === heartbeat) {
      this.heartbeats++;
      if (!this.silent) socket.send({ op: 11 });
      this.#state.changed();
    } else if (op === identify || op === resume) {
      if (isKnown) socket.close(4005, 'Already authenticated.');
      else if (op === identify) this.#identify(socket, data);
      else this.#resume(socket, data);
    } else if (typeof op !== 'number' || !otherOpcodes.includes(op)) socket.close(4001, 'Unknown opcode.');
    else if (!isKnown) socket.close(4003, 'Not authenticated.');
  }

  #identify(socket: GatewaySocket, data: Json): void {
    if (data.token !== this.#state.token) {
      socket.close(4004, 'Authentication failed.');
      return;
    }
    const refusal = refuseIntents(this.#state, data.intents);
    if (refusal !== null) {
      socket.close(refusal.code, refusal.reason);
      return;
    }
    const [shardId = 0, shardCount = 1] = Array.isArray(data.shard) ? data.shard.map(Number) : [];
    if (!(shardId >= 0 && shardId < shardCount)) {
      socket.close(4010, 'Invalid shard.');
      return;
    }
    const session: Session = {
      id: randomBytes(16).toString('hex'),
      intents: Number(data.intents),
      shard: [shardId, shardCount],
      sequence: 0,
      events: [],
      socket,
    };
    this.#sessions.set(session.id, session);
    const { id, intents, shard } = session;
    this.readyAt = Date.now();
    for (const { t, d } of greeting(this.#state, { id, intents, shard, resumeUrl: this.url }))
      this.#sendTo(session, t, d);
    this.#state.changed();
  }

  #resume(socket: GatewaySocket, data: Json): void {
    if (data.token !== this.#state.token) {
      socket.close(4004, 'Authentication failed.');
      return;
    }
    const session = this.#sessions.get(String(data.session_id));
    const seen = Number(data.seq);
    const oldest = session?.events[0]?.s ?? 1;
    if (session === undefined || seen < oldest - 1) {
      socket.send({ op: 9, d: false });
      return;
    }
    if (!(seen <= session.sequence)) {
      socket.close(4007, 'Invalid seq.');
      return;
    }
    session.socket = socket;
    for (const event of session.events.filter(({ s }) => s > seen)) socket.send({ op: 0, ...event });
    this.#sendTo(session, 'RESUMED', {});
    this.#state.changed();
  }

  #sendTo(session: Session, t: string, d: Json): void {
    const event = { t, s: ++session.sequence, d };
    session.events.push(event);
    if (session.events.length > mostKept) session.events.shift();
    session.socket?.send({ op: 0, ...event });
  }
}

function messageOf(text: string): Json | null {
  const message = parsed(text);
  return isObject(message) ? message : null;
}
