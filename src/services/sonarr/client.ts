import { z } from 'zod';
import { startCommand } from '../arr/server.ts';
import { type ArrClient, openArr } from '../arr/titles.ts';
import type { CallOptions, Connection } from '../service.ts';
import type { Series } from '../titles.ts';
import { type RawSeries, seriesOf, seriesSchema } from './schemas.ts';
import { sonarrWords } from './words.ts';

/** Which seasons are wanted, and whether those that come later are too. */
type Wanted = { seasons: readonly number[]; monitorNew: boolean };

/** Series, by their TVDB ids; those of the library have their seasons' episode counts. */
export type SonarrClient = ArrClient<Series> & {
  /** Adds a series with just these seasons monitored and starts the search. `conflict` when it is there already. */
  add(
    series: { tvdbId: number; qualityProfileId: number; rootFolderPath: string } & Wanted,
    options?: CallOptions,
  ): Promise<Series>;
  /** Monitors further seasons of a series of the library; `searchSeasons` then begins to look for them. */
  monitorSeasons(request: { libraryId: number } & Wanted, options?: CallOptions): Promise<Series>;
  searchSeasons(request: { libraryId: number; seasons: readonly number[] }, options?: CallOptions): Promise<void>;
};

/** Sonarr, API v3 (github.com/Sonarr/Sonarr, openapi.json). */
export function openSonarr(connection: Connection): SonarrClient {
  const sonarr = openArr(connection, {
    service: 'sonarr',
    label: 'Sonarr',
    resource: 'series',
    id: { field: 'tvdbId', prefix: 'tvdb', of: ({ tvdbId }) => tvdbId },
    words: sonarrWords,
    include: {
      queue: { includeUnknownSeriesItems: false, includeEpisode: true },
      history: { includeSeries: true, includeEpisode: true },
      calendar: { includeSeries: true },
    },
    schemas: {
      title: seriesSchema,
      listed: seriesSchema.omit({ overview: true, genres: true, ratings: true, runtime: true }),
      counted: z.object({ tvdbId: z.number() }),
    },
    toTitle: seriesOf,
    sizeOf: ({ statistics }) => Math.max(0, statistics?.sizeOnDisk ?? 0),
    exclusion: 'addImportListExclusion',
    // Of one that is there whole, better releases may come.
    isWhole: () => false,
  });
  return {
    ...sonarr.client,
    async add({ tvdbId, qualityProfileId, rootFolderPath, seasons, monitorNew }, options) {
      const found = await sonarr.toAdd(tvdbId, options);
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
      return sonarr.add(body, options);
    },
    async monitorSeasons({ libraryId, seasons, monitorNew }, options) {
      const changed = (series: RawSeries) => ({
        monitored: true,
        ...(monitorNew ? { monitorNewItems: 'all' } : {}),
        seasons: withMonitored(series.seasons, (number, before) => before || seasons.includes(number)),
      });
      return seriesOf(await sonarr.change(libraryId, changed, seriesSchema, options), null, connection.say);
    },
    /** One command for each season, one after the other: Sonarr has none for several. */
    async searchSeasons({ libraryId, seasons }, options) {
      for (const seasonNumber of new Set(seasons))
        await startCommand(sonarr.http, 'SeasonSearch', { seriesId: libraryId, seasonNumber }, options);
    },
  };
}

function withMonitored(seasons: RawSeries['seasons'], isWanted: (seasonNumber: number, before: boolean) => boolean) {
  return (seasons ?? []).map((season) => ({
    ...season,
    monitored: isWanted(season.seasonNumber, season.monitored ?? false),
  }));
}
