import { z } from 'zod';
import type { LibraryItem } from '../services/jellyfin/items.ts';
import type { Imported, Title } from '../services/titles.ts';
import { itemTitle, watchedWords } from './jellyfin.ts';
import { fromEach } from './overview.ts';
import type { Stack } from './stack.ts';
import { statusWords } from './title-list.ts';
import { defineReadTool, type RunOptions } from './tool.ts';

const mostTitles = 20;

/** One title of the library in a list, whichever server knows it. */
export type LibraryRow = {
  service: string;
  title: string;
  year: number | null;
  kind: LibraryItem['kind'];
  /** "watched", "wanted, not downloaded yet"; empty when there is nothing to say. */
  status: string;
};

/** Where a row's picture is: at a public address, or in Jellyfin, whose address is nobody else's business. */
export type Picture = { address: string } | { jellyfinItem: string };
export type PicturedRow = LibraryRow & { picture: Picture | null };

/** What was found, and what could not be asked, in words. */
export type Library<Row extends LibraryRow = LibraryRow> = { titles: Row[]; problems: string[] };

type FoundRow = Omit<PicturedRow, 'service'>;
type LibraryService = 'jellyfin' | 'radarr' | 'sonarr';
const services = ['jellyfin', 'radarr', 'sonarr'] as const;

const searchInput = z.object({ query: z.string().trim().min(1).max(200) });

export const searchLibrary = defineReadTool({
  name: 'search_library',
  description: 'Whether films and series are there, by title, in Jellyfin, Radarr and Sonarr.',
  services,
  input: searchInput,
  activity: 'Looking through the library',
  run: async (stack, input, options) => withoutPictures(await findInLibrary(stack, input, options)),
});

export const getRecentlyAdded = defineReadTool({
  name: 'get_recently_added',
  description: 'The films and episodes that came into the library last.',
  services,
  input: z.object({}),
  activity: 'Looking at what is new',
  run: async (stack, input, options) => withoutPictures(await findRecentlyAdded(stack, input, options)),
});

/** What `search_library` finds, with pictures: for people, who unlike the model do not pay for them. */
export function findInLibrary(
  stack: Stack,
  { query }: z.output<typeof searchInput>,
  options: RunOptions,
): Promise<Library<PicturedRow>> {
  return jellyfinFirst(stack, async (service) => {
    if (service === 'jellyfin') return (await stack.get(service).search(query, options)).map(rowOfItem);
    const titles = await stack.get(service).library(options);
    return titles.filter(({ title }) => containsWords(title, query)).map(rowOfTitle);
  });
}

/** All that Radarr and Sonarr have: for a reader that filters by itself, key by key. */
export async function findWholeLibrary(stack: Stack, options: RunOptions): Promise<Library> {
  const all = await fromEach(['radarr', 'sonarr'], stack, async (service) =>
    (await stack.get(service).library(options)).map(rowOfTitle),
  );
  return {
    titles: all.flatMap(({ service, answer }) => (answer ?? []).map((row) => ({ service, ...row }))),
    problems: all.flatMap(({ problem }) => problem ?? []),
  };
}

/** What `get_recently_added` finds, with pictures. */
export function findRecentlyAdded(stack: Stack, _input: object, options: RunOptions): Promise<Library<PicturedRow>> {
  return jellyfinFirst(stack, async (service) => {
    if (service === 'jellyfin') return (await stack.get(service).latest(options)).map(rowOfItem);
    return (await stack.get(service).recentlyImported(options)).map(rowOfImport);
  });
}

/** Jellyfin knows what can be watched. Where it has nothing or fails, Radarr and Sonarr know what is on its way. */
async function jellyfinFirst(
  stack: Stack,
  ask: (service: LibraryService) => Promise<FoundRow[]>,
): Promise<Library<PicturedRow>> {
  const first = await fromEach(['jellyfin'], stack, ask);
  const hasFound = first.some(({ answer }) => answer !== null && answer.length > 0);
  const all = hasFound ? first : [...first, ...(await fromEach(['radarr', 'sonarr'], stack, ask))];
  return {
    titles: all
      .flatMap(({ service, answer }) => (answer ?? []).map((row): PicturedRow => ({ service, ...row })))
      .slice(0, mostTitles),
    problems: all.flatMap(({ problem }) => problem ?? []),
  };
}

function withoutPictures({ titles, problems }: Library<PicturedRow>): Library {
  return { titles: titles.map(({ picture: _forPeople, ...row }) => row), problems };
}

/** Whether all words of a search are in a title, wherever. */
export function containsWords(title: string, query: string): boolean {
  const text = title.toLocaleLowerCase();
  return query
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function rowOfItem(item: LibraryItem): FoundRow {
  const picture = item.posterId === null ? null : { jellyfinItem: item.posterId };
  return { ...itemTitle(item), kind: item.kind, status: watchedWords(item), picture };
}

function rowOfTitle(title: Title & { kind: 'movie' | 'series' }): FoundRow {
  return { ...faceOf(title), kind: title.kind, status: statusWords(title) };
}

function rowOfImport(imported: Imported): FoundRow {
  return { ...faceOf(imported), kind: imported.kind, status: episodesWords(imported.episodes) };
}

function faceOf({ title, year, posterUrl }: Pick<Title, 'title' | 'year' | 'posterUrl'>) {
  return { title, year, picture: posterUrl === null ? null : { address: posterUrl } };
}

/** "season 2, episode 13", "2 new episodes"; nothing for a film. */
function episodesWords(episodes: Imported['episodes']): string {
  const [only] = episodes;
  if (only === undefined) return '';
  return episodes.length === 1 ? `season ${only.season}, episode ${only.episode}` : `${episodes.length} new episodes`;
}
