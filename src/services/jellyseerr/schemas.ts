import { z } from 'zod';
import type { Season, Title, TitleStatus } from '../titles.ts';

/** A film or series as Seerr knows it, by its TMDB id. All text is untrusted. */
export type SeerrTitle = Title & {
  kind: 'movie' | 'series';
  tmdbId: number;
  /** Of a series, ascending by number; empty for a film. */
  seasons: Season[];
  /** What is there and requested in 4K. */
  status4k: TitleStatus;
};

/** Someone's request. */
export type SeerrRequest = {
  id: number;
  kind: 'movie' | 'series';
  tmdbId: number;
  is4k: boolean;
  state: 'waiting_for_approval' | 'approved' | 'declined' | 'failed' | 'completed' | 'unknown';
  seasons: number[];
  requestedBy: string | null;
};

/** Seerr's MediaStatus and MediaRequestStatus (server/constants/media.ts). */
const media = { pending: 2, processing: 3, partial: 4, available: 5 };
const requestStates = ['unknown', 'waiting_for_approval', 'approved', 'declined', 'failed', 'completed'] as const;

const downloadSchema = z.looseObject({ size: z.number().nullish(), sizeLeft: z.number().nullish() });
const mediaInfoSchema = z.looseObject({
  id: z.number().nullish(),
  status: z.number().nullish(),
  status4k: z.number().nullish(),
  downloadStatus: z.array(downloadSchema).nullish(),
  downloadStatus4k: z.array(downloadSchema).nullish(),
  seasons: z
    .array(z.looseObject({ seasonNumber: z.number(), status: z.number().nullish(), status4k: z.number().nullish() }))
    .nullish(),
});

const commonFields = {
  id: z.number(),
  overview: z.string().nullish(),
  posterPath: z.string().nullish(),
  voteAverage: z.number().nullish(),
  mediaInfo: mediaInfoSchema.nullish(),
};
const genres = z.array(z.looseObject({ name: z.string().nullish() })).nullish();

export const movieSchema = z.looseObject({
  ...commonFields,
  title: z.string().nullish(),
  releaseDate: z.string().nullish(),
  runtime: z.number().nullish(),
  genres,
});

export const seriesSchema = z.looseObject({
  ...commonFields,
  name: z.string().nullish(),
  firstAirDate: z.string().nullish(),
  episodeRunTime: z.array(z.number()).nullish(),
  genres,
  seasons: z.array(z.looseObject({ seasonNumber: z.number(), episodeCount: z.number().nullish() })).nullish(),
});

export const searchSchema = z.looseObject({ results: z.array(z.looseObject({ mediaType: z.string() })) });

export const requestSchema = z.looseObject({
  id: z.number(),
  status: z.number().nullish(),
  type: z.string().nullish(),
  is4k: z.boolean().nullish(),
  media: z.looseObject({ tmdbId: z.number().nullish() }).nullish(),
  seasons: z.array(z.looseObject({ seasonNumber: z.number() })).nullish(),
  requestedBy: z.looseObject({ displayName: z.string().nullish(), username: z.string().nullish() }).nullish(),
});

type Common = { [Field in 'overview' | 'posterPath']?: string | null | undefined } & {
  voteAverage?: number | null | undefined;
  mediaInfo?: z.output<typeof mediaInfoSchema> | null | undefined;
};

/** What is alike in films and series. Posters are TMDB's, public for everyone. */
function common({ overview, posterPath, voteAverage, mediaInfo }: Common, date: string | null | undefined) {
  const year = Number(date?.slice(0, 4));
  return {
    year: Number.isInteger(year) && year > 1800 ? year : null,
    overview: overview || null,
    posterUrl: posterPath && /^\/[\w.-]+$/.test(posterPath) ? `https://image.tmdb.org/t/p/w500${posterPath}` : null,
    rating: voteAverage ? voteAverage : null,
    libraryId: mediaInfo?.id ?? null,
  };
}

function namesOf(list: z.output<typeof genres>): string[] {
  return (list ?? []).flatMap(({ name }) => name ?? []);
}

export function movieOf(raw: z.output<typeof movieSchema>): SeerrTitle {
  const { status, status4k, downloadStatus, downloadStatus4k } = raw.mediaInfo ?? {};
  return {
    kind: 'movie',
    tmdbId: raw.id,
    title: raw.title ?? 'Untitled',
    ...common(raw, raw.releaseDate),
    runtimeMinutes: raw.runtime ?? null,
    genres: namesOf(raw.genres),
    seasons: [],
    status: statusOf(status, downloadStatus, []),
    status4k: statusOf(status4k, downloadStatus4k, []),
  };
}

export function seriesOf(raw: z.output<typeof seriesSchema>): SeerrTitle {
  const { status, status4k, downloadStatus, downloadStatus4k } = raw.mediaInfo ?? {};
  const known = new Map((raw.mediaInfo?.seasons ?? []).map((season) => [season.seasonNumber, season]));
  const seasons = (raw.seasons ?? []).map(({ seasonNumber, episodeCount }): Season => {
    const state = known.get(seasonNumber)?.status ?? 0;
    const count = episodeCount ?? 0;
    return {
      seasonNumber,
      monitored: state >= media.pending && state <= media.available,
      episodeCount: count,
      episodeFileCount: state === media.available ? count : 0,
    };
  });
  seasons.sort((one, other) => one.seasonNumber - other.seasonNumber);
  return {
    kind: 'series',
    tmdbId: raw.id,
    title: raw.name ?? 'Untitled',
    ...common(raw, raw.firstAirDate),
    runtimeMinutes: raw.episodeRunTime?.[0] ?? null,
    genres: namesOf(raw.genres),
    seasons,
    status: statusOf(status, downloadStatus, seasons),
    status4k: statusOf(status4k, downloadStatus4k, []),
  };
}

function statusOf(
  status: number | null | undefined,
  downloads: z.output<typeof downloadSchema>[] | null | undefined,
  seasons: readonly Season[],
): TitleStatus {
  if (status === media.available) return { state: 'available' };
  if (status === media.pending) return { state: 'requested' };
  const size = (downloads ?? []).reduce((sum, download) => sum + (download.size ?? 0), 0);
  const left = (downloads ?? []).reduce((sum, download) => sum + (download.sizeLeft ?? 0), 0);
  if (size > 0) return { state: 'downloading', percent: Math.min(100, Math.max(0, (1 - left / size) * 100)) };
  if (status === media.partial) {
    const counted = seasons.filter(({ seasonNumber }) => seasonNumber > 0);
    const have = counted.reduce((sum, season) => sum + season.episodeFileCount, 0);
    return { state: 'partial', have, of: counted.reduce((sum, season) => sum + season.episodeCount, 0) };
  }
  return status === media.processing ? { state: 'monitored' } : { state: 'absent' };
}

/** Null for a request without a title, which Seerr keeps when the title was removed. */
export function requestOf(raw: z.output<typeof requestSchema>): SeerrRequest | null {
  const tmdbId = raw.media?.tmdbId;
  if (tmdbId == null) return null;
  return {
    id: raw.id,
    kind: raw.type === 'tv' ? 'series' : 'movie',
    tmdbId,
    is4k: raw.is4k === true,
    state: requestStates[raw.status ?? 0] ?? 'unknown',
    seasons: (raw.seasons ?? []).map(({ seasonNumber }) => seasonNumber),
    requestedBy: raw.requestedBy?.displayName ?? raw.requestedBy?.username ?? null,
  };
}
