import { z } from 'zod';
import type { SeerrTitle } from '../../services/jellyseerr/schemas.ts';
import type { Movie, Series } from '../../services/titles.ts';
import { shortTitle, shortTitleShape } from '../title-list.ts';

/** The TMDB id by which Radarr's films are named. */
export const movieId = z.number().int().positive().describe('TMDB id, from search_movies');
/** The TVDB id by which Sonarr's series are named. */
export const seriesId = z.number().int().positive().describe('TVDB id, from search_series');

/** Season numbers as a tool takes them. */
export const seasonNumbersInput = z.array(z.number().int().min(0).max(10_000)).max(200);

/** Season numbers in an outcome: a row keeps only so many, and a list that was cut is none. */
export const seasonNumbersOutput = z.array(z.number()).catch([]);

export const movieSummaryShape = { tmdbId: z.number(), ...shortTitleShape };
export const seriesSummaryShape = { tvdbId: z.number(), ...shortTitleShape, seasons: z.number() };
export const seerrSummaryShape = { kind: z.enum(['movie', 'series']), tmdbId: z.number(), ...shortTitleShape };

/** What is shown of a film in a list: enough to choose by. */
export function movieSummary(movie: Movie) {
  return { tmdbId: movie.tmdbId, ...shortTitle(movie) };
}

export function seriesSummary(series: Series) {
  return { tvdbId: series.tvdbId, ...shortTitle(series), seasons: countSeasons(series) };
}

/** Seasons without the specials. */
function countSeasons(series: Series): number {
  return series.seasons.filter((season) => season.seasonNumber > 0).length;
}

export function seerrSummary(title: SeerrTitle) {
  return { kind: title.kind, tmdbId: title.tmdbId, ...shortTitle(title) };
}
