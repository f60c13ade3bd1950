import type { Socket } from 'node:net';
import postgres from 'postgres';
import { type PostgresAddress, type PostgresHost, readPostgresAddress } from './postgres-address.ts';
import { connectSocket } from './postgres-socket.ts';
import { countParameters, toText, valueTypes } from './postgres-values.ts';

export type Row = Record<string, unknown>;
/** Rows as lists of values, in the order of the columns. `command`: what the server says it did, `SELECT`, `COMMIT` … */
export type Answer = { columns: { name: string; type: number }[]; rows: unknown[][]; command: string };

/**
 * `connectMs`: how long connecting and logging in may take, for each host of the address. `silenceMs`: how long the server may say
 * nothing while a statement is open; for ever without it. Both in milliseconds.
 */
export type LineLimits = { connectMs: number; silenceMs?: number | undefined };

/** The driver keeps as many statements for a connection as there are texts; a text that is put together anew each time has no end. */
const mostPrepared = 300;
/** The protocol counts the values of a statement in 16 bits. */
const mostValues = 65_533;
const terminate = Buffer.from(['X'.charCodeAt(0), 0, 0, 0, 4]);

/**
 * One socket to PostgreSQL with a driver object of its own, which is never used again after the socket: every known fault of the
 * driver (porsager/postgres 1193, 1208, 1209, 1215, 1216) needs one that outlives its socket. When the socket goes, every statement
 * that waits is rejected here, before the driver hears of it.
 */
export class PostgresLine {
  readonly #sql: postgres.Sql;
  readonly #prepares: boolean;
  /** How many values each text asks for: of those that are prepared, where statements are. */
  readonly #parameters = new Map<string, number>();
  readonly #waiting = new Set<(failure: Error) => void>();
  readonly #broken = Promise.withResolvers<Error>();
  #sockets: Socket[] = [];
  #failure: Error | null = null;
  #watch: NodeJS.Timeout | undefined;

  private constructor(at: PostgresHost, address: PostgresAddress) {
    const { user, password, database, parameters, tls } = address;
    this.#prepares = address.prepare;
    let isConnected = false;
    const options = {
      host: 'host' in at ? at.host : at.path,
      ...('port' in at && { port: at.port }),
      ...(user !== undefined && { user }),
      ...(password !== undefined && { password }),
      ...(database !== undefined && { database }),
      connection: parameters,
      socket: () => {
        if (isConnected || this.#failure !== null) throw new Error('A line connects once');
        isConnected = true;
        return connectSocket(at, tls, {
          onSocket: (socket) => this.#sockets.push(socket),
          onEnd: (cause) => this.#fail(broken(cause)),
        });
      },
      // All that it would take from the environment, or do by itself later.
      max: 1,
      ssl: false,
      idle_timeout: 0,
      max_lifetime: null,
      connect_timeout: 0,
      keep_alive: 60,
      backoff: false,
      max_pipeline: 100,
      prepare: address.prepare,
      debug: false,
      fetch_types: false,
      publications: '',
      types: valueTypes,
      onnotice: () => undefined,
    };
    this.#sql = postgres(options);
  }

  /** A line to one server, logged in. Rejects when it does not answer in time or refuses. */
  static async open(at: PostgresHost, address: PostgresAddress, limits: LineLimits): Promise<PostgresLine> {
    const line = new PostgresLine(at, address);
    const tooLong = Object.assign(new Error('PostgreSQL did not answer in time'), { code: 'ETIMEDOUT' });
    const limit = setTimeout(() => line.#break(tooLong), limits.connectMs);
    try {
      await line.run('select 1');
    } catch (failure) {
      line.#break(null);
      throw failure;
    } finally {
      clearTimeout(limit);
    }
    if (limits.silenceMs !== undefined) line.#watchFor(limits.silenceMs);
    return line;
  }

  /** Why the line is of no use any more, once it is. Never rejects. */
  get broken(): Promise<Error> {
    return this.#broken.promise;
  }

  get isBroken(): boolean {
    return this.#failure !== null;
  }

  /** How many statements have no answer yet. */
  get openStatements(): number {
    return this.#waiting.size;
  }

  /** Runs one statement and gives its rows by their columns' names. Rejects as `run` does. */
  async query(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return toObjects(await this.run(text, values));
  }

  /** Runs one statement. Rejects with the server's error, or, on a line that breaks or is broken, with why. */
  run(text: string, values: readonly unknown[] = []): Promise<Answer> {
    const known = this.#parameters.get(text);
    if (known === undefined && text.includes('\0')) return Promise.reject(new Error('A statement holds a zero byte'));
    const wanted = known ?? countParameters(text);
    // Where the numbers differ, the driver may end up with another statement's answer (porsager/postgres 1082).
    if (values.length !== wanted || wanted > mostValues)
      return Promise.reject(new Error(`A statement with ${wanted} parameters got ${values.length} values`));
    const isKept = known !== undefined || this.#parameters.size < mostPrepared;
    if (isKept) this.#parameters.set(text, wanted);
    const prepare = this.#prepares && isKept;
    const options = { prepare, simple: false };
    return this.#ask(async () => toAnswer(await this.#sql.unsafe(text, values.map(toText), options).values()));
  }

  /** Runs a text of any number of statements, without values; an answer for each that has rows. Rejects as `run` does. */
  runAll(text: string): Promise<Answer[]> {
    if (text.includes('\0')) return Promise.reject(new Error('A statement holds a zero byte'));
    return this.#ask(async () => {
      const given = await this.#sql.unsafe(text).simple().values();
      // One answer, or a list of them where several statements have rows.
      return isAnswer(given) ? [toAnswer(given)] : [...given].filter(isAnswer).map(toAnswer);
    });
  }

