import { z } from 'zod';
import type { Say } from '../../messages.ts';
import { imagesSchema, posterOf } from '../arr/server.ts';
import { listOf } from '../list-of.ts';
import { type Movie, minimumAvailabilities, namelessMessages, type TitleStatus } from '../titles.ts';

const rating = z.looseObject({ value: z.number().nullish() }).nullish();

/** MovieResource, as far as it is read. Loose, because adding sends the looked-up object back. */
export const movieSchema = z.looseObject({
  id: z.number().nullish(),
  tmdbId: z.number(),
  title: z.string().nullish(),
  year: z.number().nullish(),
  overview: z.string().nullish(),
  runtime: z.number().nullish(),
  genres: listOf(z.string()).nullish(),
  ratings: z.looseObject({ tmdb: rating, imdb: rating }).nullish(),
  images: imagesSchema,
  monitored: z.boolean().nullish(),
  hasFile: z.boolean().nullish(),
  movieFileId: z.number().nullish(),
  sizeOnDisk: z.number().nullish(),
  minimumAvailability: z.string().nullish(),
});
type RawMovie = z.output<typeof movieSchema>;

/** A film as the bot knows it. `percent` is what the queue says of it, null when it is not in the queue. */
export function movieOf(film: RawMovie, percent: number | null, say: Say): Movie {
  const ratings = film.ratings;
  return {
    kind: 'movie',
    tmdbId: film.tmdbId,
    title: film.title ?? say(namelessMessages.title),
    year: film.year || null,
    overview: film.overview || null,
    posterUrl: posterOf(film.images),
    runtimeMinutes: film.runtime || null,
    genres: film.genres ?? [],
    rating: ratings?.tmdb?.value || ratings?.imdb?.value || null,
    libraryId: film.id || null,
    minimumAvailability: minimumAvailabilities.find((name) => name === film.minimumAvailability) ?? null,
    status: statusOf(film, percent),
  };
}

function statusOf(film: RawMovie, percent: number | null): TitleStatus {
  // A looked-up film that is not in the library has no id, or 0.
  if (!film.id) return { state: 'absent' };
  // The look-up tells of a file by its id alone.
  if (film.hasFile || film.movieFileId) return { state: 'available' };
  if (percent !== null) return { state: 'downloading', percent };
  return { state: film.monitored ? 'monitored' : 'unmonitored' };
}
