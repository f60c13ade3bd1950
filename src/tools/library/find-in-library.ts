import { z } from 'zod';
import { type Saying, sayInEnglish } from '../../messages.ts';
import type { LibraryItem } from '../../services/jellyfin/items.ts';
import type { Movie, Series, Title } from '../../services/titles.ts';
import { fromEach, type ProblemExtras, problemsFor } from '../from-each.ts';
import type { Stack } from '../stack.ts';
import type { RunOptions } from '../tool.ts';
import { itemIdShape, itemNameParts, itemTitle, libraryKinds } from './item-words.ts';
import { inPartsShape, type ListExtras, type RowState, rowStatus, watchedState } from './row-words.ts';

const mostTitles = 20;

/** Where a row's picture is: at a public address, or in Jellyfin, whose address is nobody else's business. */
const pictureSchema = z.union([z.object({ address: z.string() }), z.object({ jellyfinItem: z.string() })]);
export type Picture = z.output<typeof pictureSchema>;

const rowSchema = z.object({
  service: z.string(),
  title: z.string(),
  year: z.number().nullable(),
  kind: z.enum(libraryKinds),
  /** "watched", "wanted, not downloaded yet"; empty when there is nothing to say. */
  status: z.string(),
  /** For people, who unlike the model do not pay for it. */
  picture: pictureSchema.nullish(),
  ...inPartsShape,
  /** By which its service names it: Jellyfin an item, Radarr a film, Sonarr a series. */
  ...itemIdShape,
  tmdbId: z.number().nullish(),
  tvdbId: z.number().nullish(),
});
/** One title of the library in a list, whichever server knows it. */
export type LibraryRow = z.output<typeof rowSchema>;
type FoundRow = Omit<LibraryRow, 'service'>;

/** What was found, and what could not be asked, in words. */
export const librarySchema = z.object({ titles: z.array(rowSchema), problems: z.array(z.string()) });
/** The same before it is known who reads it. */
export type Library = { titles: LibraryRow[]; problems: Saying[] };

/** What a command wants of the library besides. */
export type LibraryExtras = ListExtras & ProblemExtras;

type LibraryService = 'jellyfin' | 'radarr' | 'sonarr';

/** The titles by that name. Throws what is none of a service's failures. */
export function findInLibrary(stack: Stack, query: string, options: RunOptions): Promise<Library> {
  return jellyfinFirst(stack, async (service) => {
    if (service === 'jellyfin') return (await stack.get(service).search(query, options)).map(rowOfItem);
    const titles = await stack.get(service).library(options);
    return withWords<Movie | Series>(titles, query, ({ title }) => title).map(rowOfTitle);
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

/** Jellyfin knows what can be watched. Where it has nothing or fails, Radarr and Sonarr know what is on its way. */
export async function jellyfinFirst(
  stack: Stack,
  ask: (service: LibraryService) => Promise<FoundRow[]>,
): Promise<Library> {
  const first = await fromEach(['jellyfin'], stack, ask);
  const hasFound = first.some(({ answer }) => answer !== null && answer.length > 0);
  const all = hasFound ? first : [...first, ...(await fromEach(['radarr', 'sonarr'], stack, ask))];
  return {
    titles: all
      .flatMap(({ service, answer }) => (answer ?? []).map((row): LibraryRow => ({ service, ...row })))
      .slice(0, mostTitles),
    problems: all.flatMap(({ problem }) => problem ?? []),
  };
}

/** The library as `extras` want it: the model gets no pictures, and what things are called and how they are in English alone. */
export function asWanted(
  stack: Stack,
  { titles, problems: found }: Library,
  extras: Partial<LibraryExtras>,
): z.output<typeof librarySchema> {
  const problems = problemsFor(stack, found, extras);
  if (extras.forPeople) return { titles, problems };
  return { titles: titles.map(({ picture: _picture, item: _item, state: _state, ...row }) => row), problems };
}

/** Those in whose title all words of a search are, wherever. For thousands of titles it takes a few milliseconds. */
export function withWords<Item>(items: readonly Item[], query: string, titleOf: (item: Item) => string): Item[] {
  const words = query.toLocaleLowerCase().split(/\s+/);
  return items.filter((item) => {
    const text = titleOf(item).toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export function rowOfItem(item: LibraryItem): FoundRow {
  const picture = item.posterId === null ? null : { jellyfinItem: item.posterId };
  const parts = { item: itemNameParts(item), picture, itemId: item.id };
  return { ...itemTitle(item), kind: item.kind, ...inState(watchedState(item)), ...parts };
}

function rowOfTitle(title: Movie | Series): FoundRow {
  const id = title.kind === 'movie' ? { tmdbId: title.tmdbId } : { tvdbId: title.tvdbId };
  return { ...faceOf(title), kind: title.kind, ...inState({ of: 'server', status: title.status }), ...id };
}

/** How a row is, in words for the model and as data for whoever says it to people. */
export function inState(state: RowState | null) {
  return { status: rowStatus(state, sayInEnglish), state };
}

/** What a row shows of a title of Radarr or Sonarr. */
export function faceOf({ title, year, posterUrl }: Pick<Title, 'title' | 'year' | 'posterUrl'>) {
  return { title, year, picture: posterUrl === null ? null : { address: posterUrl } };
}
