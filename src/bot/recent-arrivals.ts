import type { Arrival } from '../db/queries/arrivals.ts';

/** In milliseconds and people. Changes by another process show only after this time, changes by this one at once. */
type Bounds = { keptMs: number; people: number };

/**
 * What the database said about people who are typing now, because each key of autocomplete is an event of its own. Any other event of
 * a person makes this forget them, before and after it: it may change their servers.
 */
export class RecentArrivals {
  readonly #recent = new Map<string, { arrival: Promise<Arrival>; readAt: number }>();
  readonly #bounds: Bounds;

  constructor(bounds: Partial<Bounds> = {}) {
    this.#bounds = { keptMs: 5000, people: 1000, ...bounds };
  }

  /** What was read of this person just now, or what `read` gives; several keys share one reading. Rejects as `read` does, and does not keep that. */
  of(discordUserId: string, read: () => Promise<Arrival>): Promise<Arrival> {
    const there = this.#recent.get(discordUserId);
    if (there !== undefined && performance.now() - there.readAt < this.#bounds.keptMs) return there.arrival;
    const entry = { arrival: read(), readAt: performance.now() };
    this.#recent.delete(discordUserId);
    this.#recent.set(discordUserId, entry);
    const oldest = this.#recent.keys().next();
    if (this.#recent.size > this.#bounds.people && !oldest.done) this.#recent.delete(oldest.value);
    entry.arrival.catch(() => {
      if (this.#recent.get(discordUserId) === entry) this.#recent.delete(discordUserId);
    });
    return entry.arrival;
  }

  forget(discordUserId: string): void {
    this.#recent.delete(discordUserId);
  }
}
