import type { LibraryRow } from '../../tools/library.ts';
import { escaped } from '../cards/server-text.ts';
import { type CardMessage, cardMessage, text } from '../cards/title-face.ts';

type View = { message: CardMessage; words: string };
type Item = { kind: string; name: string; status: string };

/** A season and an episode say by their names what they are. */
const kindWords: Record<string, string> = { movie: 'film', series: 'series' };

/** `/library search`: what is there by that name, and what could not be asked. */
export function librarySearchView(
  query: string,
  { titles, problems }: { titles: readonly LibraryRow[]; problems: readonly string[] },
): View {
  const lines = titles.map(({ title, year, kind, status, service }) => {
    const name = `**${escaped(title, 100)}**${year === null ? '' : ` (${year})`}`;
    return [`- ${name}`, kindWords[kind], status, service].filter((part) => part).join(' · ');
  });
  const nothing =
    problems.length > 0 ? [] : [`Nothing called “${escaped(query, 100)}” is there. \`/request\` can get it.`];
  return view(lines.length > 0 ? [`## In the library: “${escaped(query, 60)}”`, ...lines] : nothing, problems);
}

/** `/library recent`: the newest, and below it what the person began. */
export function libraryRecentView({ added, begun }: { added: readonly Item[]; begun: readonly Item[] }): View {
  const newest = added.slice(0, 15).map(itemLine);
  const watching = begun.slice(0, 5).map(itemLine);
  return view(
    [
      '## New in Jellyfin',
      ...(newest.length > 0 ? newest : ['Nothing is there yet.']),
      ...(watching.length > 0 ? ['### Go on watching', ...watching] : []),
    ],
    [],
  );
}

function itemLine({ name, kind, status }: Item): string {
  return [`- **${escaped(name, 120)}**`, kindWords[kind], status].filter((part) => part).join(' · ');
}

function view(lines: readonly string[], problems: readonly string[]): View {
  const all = [...lines, ...problems.map((problem) => `⚠️ ${problem}`)];
  const shown = all.join('\n').slice(0, 3900);
  return { message: cardMessage([text(shown)]), words: `Shown: ${shown.slice(0, 2000)}` };
}