  /** Ends the line, at once where a statement is open, else after telling the server. Resolves when it is closed. */
  async end(): Promise<void> {
    const socket = this.#sockets.at(-1);
    if (this.#waiting.size === 0 && this.#failure === null && socket !== undefined) {
      this.#fail(new Error('The line was ended'));
      socket.end(terminate);
      const limit = setTimeout(() => socket.destroy(), 500);
      await new Promise((resolve) => socket.once('close', resolve));
      clearTimeout(limit);
    } else this.#break(null);
  }

  /** Everything that is asked of the driver goes through here: nothing after the break, and what comes later reaches nobody. */
  #ask<Result>(ask: () => Promise<Result>): Promise<Result> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      ask().then(
        (result) => {
          this.#waiting.delete(reject);
          resolve(result);
        },
        (failure: unknown) => {
          this.#waiting.delete(reject);
          reject(failure);
        },
      );
    });
  }

  #break(cause: Error | null): void {
    this.#fail(broken(cause));
    // The last, which is the one through TLS where there is one. The one below goes with it: to destroy that one first, or from
    // within the other's own end, crashes Node 24.
    this.#sockets.at(-1)?.destroy();
  }

  #fail(failure: Error): void {
    if (this.#failure !== null) return;
    this.#failure = failure;
    clearInterval(this.#watch);
    for (const reject of this.#waiting) reject(failure);
    this.#waiting.clear();
    this.#broken.resolve(failure);
  }

  /** Counted in rounds, not by the clock, so that a process that was stopped for a while does not take its own sleep for silence. */
  #watchFor(silenceMs: number): void {
    let heard = 0;
    let silentRounds = 0;
    const rounds = 4;
    this.#watch = setInterval(() => {
      const read = this.#sockets.at(-1)?.bytesRead ?? 0;
      silentRounds = this.#waiting.size === 0 || read !== heard ? 0 : silentRounds + 1;
      heard = read;
      if (silentRounds <= rounds) return;
      this.#break(Object.assign(new Error('PostgreSQL was silent for too long'), { code: 'ETIMEDOUT' }));
    }, silenceMs / rounds).unref();
  }
}

function broken(cause: Error | null): Error {
  const code = cause !== null && 'code' in cause ? cause.code : 'CONNECTION_CLOSED';
  return Object.assign(new Error('The connection to PostgreSQL broke', { cause }), { code });
}

/**
 * A line to the first server of the address that answers and has the wanted role, for who needs a session of its own: a lock, a
 * heartbeat. Rejects with the last server's failure.
 */
export async function openLine(url: string, limits: LineLimits): Promise<PostgresLine> {
  return openLineTo(readPostgresAddress(url), limits);
}

/** As `openLine`, for an address that has been read. */
export async function openLineTo(address: PostgresAddress, limits: LineLimits): Promise<PostgresLine> {
  const attempts = address.hosts.map((host) => ({ host, role: address.role }));
  // When no standby answers, any server will do: each is tried once more without a role.
  if (address.role === 'prefer-standby')
    attempts.push(...address.hosts.map((host) => ({ host, role: 'any' as const })));
  let last: unknown = new Error('The address names no server');
  for (const { host, role } of attempts) {
    try {
      const line = await PostgresLine.open(host, address, limits);
      if (role === 'any' || (await hasRole(line, role))) return line;
      await line.end();
      last = Object.assign(new Error(`No server is ${role}`), { code: 'NO_SUCH_SERVER' });
    } catch (failure) {
      last = failure;
    }
  }
  throw last;
}

async function hasRole(line: PostgresLine, role: Exclude<PostgresAddress['role'], 'any'>): Promise<boolean> {
  const [row] = await line.query(
    `select pg_is_in_recovery() as standby, current_setting('transaction_read_only') = 'on' as "readOnly"`,
  );
  if (role === 'read-write') return row?.readOnly === false;
  if (role === 'read-only') return row?.readOnly === true;
  return row?.standby === (role !== 'primary');
}

type Given = { columns?: Answer['columns']; command: string } & unknown[][];

const isAnswer = (given: unknown): given is Given => Array.isArray(given) && 'command' in given;

function toAnswer(given: Given): Answer {
  // After a statement that failed in the middle of its rows the driver counts on: the next answer begins with places without a row
  // (porsager/postgres 1181).
  const rows = given.length > 0 && !(0 in given) ? given.filter(() => true) : given;
  return { columns: given.columns ?? [], rows, command: given.command };
}

/** The rows of an answer by their columns' names. */
export function toObjects({ columns, rows }: Answer): Row[] {
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])));
}
