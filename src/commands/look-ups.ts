import { type CacheBudget, cacheBudget, type Kept } from './cache-budget.ts';

type LookUp<Found> = {
  outcome: Promise<Found[] | null>;
  /** The result and when it came; null before that. */
  answered: { found: Found[]; at: number } | null;
  /** Its place in the budget of the caches, once it is answered. */
  kept: Kept | null;
};
type Waiting<Found> = {
  lookUp: LookUp<Found>;
  send: () => void;
  /** Takes its result from the answer to a shorter term if that is enough, otherwise sends the look-up. */
  goOn: () => void;
  drop: () => void;
  pause: NodeJS.Timeout | undefined;
};
type Person<Found> = {
  id: string;
  lookUps: Map<string, LookUp<Found>>;
  inFlight: number;
  waiting: Waiting<Found> | null;
};

/** Sizes in entries, times in milliseconds. */
type Bounds = { users: number; terms: number; inFlight: number; maxAgeMs: number; pauseMs: number };

type Request<Found> = {
  userId: string;
  term: string;
  /** The person waits for exactly this: it is sent at once and never dropped. */
  now?: boolean;
  /** Picks the results for `term` from those of a shorter term; null when only the server can tell. */
  narrow?: (found: readonly Found[]) => Found[] | null;
};

/**
 * Title look-ups while a person types: one call to the server per person and term, kept for a minute. Only a few run at once for one
 * person, and of those that wait only the newest is sent. With `narrow`, a longer term takes its results from the answer to a shorter
 * one if possible; while that is on its way, it waits for it, until the person has paused typing for `pauseMs`.
 */
export class LookUps<Found> {
  readonly #people = new Map<string, Person<Found>>();
  readonly #bounds: Bounds;
  readonly #budget: CacheBudget;

  constructor(bounds: Partial<Bounds> = {}, budget = cacheBudget) {
    this.#budget = budget;
    this.#bounds = { users: 1000, terms: 40, inFlight: 3, maxAgeMs: 60_000, pauseMs: 200, ...bounds };
  }

  /**
   * What `ask` gives for this term, from the cache or the look-up in flight. Null when a newer term took its place before
   * it was sent. Rejects as `ask` does, and does not keep that.
   */
  find(request: Request<Found>, ask: () => Promise<Found[]>): Promise<Found[] | null> {
    const person = this.#person(request.userId);
    const known = person.lookUps.get(request.term);
    if (known !== undefined && this.#isFresh(known)) {
      if (request.now && person.waiting?.lookUp === known) this.#takeWaiting(person)?.send();
      moveToEnd(person.lookUps, request.term, known);
      known.kept?.use();
      return known.outcome;
    }
    const narrowed = this.#narrowed(person, request);
    return narrowed === null ? this.#add(person, request, ask).outcome : Promise.resolve(narrowed);
  }

  /** Forgets one person's answers: their library has changed. */
  forget(userId: string): void {
    for (const { kept } of this.#people.get(userId)?.lookUps.values() ?? []) kept?.release();
    this.#people.delete(userId);
  }

  #add(person: Person<Found>, request: Request<Found>, ask: () => Promise<Found[]>): LookUp<Found> {
    const { term, now } = request;
    const { promise, resolve, reject } = Promise.withResolvers<Found[] | null>();
    const lookUp: LookUp<Found> = { outcome: promise, answered: null, kept: null };
    const forget = () => {
      if (person.lookUps.get(term) === lookUp) person.lookUps.delete(term);
    };
    const send = () => {
      person.inFlight++;
      ask()
        .then(
          (found) => {
            lookUp.answered = { found, at: Date.now() };
            // Nothing is kept if the person was forgotten meanwhile, or the term was asked for again.
            if (this.#people.get(person.id)?.lookUps.get(term) === lookUp) {
              lookUp.kept = this.#budget.keep(person.id, found, forget);
              if (lookUp.kept === null) forget();
            }
            resolve(found);
          },
          (error: unknown) => {
            forget();
            reject(error);
          },
        )
        .finally(() => {
          person.inFlight--;
          this.#takeWaiting(person)?.goOn();
        });
    };
    const drop = () => {
      forget();
      resolve(null);
    };
    const goOn = () => {
      const narrowed = this.#narrowed(person, request);
      if (narrowed === null) return send();
      forget();
      resolve(narrowed);
    };
    const beginning = this.#beginningOf(person, request);
    person.lookUps.get(term)?.kept?.release();
    moveToEnd(person.lookUps, term, lookUp);
    this.#dropOldest(person);
    const mayBeNarrowed = beginning !== null && beginning.answered === null;
    if (now || (!mayBeNarrowed && person.inFlight < this.#bounds.inFlight)) send();
    else {
      this.#takeWaiting(person)?.drop();
      const pause = mayBeNarrowed ? setTimeout(() => this.#paused(person, lookUp), this.#bounds.pauseMs) : undefined;
      person.waiting = { lookUp, send, goOn, drop, pause };
    }
    return lookUp;
  }

  /** The person has paused typing: the look-up is sent if there is room. */
  #paused(person: Person<Found>, lookUp: LookUp<Found>): void {
    if (person.waiting?.lookUp === lookUp && person.inFlight < this.#bounds.inFlight) this.#takeWaiting(person)?.send();
  }

  #takeWaiting(person: Person<Found>): Waiting<Found> | null {
    const { waiting } = person;
    person.waiting = null;
    clearTimeout(waiting?.pause);
    return waiting;
  }

  #narrowed(person: Person<Found>, request: Request<Found>): Found[] | null {
    const beginning = this.#beginningOf(person, request);
    if (request.narrow === undefined || beginning === null || beginning.answered === null) return null;
    beginning.kept?.use();
    return request.narrow(beginning.answered.found);
  }

  /** The look-up of the longest shorter term that this one begins with; null if this term must be asked for by itself. */
  #beginningOf(person: Person<Found>, { term, now, narrow }: Request<Found>): LookUp<Found> | null {
    if (now || narrow === undefined) return null;
    for (let length = term.length - 1; length > 0; length--) {
      const lookUp = person.lookUps.get(term.slice(0, length));
      if (lookUp !== undefined && this.#isFresh(lookUp)) return lookUp;
    }
    return null;
  }

  #isFresh({ answered }: LookUp<Found>): boolean {
    return answered === null || Date.now() - answered.at < this.#bounds.maxAgeMs;
  }

  #person(userId: string): Person<Found> {
    const person = this.#people.get(userId) ?? { id: userId, lookUps: new Map(), inFlight: 0, waiting: null };
    moveToEnd(this.#people, userId, person);
    const oldest = this.#people.keys().next();
    if (this.#people.size > this.#bounds.users && !oldest.done) this.forget(oldest.value);
    return person;
  }

  /** Drops only answered look-ups: one that still runs would be asked for twice. */
  #dropOldest(person: Person<Found>): void {
    for (const [term, lookUp] of person.lookUps) {
      if (person.lookUps.size <= this.#bounds.terms) return;
      if (lookUp.answered === null) continue;
      lookUp.kept?.release();
      person.lookUps.delete(term);
    }
  }
}

/** A Map keeps the order of insertion, so its first key is the one that was used longest ago. */
function moveToEnd<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
}

/** The same for "Dune", " dune " and full-width letters, so that they share one look-up. */
export function normaliseTerm(text: string): string {
  return text.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase().slice(0, 100);
}
