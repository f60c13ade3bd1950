import { z } from 'zod';
import type { PostgresLine } from './postgres-line.ts';
import { lockSpace } from './queries/processes.ts';

/** `busy`: a session that is over has it yet. `shared`: the connection is not one session, so no lock on it says anything. */
export type LockState = 'held' | 'busy' | 'shared';

const stateSchema = z.tuple([z.object({ pid: z.number(), isHeld: z.boolean() })]);
const takenSchema = z.tuple([z.object({ isTaken: z.boolean() })]);

/**
 * A lock that tells the other processes that this one lives: the server gives it back when this process's connection ends, however it
 * ends. Behind a pooler in transaction mode the statements of a connection come to several sessions, which is noticed.
 */
export class SessionLock {
  readonly #open: () => Promise<PostgresLine>;
  #line: PostgresLine | null = null;
  #pid: number | null = null;
  #number: number | null = null;

  constructor(open: () => Promise<PostgresLine>) {
    this.#open = open;
  }

  /** Takes the lock of this number, or looks whether it is still there; on a new connection where the last one broke. Throws when there is none. */
  async hold(number: number): Promise<LockState> {
    const line = await this.#connected();
    const { pid, isHeld } = await sessionOf(line, number);
    const isSame = this.#pid === null || this.#pid === pid;
    if (!isSame || (this.#number === number && !isHeld)) return 'shared';
    this.#pid = pid;
    if (!isHeld) {
      const rows = await line.query('select pg_try_advisory_lock($1::int, $2::int) as "isTaken"', [lockSpace, number]);
      if (!takenSchema.parse(rows)[0].isTaken) return 'busy';
    }
    this.#number = number;
    return 'held';
  }

  async end(): Promise<void> {
    await this.#line?.end();
    this.#line = null;
  }

  async #connected(): Promise<PostgresLine> {
    if (this.#line !== null && !this.#line.isBroken) return this.#line;
    this.#line = await this.#open();
    this.#pid = null;
    this.#number = null;
    return this.#line;
  }
}

/** The server's process behind this statement, and whether the lock is its own. */
async function sessionOf(line: PostgresLine, number: number): Promise<{ pid: number; isHeld: boolean }> {
  const rows = await line.query(
    `select pg_backend_pid() as pid, exists (select from pg_locks where locktype = 'advisory' and granted
       and pid = pg_backend_pid() and classid = $1::int::oid and objid = $2::int::oid and objsubid = 2) as "isHeld"`,
    [lockSpace, number],
  );
  return stateSchema.parse(rows)[0];
}
