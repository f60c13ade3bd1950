import { z } from 'zod';
import { asConflict, checkArr, createArrHttp, downloadPercent, qualityProfiles, queue, rootFolders } from '../arr.ts';
import type { CallOptions, Connection, ServiceCheck, ServiceClient } from '../service.ts';
import type { MinimumAvailability, Movie, QualityProfile, QueueItem, RootFolder } from '../titles.ts';
import { movieOf, movieSchema } from './schemas.ts';

const movies = z.array(movieSchema);

export type RadarrClient = ServiceClient & {
  /** Films by words; those in the library carry their id and status. */
  lookup(term: string, options?: CallOptions): Promise<Movie[]>;
  /** One film by its TMDB id, with the queue's percent when it is downloading. Null when TMDB has none such. */
  find(tmdbId: number, options?: CallOptions): Promise<Movie | null>;
  library(options?: CallOptions): Promise<Movie[]>;
  qualityProfiles(options?: CallOptions): Promise<QualityProfile[]>;
  rootFolders(options?: CallOptions): Promise<RootFolder[]>;
  /** Adds a film and starts the search. Throws ServiceError `conflict` when it is there already. */
  add(
    film: {
      tmdbId: number;
      qualityProfileId: number;
      rootFolderPath: string;
      minimumAvailability: MinimumAvailability;
    },
    options?: CallOptions,
  ): Promise<Movie>;
  /** Marks a film of the library as wanted. */
  monitor(libraryId: number, options?: CallOptions): Promise<void>;
  /** Starts a search for a film of the library. */
  search(libraryId: number, options?: CallOptions): Promise<void>;
  queue(options?: CallOptions): Promise<QueueItem[]>;
};

/** Radarr, API v3 (github.com/Radarr/Radarr, openapi.json). */
export function openRadarr(connection: Connection): RadarrClient {
  const http = createArrHttp('radarr', connection);
  const downloads = (options?: CallOptions) => queue(http, { includeUnknownMovieItems: false }, options);

  async function lookupRaw(term: string, options?: CallOptions) {
    return http.json({ path: '/api/v3/movie/lookup', query: { term }, signal: options?.signal }, movies);
  }

  return {
    async check(options): Promise<ServiceCheck> {
      const version = await checkArr(http, 'radarr', 'Radarr', options);
      const [films, items] = await Promise.all([this.library(options), downloads(options)]);
      const loading = items.length === 0 ? '' : `, ${items.length} downloading`;
      return { version, holds: `${films.length} ${films.length === 1 ? 'film' : 'films'}${loading}` };
    },
    async lookup(term, options) {
      return (await lookupRaw(term, options)).map((film) => movieOf(film, null));
    },
    async find(tmdbId, options) {
      const found = (await lookupRaw(`tmdb:${tmdbId}`, options)).find((film) => film.tmdbId === tmdbId);
      if (found === undefined) return null;
      const waits = Boolean(found.id) && found.hasFile !== true;
      const percent = waits ? downloadPercent(await downloads(options), found.id ?? 0) : null;
      return movieOf(found, percent);
    },
    async library(options) {
      const films = await http.json({ path: '/api/v3/movie', signal: options?.signal }, movies);
      return films.map((film) => movieOf(film, null));
    },
    qualityProfiles: (options) => qualityProfiles(http, options),
    rootFolders: (options) => rootFolders(http, options),
    async add({ tmdbId, ...choices }, options) {
      const found = (await lookupRaw(`tmdb:${tmdbId}`, options)).find((film) => film.tmdbId === tmdbId);
      const body = {
        ...found,
        id: undefined,
        tmdbId,
        ...choices,
        monitored: true,
        addOptions: { searchForMovie: true },
      };
      try {
        const request = { method: 'POST' as const, path: '/api/v3/movie', body, signal: options?.signal };
        return movieOf(await http.json(request, movieSchema), null);
      } catch (error) {
        throw asConflict(error, /already been added|already exists/i);
      }
    },
    async monitor(libraryId, options) {
      const path = `/api/v3/movie/${libraryId}`;
      const film = await http.json({ path, signal: options?.signal }, movieSchema);
      await http.text({ method: 'PUT', path, body: { ...film, monitored: true }, signal: options?.signal });
    },
    async search(libraryId, options) {
      const body = { name: 'MoviesSearch', movieIds: [libraryId] };
      await http.text({ method: 'POST', path: '/api/v3/command', body, signal: options?.signal });
    },
    queue: downloads,
  };
}
