/** In bytes of JSON; as objects it takes some three times as much memory. */
const mostOfOne = 24 * 1024 * 1024;
const mostOfAll = 64 * 1024 * 1024;

/** What one long list has kept so far. */
export type KeptOfOne = {
  /** Whether there is room for so many bytes more. */
  add(bytes: number): boolean;
  close(): void;
};

/** Counts how much the long lists that are being read now have kept, per person and in total. */
class KeptInFlight {
  readonly #people = new Map<string, number>();
  #all = 0;

  open(person = ''): KeptOfOne {
    let own = 0;
    const count = (bytes: number) => {
      own += bytes;
      this.#all += bytes;
      const used = (this.#people.get(person) ?? 0) + bytes;
      if (used === 0) this.#people.delete(person);
      else this.#people.set(person, used);
      return used <= mostOfOne && this.#all <= mostOfAll;
    };
    return { add: count, close: () => void count(-own) };
  }
}

/** Of this process; the keys are the ids of people, so they belong to no one database. */
export const keptInFlight = new KeptInFlight();
