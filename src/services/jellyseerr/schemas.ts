import { z } from 'zod';
import type { Say } from '../../messages.ts';
import { listOf } from '../list-of.ts';
import { namelessMessages, type Title } from '../titles.ts';
import {
  type Edition,
  editionOf,
  listedSeasonsSchema,
  mediaInfoSchema,
  type RequestState,
  requestState,
} from './media-info.ts';

/** A film or series as Seerr knows it, by its TMDB id. All text is untrusted. */
export type SeerrTitle = Title &
  Edition & {
    kind: 'movie' | 'series';
    tmdbId: number;
    /** The same of its 4K edition. */
    in4k: Edition;
  };

/** The title as it stands in one edition: what a request for that edition is about. */
export function inEdition(title: SeerrTitle, is4k: boolean): SeerrTitle {
  return is4k ? { ...title, ...title.in4k } : title;
}

/** Someone's request. */
/** By which Seerr lists requests (seerr-api.yml). */
export const requestFilters = ['pending', 'approved', 'processing', 'available', 'failed'] as const;
export type RequestFilter = (typeof requestFilters)[number];

export type SeerrRequest = {
  id: number;
  kind: 'movie' | 'series';
  tmdbId: number;
  is4k: boolean;
  state: RequestState;
  seasons: number[];
  requestedBy: string | null;
  /** That user's number in Seerr. */
  requestedById: number | null;
};

const commonFields = {
  id: z.number(),
  overview: z.string().nullish(),
  posterPath: z.string().nullish(),
  voteAverage: z.number().nullish(),
  mediaInfo: mediaInfoSchema,
};
const genres = listOf(z.looseObject({ name: z.string().nullish() })).nullish();

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
  episodeRunTime: listOf(z.number()).nullish(),
  genres,
  seasons: listedSeasonsSchema,
});

/** What is neither a film nor a series, or not as one should be, is there with its kind only. */
export const searchSchema = z.looseObject({
  results: listOf(
    z.union([
      movieSchema.extend({ mediaType: z.literal('movie') }),
      seriesSchema.extend({ mediaType: z.literal('tv') }),
      z.looseObject({ mediaType: z.string() }),
    ]),
  ),
});

export const requestSchema = z.looseObject({
  id: z.number(),
  status: z.number().nullish(),
  type: z.string().nullish(),
  is4k: z.boolean().nullish(),
  media: mediaInfoSchema,
  seasons: listOf(z.looseObject({ seasonNumber: z.number() })).nullish(),
  requestedBy: z
    .looseObject({ id: z.number().nullish(), displayName: z.string().nullish(), username: z.string().nullish() })
    .nullish(),
});

type Common = { [Field in 'overview' | 'posterPath']?: string | null | undefined } & {
  voteAverage?: number | null | undefined;
  mediaInfo?: z.output<typeof mediaInfoSchema>;
};

/** What is alike in films and series. Posters are TMDB's, public for everyone. */
function common(
  { overview, posterPath, voteAverage, mediaInfo }: Common,
  date: string | null | undefined,
  listed: z.output<typeof listedSeasonsSchema>,
) {
  const year = Number(date?.slice(0, 4));
  return {
    year: Number.isInteger(year) && year > 1800 ? year : null,
    overview: overview || null,
    posterUrl: posterPath && /^\/[\w.-]+$/.test(posterPath) ? `https://image.tmdb.org/t/p/w500${posterPath}` : null,
    rating: voteAverage ? voteAverage : null,
    libraryId: mediaInfo?.id ?? null,
    ...editionOf(mediaInfo, false, listed),
    in4k: editionOf(mediaInfo, true, listed),
  };
}

function namesOf(list: z.output<typeof genres>): string[] {
  return (list ?? []).flatMap(({ name }) => name ?? []);
}

export function movieOf(raw: z.output<typeof movieSchema>, say: Say): SeerrTitle {
  return {
    kind: 'movie',
    tmdbId: raw.id,
    title: raw.title ?? say(namelessMessages.title),
    ...common(raw, raw.releaseDate, []),
    runtimeMinutes: raw.runtime ?? null,
    genres: namesOf(raw.genres),
  };
}

export function seriesOf(raw: z.output<typeof seriesSchema>, say: Say): SeerrTitle {
  return {
    kind: 'series',
    tmdbId: raw.id,
    title: raw.name ?? say(namelessMessages.title),
    ...common(raw, raw.firstAirDate, raw.seasons),
    runtimeMinutes: raw.episodeRunTime?.[0] ?? null,
    genres: namesOf(raw.genres),
  };
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
    state: requestState(raw.status),
    seasons: (raw.seasons ?? []).map(({ seasonNumber }) => seasonNumber),
    requestedBy: raw.requestedBy?.displayName ?? raw.requestedBy?.username ?? null,
    requestedById: raw.requestedBy?.id ?? null,
  };
}
