type Entry = { owner: string; bytes: number; drop: () => void };
type Bounds = { bytesOfOne: number; bytesOfAll: number };

/** One thing that a cache keeps. */
export type Kept = {
  /** Marks it as used, so that others are dropped before it. */
  use(): void;
  /** The cache has let go of it. */
  release(): void;
};

/**
 * Limits the memory of all caches, per person and in total. The least recently used things are dropped first: those of the person
 * whose share is full, otherwise anybody's. The caches hold the things; this only says when to drop one.
 */
export class CacheBudget {
  readonly #entries = new Set<Entry>();
  readonly #bytesOf = new Map<string, number>();
  readonly #bounds: Bounds;
  #bytes = 0;

  constructor(bounds: Partial<Bounds> = {}) {
    this.#bounds = { bytesOfOne: 6 * 1024 * 1024, bytesOfAll: 48 * 1024 * 1024, ...bounds };
  }

  /** Makes room for a thing of this person. Null if it is larger than a person's share: then it must not be kept. */
  keep(owner: string, value: unknown, drop: () => void): Kept | null {
    const bytes = bytesOf(value);
    const { bytesOfOne, bytesOfAll } = this.#bounds;
    if (bytes > Math.min(bytesOfOne, bytesOfAll)) return null;
    this.#makeRoom(() => this.#used(owner) + bytes <= bytesOfOne, owner);
    this.#makeRoom(() => this.#bytes + bytes <= bytesOfAll);
    const entry = { owner, bytes, drop };
    this.#entries.add(entry);
    this.#count(entry, bytes);
    return {
      use: () => {
        if (this.#entries.delete(entry)) this.#entries.add(entry);
      },
      release: () => this.#release(entry),
    };
  }

  /** In bytes, as estimated by `bytesOf`. */
  get used(): number {
    return this.#bytes;
  }

  #makeRoom(isEnough: () => boolean, owner?: string): void {
    for (const entry of this.#entries) {
      if (isEnough()) return;
      if (owner !== undefined && entry.owner !== owner) continue;
      this.#release(entry);
      entry.drop();
    }
  }

  #release(entry: Entry): void {
    if (this.#entries.delete(entry)) this.#count(entry, -entry.bytes);
  }

  #count({ owner }: Entry, bytes: number): void {
    this.#bytes += bytes;
    const used = this.#used(owner) + bytes;
    if (used === 0) this.#bytesOf.delete(owner);
    else this.#bytesOf.set(owner, used);
  }

  #used(owner: string): number {
    return this.#bytesOf.get(owner) ?? 0;
  }
}

/** About how many bytes a value of plain data takes: two per letter of text, and some for each object and field. */
export function bytesOf(value: unknown): number {
  if (typeof value === 'string') return 24 + 2 * value.length;
  if (typeof value !== 'object' || value === null) return 8;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + bytesOf(item), 32);
  return Object.values(value).reduce((sum: number, field) => sum + 8 + bytesOf(field), 48);
}

/** One for this process: everything that its caches keep of media servers' replies counts towards it. */
export const cacheBudget = new CacheBudget();
