type LookUp<Found> = {
  outcome: Promise<Found[] | null>;
  /** When it was answered; null while it is in flight or waits. */
  answeredAt: number | null;
};
type Waiting<Found> = { term: string; start: () => void; drop: () => void; lookUp: LookUp<Found> };
type Person<Found> = { lookUps: Map<string, LookUp<Found>>; inFlight: number; waiting: Waiting<Found> | null };

/** Sizes in entries, the age in milliseconds. */
type Bounds = { users: number; terms: number; inFlight: number; maxAgeMs: number };

/**
 * Title look-ups while a person types: one upstream call a term and person however many keys are pressed, the answer kept
 * for a minute. At most a few are in flight for one person; of those that wait only the newest is ever sent.
 */
export class LookUps<Found> {
  readonly #people = new Map<string, Person<Found>>();
  readonly #bounds: Bounds;

  constructor(bounds: Partial<Bounds> = {}) {
    this.#bounds = { users: 1000, terms: 40, inFlight: 3, maxAgeMs: 60_000, ...bounds };
  }

  /**
   * What `ask` gives for this term, from the cache or the look-up in flight. Null when a newer term took its place before
   * it was sent; with `now` it is sent at once and never dropped. Rejects as `ask` does, and does not keep that.
   */
  find(request: { userId: string; term: string; now?: boolean }, ask: () => Promise<Found[]>): Promise<Found[] | null> {
    const person = this.#person(request.userId);
    const known = person.lookUps.get(request.term);
    if (known !== undefined && this.#isFresh(known)) {
      if (request.now && person.waiting?.lookUp === known) this.#startWaiting(person);
      moveToEnd(person.lookUps, request.term, known);
      return known.outcome;
    }
    return this.#add(person, request, ask).outcome;
  }

  /** Forgets one person's answers: their library has changed. */
  forget(userId: string): void {
    this.#people.delete(userId);
  }

  #add(person: Person<Found>, { term, now }: { term: string; now?: boolean }, ask: () => Promise<Found[]>) {
    const { promise, resolve, reject } = Promise.withResolvers<Found[] | null>();
    const lookUp: LookUp<Found> = { outcome: promise, answeredAt: null };
    const forget = () => {
      if (person.lookUps.get(term) === lookUp) person.lookUps.delete(term);
    };
    const start = () => {
      person.inFlight++;
      ask()
        .then(
          (found) => {
            lookUp.answeredAt = Date.now();
            resolve(found);
          },
          (error: unknown) => {
            forget();
            reject(error);
          },
        )
        .finally(() => {
          person.inFlight--;
          this.#startWaiting(person);
        });
    };
    const drop = () => {
      forget();
      resolve(null);
    };
    moveToEnd(person.lookUps, term, lookUp);
    this.#dropOldest(person);
    if (now || person.inFlight < this.#bounds.inFlight) start();
    else {
      person.waiting?.drop();
      person.waiting = { term, start, drop, lookUp };
    }
    return lookUp;
  }

  #startWaiting(person: Person<Found>): void {
    const { waiting } = person;
    person.waiting = null;
    waiting?.start();
  }

  #isFresh({ answeredAt }: LookUp<Found>): boolean {
    return answeredAt === null || Date.now() - answeredAt < this.#bounds.maxAgeMs;
  }

  #person(userId: string): Person<Found> {
    const person = this.#people.get(userId) ?? { lookUps: new Map(), inFlight: 0, waiting: null };
    moveToEnd(this.#people, userId, person);
    const oldest = this.#people.keys().next();
    if (this.#people.size > this.#bounds.users && !oldest.done) this.#people.delete(oldest.value);
    return person;
  }

  /** Only what is answered may go: one in flight would be asked for twice. */
  #dropOldest(person: Person<Found>): void {
    for (const [term, lookUp] of person.lookUps) {
      if (person.lookUps.size <= this.#bounds.terms) return;
      if (lookUp.answeredAt !== null) person.lookUps.delete(term);
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
