import { z } from 'zod';
import { acceptedSchema, startCommand } from '../arr/server.ts';
import { type ArrClient, openArr } from '../arr/titles.ts';
import type { CallOptions, Connection } from '../service.ts';
import type { MinimumAvailability, Movie } from '../titles.ts';
import { movieOf, movieSchema } from './schemas.ts';
import { radarrWords } from './words.ts';

/** Films, by their TMDB ids. */
export type RadarrClient = ArrClient<Movie> & {
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
};

/** Radarr, API v3 (github.com/Radarr/Radarr, openapi.json). */
export function openRadarr(connection: Connection): RadarrClient {
  const radarr = openArr(connection, {
    service: 'radarr',
    label: 'Radarr',
    resource: 'movie',
    id: { field: 'tmdbId', prefix: 'tmdb', of: ({ tmdbId }) => tmdbId },
    words: radarrWords,
    include: { queue: { includeUnknownMovieItems: false }, history: { includeMovie: true }, calendar: {} },
    schemas: {
      title: movieSchema,
      listed: movieSchema.omit({ overview: true, genres: true, ratings: true, runtime: true }),
      counted: z.object({ tmdbId: z.number() }),
    },
    toTitle: movieOf,
    sizeOf: ({ sizeOnDisk }) => Math.max(0, sizeOnDisk ?? 0),
    exclusion: 'addImportExclusion',
    isWhole: ({ hasFile }) => hasFile === true,
  });
  return {
    ...radarr.client,
    async add({ tmdbId, qualityProfileId, rootFolderPath, minimumAvailability }, options) {
      const found = await radarr.toAdd(tmdbId, options);
      const chosen = { qualityProfileId, rootFolderPath, minimumAvailability };
      const body = { ...found, id: undefined, ...chosen, monitored: true, addOptions: { searchForMovie: true } };
      return radarr.add(body, options);
    },
    async monitor(libraryId, options) {
      await radarr.change(libraryId, () => ({ monitored: true }), acceptedSchema, options);
    },
    search: (libraryId, options) => startCommand(radarr.http, 'MoviesSearch', { movieIds: [libraryId] }, options),
  };
}
