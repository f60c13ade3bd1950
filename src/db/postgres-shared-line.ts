import type { Answer, PostgresLine } from './postgres-line.ts';

/** A place for one line that any number of single statements share; it opens when the first one comes, and again after a break. */
export class SharedLine {
  readonly #open: () => Promise<PostgresLine>;
  #line: PostgresLine | null = null;
  #opening: Promise<PostgresLine> | null = null;
  #waiting = 0;
  #usedAt = 0;

  constructor(open: () => Promise<PostgresLine>) {
    this.#open = open;
  }

  /** How many statements are on it. One that must be opened first counts for one more. */
  get load(): number {
    return this.#line === null || this.#line.isBroken ? this.#waiting + 1 : this.#line.openStatements;
  }

  async run(text: string, values: readonly unknown[]): Promise<Answer> {
    this.#usedAt = performance.now();
    if (this.#line !== null && !this.#line.isBroken) return this.#line.run(text, values);
    this.#waiting++;
    this.#opening ??= this.#connect();
    const line = await this.#opening.finally(() => this.#waiting--);
    return line.run(text, values);
  }

  endIfUnusedSince(before: number): void {
    if (this.#line === null || this.#usedAt > before || this.#line.openStatements > 0) return;
    void this.#line.end();
    this.#line = null;
  }

  async end(): Promise<void> {
    // One that cannot be opened needs no end: those who wait for it are told.
    const line = this.#opening === null ? this.#line : await this.#opening.catch(() => null);
    await line?.end();
  }

  async #connect(): Promise<PostgresLine> {
    try {
      this.#line = await this.#open();
      return this.#line;
    } finally {
      this.#opening = null;
    }
  }
}
