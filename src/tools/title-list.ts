import { z } from 'zod';
import { messages, type Say, sayInEnglish } from '../messages.ts';
import type { Title } from '../services/titles.ts';

/** How far a title has come. */
export const titleStatusMessages = messages('title_status', {
  absent: 'not in the library',
  unmonitored: 'in the library, not monitored',
  requested: 'requested, waiting for approval',
  failed: 'requested, but not passed on',
  blocklisted: 'on the blocklist',
  monitored: 'wanted, not downloaded yet',
  downloading: 'downloading {percent} %',
  partlyThere: 'partly there',
  episodesThere: '{have, number, ::group-off} of {of, number, ::group-off} episodes there',
  available: 'there',
});

/** The one shape of a list's input. */
export const listPageInput = z.object({
  query: z.string().trim().max(200).optional().describe('part of the title'),
  page: z.number().int().min(1).max(10_000).optional(),
});

const pageSize = 20;

/** What `shortTitle` gives. */
export const shortTitleShape = { title: z.string(), year: z.number().nullable(), status: z.string() };

/** What the model gets of any title in a list: enough to choose by, without the long texts. */
export function shortTitle(title: Title) {
  return { title: title.title, year: title.year, status: statusWords(title, sayInEnglish) };
}

/** "downloading 43 %", "12 of 20 episodes there". */
export function statusWords({ status }: Pick<Title, 'status'>, say: Say): string {
  switch (status.state) {
    case 'downloading':
      return say(titleStatusMessages.downloading, { percent: Math.floor(status.percent) });
    case 'partial': {
      const { have, of } = status;
      // A search tells only that it is so.
      return of === 0 ? say(titleStatusMessages.partlyThere) : say(titleStatusMessages.episodesThere, { have, of });
    }
    default:
      return say(titleStatusMessages[status.state]);
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
