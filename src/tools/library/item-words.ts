import { z } from 'zod';
import type { LibraryItem } from '../../services/jellyfin/items.ts';

export const libraryKinds = ['movie', 'series', 'season', 'episode', 'other'] as const satisfies LibraryItem['kind'][];

/** What `itemTitle` gives. */
export const itemTitleShape = { title: z.string(), year: z.number().nullable() };

/** By which Jellyfin names an item; rows of earlier versions have none. */
export const itemIdShape = { itemId: z.string().nullish() };

/** "Breaking Bad, season 2, episode 1: Seven Thirty-Seven": an item's name in one line; its year where it has one of its own. */
export function itemTitle(item: LibraryItem): { title: string; year: number | null } {
  const { title, series, season, episode } = item;
  if (item.kind === 'season' && series !== null) return { title: `${series}, ${title}`, year: null };
  if (item.kind !== 'episode' || series === null) return { title, year: item.kind === 'episode' ? null : item.year };
  const place = season === null || episode === null ? '' : `, season ${season}, episode ${episode}`;
  return { title: `${series}${place}: ${title}`, year: null };
}

/** "watched", "40 % watched", or nothing. */
export function watchedWords({ watchedPercent }: LibraryItem): string {
  if (watchedPercent === null || watchedPercent < 1) return '';
  return watchedPercent >= 100 ? 'watched' : `${Math.floor(watchedPercent)} % watched`;
}
