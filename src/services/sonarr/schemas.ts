import { z } from 'zod';
import type { Say } from '../../messages.ts';
import { imagesSchema, posterOf } from '../arr/server.ts';
import { listOf } from '../list-of.ts';
import { namelessMessages, type Season, type Series, type TitleStatus } from '../titles.ts';

const seasonSchema = z.looseObject({
  seasonNumber: z.number(),
  monitored: z.boolean().nullish(),
  statistics: z
    .looseObject({
      episodeFileCount: z.number().nullish(),
      episodeCount: z.number().nullish(),
      totalEpisodeCount: z.number().nullish(),
    })
    .nullish(),
});

/** SeriesResource, as far as it is read. Loose, because adding and changing send the whole object back. */
export const seriesSchema = z.looseObject({
  id: z.number().nullish(),
  tvdbId: z.number(),
  title: z.string().nullish(),
  year: z.number().nullish(),
  overview: z.string().nullish(),
  runtime: z.number().nullish(),
  genres: listOf(z.string()).nullish(),
  ratings: z.looseObject({ value: z.number().nullish() }).nullish(),
  images: imagesSchema,
  monitored: z.boolean().nullish(),
  seriesType: z.string().nullish(),
  ended: z.boolean().nullish(),
  status: z.string().nullish(),
  seasons: listOf(seasonSchema).nullish(),
  statistics: z.looseObject({ sizeOnDisk: z.number().nullish() }).nullish(),
});
export type RawSeries = z.output<typeof seriesSchema>;

/** A series as the bot knows it. `percent` is what the queue says of it, null when it is not in the queue. */
export function seriesOf(raw: RawSeries, percent: number | null, say: Say): Series {
  const seasons = (raw.seasons ?? [])
    .map(
      ({ seasonNumber, monitored, statistics }): Season => ({
        seasonNumber,
        monitored: monitored ?? false,
        episodeCount: statistics?.totalEpisodeCount ?? statistics?.episodeCount ?? 0,
        ...(statistics?.episodeCount == null ? {} : { airedEpisodeCount: statistics.episodeCount }),
        episodeFileCount: statistics?.episodeFileCount ?? 0,
      }),
    )
    .sort((a, b) => a.seasonNumber - b.seasonNumber);
  return {
    kind: 'series',
    tvdbId: raw.tvdbId,
    title: raw.title ?? say(namelessMessages.title),
    year: raw.year || null,
    overview: raw.overview || null,
    posterUrl: posterOf(raw.images),
    runtimeMinutes: raw.runtime || null,
    genres: raw.genres ?? [],
    rating: raw.ratings?.value || null,
    libraryId: raw.id || null,
    seasons,
    ended: raw.ended ?? raw.status === 'ended',
    status: statusOf(raw, seasons, percent),
  };
}

function statusOf(raw: RawSeries, seasons: readonly Season[], percent: number | null): TitleStatus {
  if (!raw.id) return { state: 'absent' };
  if (percent !== null) return { state: 'downloading', percent };
  // Specials are seldom complete and nobody counts them.
  const counted = seasons.filter((season) => season.seasonNumber > 0);
  const have = counted.reduce((sum, season) => sum + season.episodeFileCount, 0);
  const of = counted.reduce((sum, season) => sum + season.episodeCount, 0);
  if (have > 0) return have >= of ? { state: 'available' } : { state: 'partial', have, of };
  return { state: raw.monitored ? 'monitored' : 'unmonitored' };
}
