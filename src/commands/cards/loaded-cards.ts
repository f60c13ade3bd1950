import type { LoadedCard } from './card.ts';

/** Entries and milliseconds. */
type Bounds = { cards: number; maxAgeMs: number };

/**
 * What the server said of the titles on the newest cards, so that a choice on a card shows at once and its end can name
 * the title. Only a saving: after a restart the server is asked again.
 */
class LoadedCards {
  readonly #cards = new Map<string, { card: LoadedCard; loadedAt: number }>();
  readonly #bounds: Bounds;

  constructor(bounds: Partial<Bounds> = {}) {
    this.#bounds = { cards: 500, maxAgeMs: 120_000, ...bounds };
  }

  put(callId: string, card: LoadedCard): void {
    this.#cards.delete(callId);
    this.#cards.set(callId, { card, loadedAt: Date.now() });
    const oldest = this.#cards.keys().next();
    if (this.#cards.size > this.#bounds.cards && !oldest.done) this.#cards.delete(oldest.value);
  }

  /** Null when it is not there or too old to choose by. */
  fresh(callId: string): LoadedCard | null {
    const entry = this.#cards.get(callId);
    return entry !== undefined && Date.now() - entry.loadedAt < this.#bounds.maxAgeMs ? entry.card : null;
  }

  /** Of any age: good enough to name the title. */
  any(callId: string): LoadedCard | null {
    return this.#cards.get(callId)?.card ?? null;
  }
}

/** The cards that this process shows; their keys are the ids of rows, so they belong to no one database. */
export const loadedCards = new LoadedCards();
