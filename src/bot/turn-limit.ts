const hour = 3_600_000;

/** Counts each person's messages to the model in the last hour. Kept in memory: a restart forgives. */
export class TurnLimit {
  readonly #perHour: number;
  readonly #times = new Map<string, number[]>();

  constructor(perHour: number) {
    this.#perHour = perHour;
  }

  /** Takes one turn of `userId`: null when there was one left, else the time (ms since 1970) when the next is free. */
  take(userId: string, now = Date.now()): number | null {
    const recent = (this.#times.get(userId) ?? []).filter((time) => now - time < hour);
    const oldest = recent[0];
    this.#times.delete(userId);
    this.#times.set(userId, recent);
    this.#forgetIdle(now);
    if (oldest !== undefined && recent.length >= this.#perHour) return oldest + hour;
    recent.push(now);
    return null;
  }

  /** People are kept in the order of their last message, so those at the front are the first to be forgotten. */
  #forgetIdle(now: number): void {
    for (const [userId, times] of this.#times) {
      const last = times.at(-1);
      if (last !== undefined && now - last < hour) return;
      if (times.length > 0) this.#times.delete(userId);
      else return;
    }
  }
}
