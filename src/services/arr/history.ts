import { z } from 'zod';
import type { Say } from '../../messages.ts';
import type { Http } from '../http.ts';
import { listOf } from '../list-of.ts';
import type { CallOptions } from '../service.ts';
import { type Imported, namelessMessages } from '../titles.ts';
import { imagesSchema, posterOf } from './server.ts';

/** What Radarr and Sonarr (API v3, /history) put into their libraries. */

const titleSchema = z.looseObject({
  tmdbId: z.number().nullish(),
  tvdbId: z.number().nullish(),
  title: z.string().nullish(),
  year: z.number().nullish(),
  images: imagesSchema,
});
const historySchema = z.looseObject({
  records: listOf(
    z.looseObject({
      movieId: z.number().nullish(),
      seriesId: z.number().nullish(),
      movie: titleSchema.nullish(),
      series: titleSchema.nullish(),
      episode: z.looseObject({ seasonNumber: z.number().nullish(), episodeNumber: z.number().nullish() }).nullish(),
    }),
  ).nullish(),
});

/** `downloadFolderImported` in both; the query takes the number only. */
const imported = 3;
/** A season has one record per episode, so more records are read than titles are shown. */
const mostRecords = 100;

/** The titles of the last imports, newest first, each once. `include` asks for what the server leaves out by itself. */
export async function recentlyImported(
  http: Http,
  include: Record<string, boolean>,
  say: Say,
  options?: CallOptions,
): Promise<Imported[]> {
  const order = { page: 1, pageSize: mostRecords, sortKey: 'date', sortDirection: 'descending' };
  const query = { ...order, eventType: imported, ...include };
  const page = await http.json({ path: '/api/v3/history', query, signal: options?.signal }, historySchema);
  const titles = new Map<number, Imported>();
  for (const { movieId, seriesId, movie, series, episode } of page.records ?? []) {
    const id = movieId ?? seriesId;
    const raw = movie ?? series;
    if (id == null || raw == null) continue;
    const episodes =
      episode?.seasonNumber == null || episode.episodeNumber == null
        ? []
        : [{ season: episode.seasonNumber, episode: episode.episodeNumber }];
    const there = titles.get(id);
    if (there !== undefined) there.episodes = withoutDoubles([...there.episodes, ...episodes]);
    else
      titles.set(id, {
        kind: movie == null ? 'series' : 'movie',
        // Sonarr tells of both.
        id: (movie == null ? raw.tvdbId : raw.tmdbId) ?? null,
        title: raw.title ?? say(namelessMessages.title),
        year: raw.year || null,
        posterUrl: posterOf(raw.images),
        episodes,
      });
  }
  return [...titles.values()];
}

/** An episode that was imported again in better quality counts once. */
function withoutDoubles(episodes: Imported['episodes']): Imported['episodes'] {
  return [...new Map(episodes.map((one) => [`${one.season} ${one.episode}`, one])).values()];
}
