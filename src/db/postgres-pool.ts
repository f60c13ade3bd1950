import type { Db } from 'pg-boss';
import { type Answer, type PostgresLine, type Row, toObjects } from './postgres-line.ts';
import { SharedLine } from './postgres-shared-line.ts';
import { isMoment } from './postgres-values.ts';

/** `waitMs`: how long one may wait for an exclusive line. `idleMs`: unused for so long, a line is ended. Both in milliseconds. */
export type PoolLimits = { waitMs: number; idleMs?: number | undefined };

/** What runs statements: the pool, each for itself, or the line of a transaction. */
export type Statements = { run(text: string, values?: readonly unknown[]): Promise<Answer> };

const sharedLines = 2;
const exclusiveLines = 8;

type Waiter = { go(): void; fail(failure: Error): void };

/**
 * Lines to PostgreSQL. Single statements share two, so that the driver sends in one write what is asked at once; a transaction has
 * one of eight to itself. A line that breaks fails what is on it, and whoever needs one next opens another.
 */
export class PostgresPool implements Statements {
  readonly #open: () => Promise<PostgresLine>;
  readonly #waitMs: number;
  readonly #shared: SharedLine[];
  /** Exclusive lines that nobody has, the one used last at the end; and those that somebody has. */
  #free: { line: PostgresLine; since: number }[] = [];
  readonly #used = new Set<PostgresLine>();
  readonly #waiters: Waiter[] = [];
  readonly #sweep: NodeJS.Timeout | undefined;
  #taken = 0;
  #isClosed = false;

  constructor(open: () => Promise<PostgresLine>, { waitMs, idleMs }: PoolLimits) {
    this.#open = open;
    this.#waitMs = waitMs;
    this.#shared = Array.from({ length: sharedLines }, () => new SharedLine(open));
    if (idleMs !== undefined) this.#sweep = setInterval(() => this.#endIdle(idleMs), idleMs / 2).unref();
  }

  /** Runs one statement. Rejects with the server's error, or when its line breaks; then nobody knows whether it was run. */
  run(text: string, values: readonly unknown[] = []): Promise<Answer> {
    if (this.#isClosed) return Promise.reject(new Error('The database is closed'));
    const leastLoaded = this.#shared.reduce((least, line) => (line.load < least.load ? line : least));
    return leastLoaded.run(text, values);
  }

  /**
   * Runs `work` in a transaction and commits it. Rejects, with the transaction rolled back, when `work` does; and when committing
   * fails. What `work` got is of no use after it.
   */
  transaction<Result>(work: (statements: Statements) => Promise<Result>): Promise<Result> {
    return this.#exclusively(async (line) => {
      let isOver = false;
      const run: Statements['run'] = (text, values) =>
        isOver ? Promise.reject(new Error('The transaction is over')) : line.run(text, values);
      await line.run('begin');
      const result = await work({ run }).finally(() => {
        isOver = true;
      });
      // What was given up after a failed statement is answered with ROLLBACK, and is no error for the server.
      const { command } = await line.run('commit');
      if (command !== 'COMMIT')
        throw new Error('The transaction was rolled back, because a statement in it had failed');
      return result;
    });
  }

  /** For the queue of background work, which writes its own SQL. */
  forBackground(): Db {
    return {
      executeSql: async (text: string, values: unknown[] = []) => {
        if (values.length > 0) return { rows: withDates(await this.run(text, values)) };
        // Several statements may be in it, a transaction of its own too.
        const answers = await this.#exclusively((line) => line.runAll(text));
        return { rows: answers.flatMap(withDates) };
      },
    };
  }

  /** Ends all lines, those with a statement open at once. Whoever waits for a line is turned away. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#sweep);
    for (const { fail } of this.#waiters.splice(0)) fail(new Error('The database is closed'));
    const lines = [...this.#free.splice(0).map(({ line }) => line), ...this.#used];
    await Promise.all([...lines.map((line) => line.end()), ...this.#shared.map((line) => line.end())]);
  }

  /** A line is given back without a transaction that is open, or ended. */
  async #exclusively<Result>(work: (line: PostgresLine) => Promise<Result>): Promise<Result> {
    await this.#turn();
    try {
      const line = this.#takeFree() ?? (await this.#open());
      this.#used.add(line);
      try {
        return await work(line);
      } catch (failure) {
        // Nothing is known of a line on which even this fails.
        if (!line.isBroken) await line.run('rollback').catch(() => line.end());
        throw failure;
      } finally {
        this.#used.delete(line);
        if (this.#isClosed) await line.end();
        else if (!line.isBroken) this.#free.push({ line, since: performance.now() });
      }
    } finally {
      const next = this.#waiters.shift();
      if (next === undefined) this.#taken--;
      else next.go();
    }
  }

  #takeFree(): PostgresLine | undefined {
    for (let last = this.#free.pop(); last !== undefined; last = this.#free.pop())
      if (!last.line.isBroken) return last.line;
    return undefined;
  }

  #turn(): Promise<void> {
    if (this.#isClosed) return Promise.reject(new Error('The database is closed'));
    if (this.#taken < exclusiveLines) {
      this.#taken++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        go: () => {
          clearTimeout(limit);
          resolve();
        },
        fail: (failure) => {
          clearTimeout(limit);
          reject(failure);
        },
      };
      const limit = setTimeout(() => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(
          Object.assign(new Error('All connections to PostgreSQL were in use for too long'), { code: 'ETIMEDOUT' }),
        );
      }, this.#waitMs);
      this.#waiters.push(waiter);
    });
  }

  #endIdle(idleMs: number): void {
    const before = performance.now() - idleMs;
    for (const line of this.#shared) line.endIfUnusedSince(before);
    const idle = this.#free.filter(({ since }) => since <= before);
    this.#free = this.#free.filter(({ since }) => since > before);
    for (const { line } of idle) void line.end();
  }
}

/** As the queue reads them from its own driver. */
function withDates(answer: Answer): Row[] {
  const rows = toObjects(answer);
  for (const { name, type } of answer.columns) {
    if (!isMoment(type)) continue;
    for (const row of rows) if (typeof row[name] === 'string') row[name] = new Date(row[name]);
  }
  return rows;
}
