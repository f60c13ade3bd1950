import { z } from 'zod';
import { asConflict, checkArr, createArrHttp, downloadPercent, qualityProfiles, queue, rootFolders } from '../arr.ts';
import type { CallOptions, Connection, ServiceCheck, ServiceClient } from '../service.ts';
import type { QualityProfile, QueueItem, RootFolder, Series } from '../titles.ts';
import { type RawSeries, seriesOf, seriesSchema } from './schemas.ts';

const seriesList = z.array(seriesSchema);

/** Which seasons are wanted, and whether those that come later are too. */
type Wanted = { seasons: readonly number[]; monitorNew: boolean };

export type SonarrClient = ServiceClient & {
  /** Series by words; those in the library carry their id and status. */
  lookup(term: string, options?: CallOptions): Promise<Series[]>;
  /** One series by its TVDB id, with its seasons' episode counts when it is in the library. */
  find(tvdbId: number, options?: CallOptions): Promise<Series | null>;
  library(options?: CallOptions): Promise<Series[]>;
  qualityProfiles(options?: CallOptions): Promise<QualityProfile[]>;
  rootFolders(options?: CallOptions): Promise<RootFolder[]>;
  /** Adds a series with just these seasons monitored and starts the search. `conflict` when it is there already. */
  add(
    series: { tvdbId: number; qualityProfileId: number; rootFolderPath: string } & Wanted,
    options?: CallOptions,
  ): Promise<Series>;
  /** Monitors further seasons of a series of the library and starts a search for each. */
  addSeasons(request: { libraryId: number } & Wanted, options?: CallOptions): Promise<Series>;
  searchSeasons(request: { libraryId: number; seasons: readonly number[] }, options?: CallOptions): Promise<void>;
  queue(options?: CallOptions): Promise<QueueItem[]>;
};

/** Sonarr, API v3 (github.com/Sonarr/Sonarr, openapi.json). */
export function openSonarr(connection: Connection): SonarrClient {
  const http = createArrHttp('sonarr', connection);
  const downloads = (options?: CallOptions) =>
    queue(http, { includeUnknownSeriesItems: false, includeEpisode: true }, options);

  const byId = (libraryId: number, options?: CallOptions) =>
    http.json({ path: `/api/v3/series/${libraryId}`, signal: options?.signal }, seriesSchema);

  async function lookupRaw(term: string, options?: CallOptions) {
    return http.json({ path: '/api/v3/series/lookup', query: { term }, signal: options?.signal }, seriesList);
  }

  return {
    async check(options): Promise<ServiceCheck> {
      const version = await checkArr(http, 'sonarr', 'Sonarr', options);
      const [all, items] = await Promise.all([this.library(options), downloads(options)]);
      const loading = items.length === 0 ? '' : `, ${items.length} downloading`;
      return { version, holds: `${all.length} series${loading}` };
    },
    async lookup(term, options) {
      return (await lookupRaw(term, options)).map((series) => seriesOf(series, null));
    },
    async find(tvdbId, options) {
      const found = (await lookupRaw(`tvdb:${tvdbId}`, options)).find((series) => series.tvdbId === tvdbId);
      if (found === undefined) return null;
      if (!found.id) return seriesOf(found, null);
      // The look-up leaves out the library's episode counts.
      const [whole, items] = await Promise.all([byId(found.id, options), downloads(options)]);
      return seriesOf(whole, downloadPercent(items, found.id));
    },
    async library(options) {
      const all = await http.json({ path: '/api/v3/series', signal: options?.signal }, seriesList);
      return all.map((series) => seriesOf(series, null));
    },
    qualityProfiles: (options) => qualityProfiles(http, options),
    rootFolders: (options) => rootFolders(http, options),
    async add({ tvdbId, seasons, monitorNew, ...choices }, options) {
      const found = (await lookupRaw(`tvdb:${tvdbId}`, options)).find((series) => series.tvdbId === tvdbId);
      const body = {
        ...found,
        id: undefined,
        tvdbId,
        ...choices,
        monitored: true,
        monitorNewItems: monitorNew ? 'all' : 'none',
        seasonFolder: true,
        seriesType: found?.seriesType ?? 'standard',
        seasons: withMonitored(found?.seasons, (number) => seasons.includes(number)),
        // Real flags for each season: addOptions.monitor would overwrite them.
        addOptions: { searchForMissingEpisodes: true, searchForCutoffUnmetEpisodes: false },
      };
      try {
        const request = { method: 'POST' as const, path: '/api/v3/series', body, signal: options?.signal };
        return seriesOf(await http.json(request, seriesSchema), null);
      } catch (error) {
        throw asConflict(error, /already been added|already exists/i);
      }
    },
    async addSeasons({ libraryId, seasons, monitorNew }, options) {
      const series = await byId(libraryId, options);
      const body = {
        ...series,
        monitored: true,
        ...(monitorNew ? { monitorNewItems: 'all' } : {}),
        seasons: withMonitored(series.seasons, (number, before) => before || seasons.includes(number)),
      };
      const path = `/api/v3/series/${libraryId}`;
      const changed = await http.json({ method: 'PUT', path, body, signal: options?.signal }, seriesSchema);
      await this.searchSeasons({ libraryId, seasons }, options);
      return seriesOf(changed, null);
    },
    async searchSeasons({ libraryId, seasons }, options) {
      for (const seasonNumber of seasons) {
        const body = { name: 'SeasonSearch', seriesId: libraryId, seasonNumber };
        await http.text({ method: 'POST', path: '/api/v3/command', body, signal: options?.signal });
      }
    },
    queue: downloads,
  };
}

function withMonitored(seasons: RawSeries['seasons'], isWanted: (seasonNumber: number, before: boolean) => boolean) {
  return (seasons ?? []).map((season) => ({
    ...season,
    monitored: isWanted(season.seasonNumber, season.monitored ?? false),
  }));
}
