import type { Socket } from 'node:net';
import { withOwnStatements } from './own-statements.ts';
import type { Turns } from './turns.ts';

/** Runs messages of the PostgreSQL protocol in the database, and gives its answers as they are. */
export type RunMessages = (messages: Uint8Array) => Promise<Uint8Array>;

const startupCode = 196_608;
const sslCode = 80_877_103;
const passwordType = 0x70;
const terminateType = 0x58;
const idle = 0x49;

let sessions = 0;

/**
 * One client's connection: log-in, then what it sends is passed on. It keeps its turn until the database says that it is
 * idle: in the middle of a transaction or of a prepared query no other client may come between.
 */
export class Session {
  readonly #socket: Socket;
  readonly #turns: Turns;
  readonly #run: RunMessages;
  readonly #password: string;
  readonly #statements = { prefix: `${++sessions} `, made: new Set<string>() };
  #pending: Buffer = Buffer.alloc(0);
  #stage: 'startup' | 'password' | 'ready' = 'startup';
  #isBusy = false;
  #isOpen = true;

  constructor(socket: Socket, given: { turns: Turns; run: RunMessages; password: string }) {
    this.#socket = socket.setNoDelay(true);
    this.#turns = given.turns;
    this.#run = given.run;
    this.#password = given.password;
    socket.on('data', (chunk: Buffer) => {
      this.#pending = Buffer.concat([this.#pending, chunk]);
      this.#read();
    });
    // A client that was killed resets its connection; `close` follows.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#isOpen = false;
      if (!this.#isBusy) void this.#leave();
    });
  }

  #read(): void {
    this.#handle().catch((error: unknown) => {
      console.error('the playground’s database failed:', error);
      this.#socket.destroy();
    });
  }

  async #handle(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      while (this.#isOpen && (this.#stage === 'ready' ? await this.#pass() : this.#logIn()));
    } finally {
      this.#isBusy = false;
    }
    if (!this.#isOpen) await this.#leave();
  }

  /** Handles one message before the log-in is over; false when none is whole yet. */
  #logIn(): boolean {
    const at = this.#stage === 'startup' ? 0 : 1;
    if (this.#pending.length < at + 4) return false;
    const length = at + this.#pending.readInt32BE(at);
    if (this.#pending.length < length) return false;
    const message = this.#pending.subarray(0, length);
    this.#pending = this.#pending.subarray(length);
    if (this.#stage === 'password') {
      const isRight = message[0] === passwordType && message.toString('utf8', 5, length - 1) === this.#password;
      if (!isRight) this.#socket.end(errorMessage('28P01', 'password authentication failed'));
      else this.#socket.write(greeting);
      if (isRight) this.#stage = 'ready';
      return isRight;
    }
    const code = message.readInt32BE(4);
    if (code === sslCode) this.#socket.write('N');
    else if (code === startupCode) {
      this.#stage = 'password';
      this.#socket.write(frame('R', int32(3)));
    } else this.#socket.destroy();
    return true;
  }

  /** Passes on all messages that are whole; false when there is none. */
  async #pass(): Promise<boolean> {
    const length = wholeLength(this.#pending);
    if (length === 0) return false;
    const messages = this.#pending.subarray(0, length);
    this.#pending = this.#pending.subarray(length);
    if (messages[0] === terminateType) {
      this.#socket.end();
      return false;
    }
    await this.#turns.take(this);
    if (!this.#isOpen) return false;
    const answer = await this.#run(withOwnStatements(messages, this.#statements));
    this.#socket.write(answer);
    if (statusAfter(answer) === idle) this.#turns.give(this);
    return true;
  }

  /** A client that is gone leaves nothing half done, and no lock and no statement of its session. */
  async #leave(): Promise<void> {
    await this.#turns.take(this);
    try {
      await this.#run(sync);
      await this.#run(query('ROLLBACK; SELECT pg_advisory_unlock_all()'));
      // Each by itself: one whose making failed is not there.
      for (const name of this.#statements.made) await this.#run(query(`DEALLOCATE "${name.replaceAll('"', '""')}"`));
    } finally {
      this.#turns.give(this);
    }
  }
}

/** How many bytes of whole messages stand at the beginning; a goodbye is left for its own turn. */
function wholeLength(bytes: Buffer): number {
  let end = 0;
  while (bytes.length >= end + 5) {
    const next = end + 1 + bytes.readInt32BE(end + 1);
    if (bytes.length < next || (bytes[end] === terminateType && end > 0)) break;
    end = next;
    if (bytes[0] === terminateType) break;
  }
  return end;
}

/** The transaction status of the ReadyForQuery that an answer ends with, if it does. */
function statusAfter(answer: Uint8Array): number | null {
  const at = answer.length - 6;
  const isReady =
    at >= 0 && answer[at] === 0x5a && Buffer.from(answer.buffer, answer.byteOffset + at + 1, 4).readInt32BE() === 5;
  return isReady ? (answer[at + 5] ?? null) : null;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function frame(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

function query(text: string): Buffer {
  return frame('Q', Buffer.from(`${text}\0`));
}

function errorMessage(code: string, text: string): Buffer {
  return frame('E', Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${text}\0\0`));
}

const sync = frame('S', Buffer.alloc(0));
const parameters = {
  server_version: '18.0',
  client_encoding: 'UTF8',
  DateStyle: 'ISO, MDY',
  integer_datetimes: 'on',
  standard_conforming_strings: 'on',
  TimeZone: 'GMT',
};
const greeting = Buffer.concat([
  frame('R', int32(0)),
  ...Object.entries(parameters).map(([name, value]) => frame('S', Buffer.from(`${name}\0${value}\0`))),
  frame('K', Buffer.alloc(8)),
  frame('Z', Buffer.from('I')),
]);
