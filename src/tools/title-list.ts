import { z } from 'zod';
import type { Title } from '../services/titles.ts';

/** The one shape of a list's input. */
export const listPageInput = z.object({
  query: z.string().trim().max(200).optional().describe('part of the title'),
  page: z.number().int().min(1).max(10_000).optional(),
});

const pageSize = 20;

/** What `shortTitle` gives. */
export const shortTitleShape = { title: z.string(), year: z.number().nullable(), status: z.string() };

/** What a list shows of any title: enough to choose by, without the long texts. */
export function shortTitle(title: Title) {
  return { title: title.title, year: title.year, status: statusWords(title) };
}

/** "downloading 43 %", "12 of 20 episodes": the status in the words that people are shown too. */
export function statusWords({ status }: Pick<Title, 'status'>): string {
  switch (status.state) {
    case 'absent':
      return 'not in the library';
    case 'unmonitored':
      return 'in the library, not monitored';
    case 'requested':
      return 'requested, waiting for approval';
    case 'failed':
      return 'requested, but not passed on';
    case 'blocklisted':
      return 'on the blocklist';
    case 'monitored':
      return 'wanted, not downloaded yet';
    case 'downloading':
      return `downloading ${Math.floor(status.percent)} %`;
    case 'partial':
      // A search tells only that it is so.
      return status.of === 0 ? 'partly there' : `${status.have} of ${status.of} episodes there`;
    case 'available':
      return 'there';
  }
}

/** What `listPage` gives of such rows. */
export function listPageOf<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.object({ items: z.array(z.object(shape)), total: z.number(), hasNext: z.boolean() });
}

/** One page of a library, filtered by title, newest year first. `hasNext` says whether more follow. */
export function listPage<Item extends Title, Row>(
  titles: readonly Item[],
  { query, page = 1 }: z.output<typeof listPageInput>,
  toRow: (title: Item) => Row,
): { items: Row[]; total: number; hasNext: boolean } {
  const wanted = query?.toLocaleLowerCase() ?? '';
  const matching = titles
    .filter((title) => title.title.toLocaleLowerCase().includes(wanted))
    .sort((a, b) => (b.year ?? 0) - (a.year ?? 0) || a.title.localeCompare(b.title));
  const from = (page - 1) * pageSize;
  return {
    items: matching.slice(from, from + pageSize).map(toRow),
    total: matching.length,
    hasNext: matching.length > from + pageSize,
  };
}
