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
import type { Imported, QualityProfile, RootFolder, Series } from '../titles.ts';
import { type RawSeries, seriesOf, seriesSchema } from './schemas.ts';

const seriesList = listOf(seriesSchema);
/** Of a whole library only what a list shows. */
const listedSchema = seriesSchema.omit({ overview: true, genres: true, ratings: true, runtime: true });
/** What is counted: a title needs no more to be one. */
const countedSchema = z.object({ tvdbId: z.number() });

/** Which seasons are wanted, and whether those that come later are too. */
type Wanted = { seasons: readonly number[]; monitorNew: boolean };

export type SonarrClient = ArrClient & {
  /** Series by words; those in the library carry their id and status. */
  lookup(term: string, options?: CallOptions): Promise<Series[]>;
  /** One series by its TVDB id, with its seasons' episode counts when it is in the library. */
  find(tvdbId: number, options?: CallOptions): Promise<Series | null>;
  /** One series as the library has it; null when it is not there. Does not look at the queue. */
  inLibrary(tvdbId: number, options?: CallOptions): Promise<Series | null>;
  /** All series, without their overviews, genres, ratings and lengths. */
  library(options?: CallOptions): Promise<Series[]>;
  qualityProfiles(options?: CallOptions): Promise<QualityProfile[]>;
  rootFolders(options?: CallOptions): Promise<RootFolder[]>;
  /** Adds a series with just these seasons monitored and starts the search. `conflict` when it is there already. */
  add(
    series: { tvdbId: number; qualityProfileId: number; rootFolderPath: string } & Wanted,
    options?: CallOptions,
  ): Promise<Series>;
  /** Monitors further seasons of a series of the library; `searchSeasons` then begins to look for them. */
  monitorSeasons(request: { libraryId: number } & Wanted, options?: CallOptions): Promise<Series>;
  searchSeasons(request: { libraryId: number; seasons: readonly number[] }, options?: CallOptions): Promise<void>;
  /** What was downloaded and put into the library last, newest first. */
  recentlyImported(options?: CallOptions): Promise<Imported[]>;
};

/** Sonarr, API v3 (github.com/Sonarr/Sonarr, openapi.json). */
export function openSonarr(connection: Connection): SonarrClient {
  const http = createArrHttp('sonarr', connection);
  const downloads = openQueue(http, { includeUnknownSeriesItems: false, includeEpisode: true });

  async function lookup(term: string, options?: CallOptions & { isSentBack?: boolean }) {
    return http.json({ path: '/api/v3/series/lookup', query: { term }, ...options }, seriesList);
  }

  async function lookupOne(tvdbId: number, options?: CallOptions & { isSentBack?: boolean }) {
    return (await lookup(`tvdb:${tvdbId}`, options)).find((series) => series.tvdbId === tvdbId);
  }

  function library<Schema extends z.ZodType, Item>(
    schema: Schema,
    toItem: (raw: z.output<Schema>) => Item,
    options?: CallOptions,
  ) {
    return http.list({ path: '/api/v3/series', signal: options?.signal }, schema, toItem);
  }

  /** One command for each season, one after the other: Sonarr has none for several. */
  async function searchSeasons(seriesId: number, seasons: readonly number[], options?: CallOptions) {
    for (const seasonNumber of new Set(seasons)) {
      const body = { name: 'SeasonSearch', seriesId, seasonNumber };
      await http.json({ method: 'POST', path: '/api/v3/command', body, signal: options?.signal }, acceptedSchema);
    }
  }

  async function ownSeries(tvdbId: number, options?: CallOptions) {
    const request = { path: '/api/v3/series', query: { tvdbId }, signal: options?.signal };
    return (await http.json(request, seriesList)).find((series) => series.tvdbId === tvdbId);
  }

  return {
    check: (options) =>
      checkArr(
        http,
        { service: 'sonarr', appName: 'Sonarr', connection },
        () =>
          countTitles(
            library(countedSchema, () => null, options),
            'series',
            'series',
          ),
        options,
      ),
    async lookup(term, options) {
      return (await lookup(term, options)).map((series) => seriesOf(series, null));
    },
    async find(tvdbId, options) {
      // The library first: the look-up leaves the episode counts out, and needs the internet.
      const own = await ownSeries(tvdbId, options);
      if (own === undefined) {
        const found = await lookupOne(tvdbId, options);
        return found === undefined ? null : seriesOf(found, null);
      }
      return seriesOf(own, downloadPercent(await downloads.queue(options), own.id ?? 0));
    },
    async inLibrary(tvdbId, options) {
      const own = await ownSeries(tvdbId, options);
      return own === undefined ? null : seriesOf(own, null);
    },
    library: (options) => library(listedSchema, (series) => seriesOf(series, null), options),
    qualityProfiles: (options) => qualityProfiles(http, options),
    rootFolders: (options) => rootFolders(http, options),
    async add({ tvdbId, qualityProfileId, rootFolderPath, seasons, monitorNew }, options) {
      const found = await lookupOne(tvdbId, { ...options, isSentBack: true });
      if (found === undefined) throw unknownTitle('sonarr', 'series');
      const body = {
        ...found,
        id: undefined,
        qualityProfileId,
        rootFolderPath,
        monitored: true,
        monitorNewItems: monitorNew ? 'all' : 'none',
        seasonFolder: true,
        seriesType: found.seriesType ?? 'standard',
        seasons: withMonitored(found.seasons, (number) => seasons.includes(number)),
        // No `monitor` mode here: it would overwrite the seasons' own flags.
        addOptions: { searchForMissingEpisodes: true, searchForCutoffUnmetEpisodes: false },
      };
      const request = { method: 'POST' as const, path: '/api/v3/series', body, signal: options?.signal };
      return seriesOf(await http.json(request, seriesSchema), null);
    },
    async monitorSeasons({ libraryId, seasons, monitorNew }, options) {
      const path = `/api/v3/series/${libraryId}`;
      const series = await http.json({ path, signal: options?.signal, isSentBack: true }, seriesSchema);
      const body = {
        ...series,
        monitored: true,
        ...(monitorNew ? { monitorNewItems: 'all' } : {}),
        seasons: withMonitored(series.seasons, (number, before) => before || seasons.includes(number)),
      };
      const changed = await http.json({ method: 'PUT', path, body, signal: options?.signal }, seriesSchema);
      return seriesOf(changed, null);
    },
    searchSeasons: ({ libraryId, seasons }, options) => searchSeasons(libraryId, seasons, options),
    ...downloads,
    recentlyImported: (options) => recentlyImported(http, { includeSeries: true, includeEpisode: true }, options),
  };
}

function withMonitored(seasons: RawSeries['seasons'], isWanted: (seasonNumber: number, before: boolean) => boolean) {
  return (seasons ?? []).map((season) => ({
    ...season,
    monitored: isWanted(season.seasonNumber, season.monitored ?? false),
  }));
}
