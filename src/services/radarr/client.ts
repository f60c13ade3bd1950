import { z } from 'zod';
import {
  type ArrClient,
  acceptedSchema,
  checkArr,
  countTitles,
  createArrHttp,
  qualityProfiles,
  rootFolders,
  unknownTitle,
} from '../arr.ts';
import { recentlyImported } from '../arr-history.ts';
import { downloadPercent, openQueue } from '../arr-queue.ts';
import { listOf } from '../list-of.ts';
import type { CallOptions, Connection } from '../service.ts';
import type { Imported, MinimumAvailability, Movie, QualityProfile, RootFolder } from '../titles.ts';
import { movieOf, movieSchema } from './schemas.ts';

const movies = listOf(movieSchema);
/** Of a whole library only what a list shows. */
const listedSchema = movieSchema.omit({ overview: true, genres: true, ratings: true, runtime: true });
/** What is counted: a title needs no more to be one. */
const countedSchema = z.object({ tmdbId: z.number() });

export type RadarrClient = ArrClient & {
  /** Films by words; those in the library carry their id and status. */
  lookup(term: string, options?: CallOptions): Promise<Movie[]>;
  /** One film by its TMDB id, with the queue's percent when it is downloading. Null when TMDB has none such. */
  find(tmdbId: number, options?: CallOptions): Promise<Movie | null>;
  /** One film as the library has it; null when it is not there. Does not look at the queue. */
  inLibrary(tmdbId: number, options?: CallOptions): Promise<Movie | null>;
  /** All films, without their overviews, genres, ratings and lengths. */
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
  /** What was downloaded and put into the library last, newest first. */
  recentlyImported(options?: CallOptions): Promise<Imported[]>;
};

/** Radarr, API v3 (github.com/Radarr/Radarr, openapi.json). */
export function openRadarr(connection: Connection): RadarrClient {
  const http = createArrHttp('radarr', connection);
  const downloads = openQueue(http, { includeUnknownMovieItems: false });

  async function lookup(term: string, options?: CallOptions & { isSentBack?: boolean }) {
    return http.json({ path: '/api/v3/movie/lookup', query: { term }, ...options }, movies);
  }

  async function lookupOne(tmdbId: number, options?: CallOptions & { isSentBack?: boolean }) {
    return (await lookup(`tmdb:${tmdbId}`, options)).find((film) => film.tmdbId === tmdbId);
  }

  async function ownFilm(tmdbId: number, options?: CallOptions) {
    const request = { path: '/api/v3/movie', query: { tmdbId }, signal: options?.signal };
    return (await http.json(request, movies)).find((film) => film.tmdbId === tmdbId);
  }

  function library<Schema extends z.ZodType, Item>(
    schema: Schema,
    toItem: (raw: z.output<Schema>) => Item,
    options?: CallOptions,
  ) {
    return http.list({ path: '/api/v3/movie', signal: options?.signal }, schema, toItem);
  }

  return {
    check: (options) =>
      checkArr(
        http,
        { service: 'radarr', appName: 'Radarr', connection },
        () =>
          countTitles(
            library(countedSchema, () => null, options),
            'film',
            'films',
          ),
        options,
      ),
    async lookup(term, options) {
      return (await lookup(term, options)).map((film) => movieOf(film, null));
    },
    async find(tmdbId, options) {
      // The library first: only there Radarr says whether the file is there, and it needs no look-up on the internet.
      const own = await ownFilm(tmdbId, options);
      if (own === undefined) {
        const found = await lookupOne(tmdbId, options);
        return found === undefined ? null : movieOf(found, null);
      }
      const percent = own.hasFile === true ? null : downloadPercent(await downloads.queue(options), own.id ?? 0);
      return movieOf(own, percent);
    },
    async inLibrary(tmdbId, options) {
      const own = await ownFilm(tmdbId, options);
      return own === undefined ? null : movieOf(own, null);
    },
    library: (options) => library(listedSchema, (film) => movieOf(film, null), options),
    qualityProfiles: (options) => qualityProfiles(http, options),
    rootFolders: (options) => rootFolders(http, options),
    async add({ tmdbId, qualityProfileId, rootFolderPath, minimumAvailability }, options) {
      const found = await lookupOne(tmdbId, { ...options, isSentBack: true });
      if (found === undefined) throw unknownTitle('radarr', 'film');
      const body = {
        ...found,
        id: undefined,
        qualityProfileId,
        rootFolderPath,
        minimumAvailability,
        monitored: true,
        addOptions: { searchForMovie: true },
      };
      const request = { method: 'POST' as const, path: '/api/v3/movie', body, signal: options?.signal };
      return movieOf(await http.json(request, movieSchema), null);
    },
    async monitor(libraryId, options) {
      const path = `/api/v3/movie/${libraryId}`;
      const film = await http.json({ path, signal: options?.signal, isSentBack: true }, movieSchema);
      await http.json(
        { method: 'PUT', path, body: { ...film, monitored: true }, signal: options?.signal },
        acceptedSchema,
      );
    },
    async search(libraryId, options) {
      const body = { name: 'MoviesSearch', movieIds: [libraryId] };
      await http.json({ method: 'POST', path: '/api/v3/command', body, signal: options?.signal }, acceptedSchema);
    },
    ...downloads,
    recentlyImported: (options) => recentlyImported(http, { includeMovie: true }, options),
  };
}
