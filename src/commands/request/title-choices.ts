import type { Say } from '../../messages.ts';
import type { Title } from '../../services/titles.ts';
import { namelessMessages } from '../../services/titles.ts';
import type { FoundTitle } from '../../tools/titles/search-extras.ts';
import { oneLine } from '../cards/server-text.ts';
import type { TitleKind } from './title-kinds.ts';

/** Discord's limits for autocomplete and selects alike. */
const mostChoices = 25;
const longestName = 100;

/** "Dune (2021) ✓": at most 100 characters, the year and the mark always whole. */
export function choiceName(title: Title, say: Say): string {
  const year = title.year === null ? '' : ` (${title.year})`;
  const mark = isThere(title) ? ' ✓' : '';
  return `${oneLine(title.title, longestName - year.length - mark.length) || say(namelessMessages.title)}${year}${mark}`;
}

/** The value of a choice: "tmdb:438631". */
export function choiceValue(kind: TitleKind, id: number): string {
  return `${kind.idPrefix}:${id}`;
}

/** As many as Discord shows, no title twice. */
export function choosable(found: readonly FoundTitle[]): FoundTitle[] {
  const distinct = new Map(found.filter(({ id }) => id > 0).map((title) => [title.id, title]));
  return [...distinct.values()].slice(0, mostChoices);
}

/** In the library and wanted, or there already. */
function isThere({ status }: Title): boolean {
  return !['absent', 'unmonitored', 'failed', 'blocklisted'].includes(status.state);
}
