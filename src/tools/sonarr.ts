import { z } from 'zod';
import { UserError } from '../errors.ts';
import type { Series } from '../services/titles.ts';
import { chosen } from './radarr.ts';
import { searchOrTell } from './search-or-tell.ts';
import { seriesProgress } from './series-progress.ts';
import { listPage, listPageInput, shortTitle } from './title-list.ts';
import { definePressTool, defineReadTool } from './tool.ts';

const tvdbId = z.number().int().positive().describe('TVDB id, from search_series');
const seasons = z.array(z.number().int().min(0).max(10_000)).max(200);

function seriesSummary(series: Series) {
  return { tvdbId: series.tvdbId, ...shortTitle(series), seasons: countSeasons(series) };
}

/** Seasons without the specials. */
function countSeasons(series: Series): number {
  return series.seasons.filter((season) => season.seasonNumber > 0).length;
}

export const searchSeries = defineReadTool({
  name: 'search_series',
  description:
    'Find TV series by title, whether or not they are in the library. Use before anything else about a series.',
  services: ['sonarr'],
  input: z.object({ query: z.string().trim().min(1).max(200) }),
  activity: 'Searching Sonarr',
  async run(stack, { query }, options) {
    const found = await stack.get('sonarr').lookup(query, options);
    return { results: found.slice(0, 10).map(seriesSummary) };
  },
});

export const getSeries = defineReadTool({
  name: 'get_series',
  description: 'Details of one series: overview, rating, and for each season how many episodes are there.',
  services: ['sonarr'],
  input: z.object({ tvdbId }),
  activity: 'Looking at the series in Sonarr',
  async run(stack, input, options) {
    const series = await stack.get('sonarr').find(input.tvdbId, options);
    if (series === null) throw new UserError('Sonarr knows no series with that TVDB id. Search for the title again.');
    return series;
  },
});

export const listSeries = defineReadTool({
  name: 'list_series',
  description: 'The series in the library, newest first; `query` filters by title.',
  services: ['sonarr'],
  input: listPageInput,
  activity: 'Looking through Sonarr’s library',
  async run(stack, input, options) {
    return listPage(await stack.get('sonarr').library(options), input, seriesSummary);
  },
});

export const requestSeries = definePressTool({
  name: 'request_series',
  description:
    'Ask Sonarr to get seasons of a series (season numbers; 0 is the specials; take all numbers from 1 up when the person wants all of it). The person is shown a card and decides there: call it at once, do not ask beforehand.',
  effect: 'write',
  services: ['sonarr'],
  input: z.object({
    tvdbId,
    seasons,
    monitorNew: z.boolean().optional().describe('also get seasons that come later'),
    qualityProfileId: z.number().int().positive().optional(),
    rootFolderPath: z.string().max(500).optional(),
  }),
  activity: 'Requesting in Sonarr',
  async run(stack, input, options) {
    const sonarr = stack.get('sonarr');
    if (input.seasons.length === 0 && !input.monitorNew)
      throw new UserError('No season is chosen. Choose at least one, then press Request.');
    const [series, profiles, folders] = await Promise.all([
      sonarr.find(input.tvdbId, options),
      sonarr.qualityProfiles(options),
      sonarr.rootFolders(options),
    ]);
    if (series === null) throw new UserError('Sonarr knows no series with that TVDB id. Search for the title again.');
    const numbers = new Set(series.seasons.map((season) => season.seasonNumber));
    const missing = input.seasons.filter((number) => !numbers.has(number));
    if (missing.length > 0)
      throw new UserError(`Sonarr knows no season ${missing.join(', ')} of this series. Choose from those it lists.`);
    const wanted = { seasons: input.seasons, monitorNew: input.monitorNew ?? false };
    if (series.libraryId !== null) {
      const { libraryId } = series;
      const changed = await sonarr.monitorSeasons({ libraryId, ...wanted }, options);
      await searchOrTell('Sonarr', sonarr.searchSeasons({ libraryId, seasons: input.seasons }, options));
      return { result: 'seasons_added' as const, requestedSeasons: input.seasons, ...seriesSummary(changed) };
    }
    const profile = chosen(profiles, (item) => item.id, input.qualityProfileId, 'quality profile');
    const folder = chosen(folders, (item) => item.path, input.rootFolderPath, 'root folder');
    const added = await sonarr.add(
      { tvdbId: input.tvdbId, qualityProfileId: profile.id, rootFolderPath: folder.path, ...wanted },
      options,
    );
    return { result: 'requested' as const, requestedSeasons: input.seasons, ...seriesSummary(added) };
  },
  async verify(stack, input, options) {
    const series = await stack.get('sonarr').find(input.tvdbId, options);
    if (series === null || series.libraryId === null) return 'did_not_happen';
    // Whether future seasons are wanted is not told of a series.
    if (input.seasons.length === 0) return 'unknown';
    const monitored = new Set(series.seasons.filter((season) => season.monitored).map((season) => season.seasonNumber));
    return input.seasons.every((number) => monitored.has(number)) ? 'happened' : 'did_not_happen';
  },
  progress: seriesProgress,
});

export const searchSeriesAgain = definePressTool({
  name: 'search_series_again',
  description: 'Ask Sonarr to look for missing episodes of a series in the library; `seasons` narrows it.',
  effect: 'write',
  services: ['sonarr'],
  input: z.object({ tvdbId, seasons: seasons.optional() }),
  activity: 'Asking Sonarr to search again',
  async run(stack, input, options) {
    const sonarr = stack.get('sonarr');
    const series = await sonarr.find(input.tvdbId, options);
    if (series === null || series.libraryId === null)
      throw new UserError('That series is not in Sonarr’s library any more. Request it instead.');
    const monitored = series.seasons.filter((season) => season.monitored).map((season) => season.seasonNumber);
    const numbers = input.seasons ?? monitored;
    if (numbers.length === 0)
      throw new UserError('No season of this series is monitored. Request the seasons that you want instead.');
    await sonarr.searchSeasons({ libraryId: series.libraryId, seasons: numbers }, options);
    return { result: 'search_started' as const, searchedSeasons: numbers, ...seriesSummary(series) };
  },
  // Sonarr does not tell which searches it was asked for.
  verify: async () => 'unknown',
  progress: seriesProgress,
});
