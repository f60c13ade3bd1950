import { z } from 'zod';
import { messages, type Say, sayInEnglish } from '../../messages.ts';
import type { LibraryItem } from '../../services/jellyfin/items.ts';

export const itemMessages = messages('library_items', {
  season: '{series}, {title}',
  episode: '{series}: {title}',
  numberedEpisode: '{series}, season {season}, episode {episode}: {title}',
});

export const libraryKinds = ['movie', 'series', 'season', 'episode', 'other'] as const satisfies LibraryItem['kind'][];

/** What `itemTitle` gives. */
export const itemTitleShape = { title: z.string(), year: z.number().nullable() };

/** By which Jellyfin names an item; rows of earlier versions have none. */
export const itemIdShape = { itemId: z.string().nullish() };

/** Of what an item's name is made: what the model gets is in English, and people read it in their own language. */
export const itemNameSchema = z.object({
  kind: z.enum(libraryKinds),
  title: z.string(),
  series: z.string().nullable(),
  season: z.number().nullable(),
  episode: z.number().nullable(),
});
type ItemName = z.output<typeof itemNameSchema>;

/** An item's name in one line for the model; its year where it has one of its own. */
export function itemTitle(item: LibraryItem): { title: string; year: number | null } {
  const isOfSeries = item.kind === 'episode' || (item.kind === 'season' && item.series !== null);
  return { title: itemName(item, sayInEnglish), year: isOfSeries ? null : item.year };
}

export function itemNameParts({ kind, title, series, season, episode }: LibraryItem): ItemName {
  return { kind, title, series, season, episode };
}

/** "Breaking Bad, season 2, episode 1: Seven Thirty-Seven". */
export function itemName({ kind, title, series, season, episode }: ItemName, say: Say): string {
  if (series === null) return title;
  if (kind === 'season') return say(itemMessages.season, { series, title });
  if (kind !== 'episode') return title;
  if (season === null || episode === null) return say(itemMessages.episode, { series, title });
  return say(itemMessages.numberedEpisode, { series, season, episode, title });
}
