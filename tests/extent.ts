import { createHash } from 'node:crypto';

/**
 * How much of a big product of cases is tried: `few` (`npm test`: each operation with one fault, in turn), `sample` (`.ci/run`: a
 * part, chosen by the seed that it prints), `all` (`.ci/run --all`). Set by TEST_EXTENT.
 */
export type Extent = 'few' | 'sample' | 'all';

const extents: readonly Extent[] = ['few', 'sample', 'all'];
export const extent: Extent = extentOf(process.env.TEST_EXTENT ?? 'few');
const seed = process.env.TEST_SEED ?? 'none';

/** The share of `cases` (0 to 1, at least one of them) that the seed chooses; the same seed chooses the same, in the same order. */
export function sampleOf<Case>(cases: readonly Case[], share: number, keyOf: (one: Case) => string): Case[] {
  const ranked = cases.map((one) => ({ one, rank: rankOf(keyOf(one)) }));
  const least = ranked.toSorted((a, b) => a.rank.localeCompare(b.rank))[0];
  const limit = Math.round(share * 0xffffffff)
    .toString(16)
    .padStart(8, '0');
  return ranked.filter((entry) => entry === least || entry.rank < limit).map(({ one }) => one);
}

function rankOf(key: string): string {
  return createHash('sha256').update(`${seed} ${key}`).digest('hex').slice(0, 8);
}

function extentOf(text: string): Extent {
  const found = extents.find((one) => one === text);
  if (found === undefined) throw new Error(`TEST_EXTENT is one of ${extents.join(', ')}, not "${text}"`);
  return found;
}
