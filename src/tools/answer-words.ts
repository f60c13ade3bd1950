import { sayInEnglish } from '../messages.ts';
import type { Title } from '../services/titles.ts';
import { statusWords } from './title-list.ts';

/** A title with its year, as far as it is known. */
export function nameOf({ title, year }: { title: string; year: number | null }): string {
  return year === null ? title : `${title} (${year})`;
}

/** A title and how it stands, where there is something to say of it. */
export function titleLine(item: { title: string; year: number | null; status: string }): string {
  return [nameOf(item), item.status].filter((part) => part !== '').join(' – ');
}

/** A list in words; what a server failed at is told beside it, and instead of "nothing". */
export function listWords<Item>(
  items: readonly Item[],
  {
    heading,
    nothing,
    line,
    problems = [],
  }: { heading: string; nothing: string; line(item: Item): string; problems?: readonly string[] },
): string {
  const said = items.length > 0 ? [heading, ...items.map((item) => `- ${line(item)}`)] : [];
  return [...said, ...(said.length === 0 && problems.length === 0 ? [nothing] : []), ...problems].join('\n');
}

/** The titles that were looked for. */
export function foundWords({ results }: { results: readonly Parameters<typeof titleLine>[0][] }): string {
  const titles = results.slice(0, 5);
  return titles.length === 0 ? 'I found nothing by that name.' : `I found: ${titles.map(titleLine).join('; ')}.`;
}

/** One page of a library. */
export function pageWords({ items, total }: { items: Parameters<typeof titleLine>[0][]; total: number }): string {
  const nothing = 'There is nothing like that in the library.';
  return listWords(items, { heading: `There are ${total}:`, nothing, line: titleLine });
}

/** One title with what there is to say of it. */
export function describeTitle(title: Pick<Title, 'title' | 'year' | 'status' | 'runtimeMinutes' | 'overview'>): string {
  const runtime = title.runtimeMinutes === null ? '' : `, ${title.runtimeMinutes} minutes`;
  const overview = title.overview === null ? '' : ` ${title.overview}`;
  return `**${nameOf(title)}**${runtime}: ${statusWords(title, sayInEnglish)}.${overview}`;
}
