/** How much may run at once for one person, and for everyone together. */
const mostOfOne = 3;
const mostOfAll = 256;

/**
 * Lets people take turns: only a few things of each person run at once, and when all places are taken, the person who has waited
 * longest is next. So one person's flood in many channels delays nobody else.
 */
export class FairShare {
  readonly #limits: { ofOne: number; ofAll: number };
  readonly #running = new Map<string, number>();
  /** People in the order in which they are next, each with what waits, oldest first. */
  readonly #waiting = new Map<string, (() => void)[]>();
  #count = 0;

  constructor(limits: { ofOne: number; ofAll: number } = { ofOne: mostOfOne, ofAll: mostOfAll }) {
    this.#limits = limits;
  }

  /** Runs `work` once this person has a place. It must not wait for another place within it. */
  async run<Result>(person: string, work: () => Promise<Result>): Promise<Result> {
    const place = Promise.withResolvers<void>();
    this.#waiting.set(person, [...(this.#waiting.get(person) ?? []), place.resolve]);
    this.#begin();
    await place.promise;
    try {
      return await work();
    } finally {
      this.#count--;
      const left = (this.#running.get(person) ?? 1) - 1;
      if (left === 0) this.#running.delete(person);
      else this.#running.set(person, left);
      this.#begin();
    }
  }

  #begin(): void {
    for (const [person, [first, ...others]] of this.#waiting) {
      if (this.#count >= this.#limits.ofAll) return;
      const running = this.#running.get(person) ?? 0;
      if (first === undefined || running >= this.#limits.ofOne) continue;
      this.#count++;
      this.#running.set(person, running + 1);
      this.#waiting.delete(person);
      // Put behind everybody else; this loop reaches the person again when there is room.
      if (others.length > 0) this.#waiting.set(person, others);
      first();
    }
  }
}
