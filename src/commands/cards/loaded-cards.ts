import type { LoadedCall } from '../../tools/preview.ts';
import { type CacheBudget, cacheBudget, type Kept } from '../cache-budget.ts';

type Entry = { card: LoadedCall; loadedAt: number; kept: Kept };

/** Entries and milliseconds. */
type Bounds = { cards: number; maxAgeMs: number };

/**
 * What the server said of the titles on the newest cards, so that a choice on a card shows at once and its end can name
 * the title. Only a saving: after a restart the server is asked again, and for what is too large to be kept too.
 */
export class LoadedCards {
  readonly #cards = new Map<string, Entry>();
  readonly #bounds: Bounds;
  readonly #budget: CacheBudget;

  constructor(bounds: Partial<Bounds> = {}, budget = cacheBudget) {
    this.#bounds = { cards: 500, maxAgeMs: 120_000, ...bounds };
    this.#budget = budget;
  }

  put(call: { id: string; userId: string }, card: LoadedCall): void {
    this.#delete(call.id);
    const kept = this.#budget.keep(call.userId, card.details, () => this.#cards.delete(call.id));
    if (kept === null) return;
    this.#cards.set(call.id, { card, loadedAt: Date.now(), kept });
    const oldest = this.#cards.keys().next();
    if (this.#cards.size > this.#bounds.cards && !oldest.done) this.#delete(oldest.value);
  }

  /** Null when it is not there or too old to choose by. */
  fresh(callId: string): LoadedCall | null {
    const entry = this.#cards.get(callId);
    return entry !== undefined && Date.now() - entry.loadedAt < this.#bounds.maxAgeMs ? entry.card : null;
  }

  /** Of any age: good enough to name the title. */
  any(callId: string): LoadedCall | null {
    return this.#cards.get(callId)?.card ?? null;
  }

  #delete(callId: string): void {
    this.#cards.get(callId)?.kept.release();
    this.#cards.delete(callId);
  }
}

/** The cards that this process shows; their keys are the ids of rows, so they belong to no one database. */
export const loadedCards = new LoadedCards();
