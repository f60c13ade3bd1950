import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { messages } from '../../messages.ts';
import { seasonNumbers } from '../season-words.ts';
import { slot, told } from '../sentences.ts';
import { searchSeries } from '../titles/search-series.ts';
import {
  seasonNumbersInput,
  seasonNumbersOutput,
  seriesId,
  seriesSummary,
  seriesSummaryShape,
} from '../titles/summaries.ts';
import { findAgain } from '../titles/title-sentences.ts';
import { definePressTool } from '../tool.ts';
import { alreadyThere } from './already-there.ts';
import { seriesProgress } from './series-progress.ts';

const words = messages('search_series_again', {
  activity: 'Asking Sonarr to search again',
  button: 'Search again',
  busy: 'Asking Sonarr to search again…',
});

export const searchSeriesAgain = definePressTool({
  name: 'search_series_again',
  description: 'Ask Sonarr to look again for missing episodes of a series in the library.',
  model: { tool: 'search_again', action: 'series' },
  effect: 'write',
  // A command for each season, one after the other.
  slow: { limitMs: 60_000 },
  services: ['sonarr'],
  input: z.object({ tvdbId: seriesId, seasons: seasonNumbersInput.optional() }),
  output: z.object({
    result: z.literal('search_started'),
    searchedSeasons: seasonNumbersOutput,
    ...seriesSummaryShape,
  }),
  words,
  sentences: {
    phrases: [{ says: [...findAgain, 'search again for season|seasons {seasons} of {title}'] }],
    example: { title: 'Breaking Bad' },
    input: { tvdbId: told(searchSeries, 'tvdbId'), seasons: slot('seasons') },
  },
  async load(stack, { tvdbId }, options) {
    const title = await stack.get('sonarr').find(tvdbId, options);
    if (title === null)
      throw new UserError('Sonarr knows no series with that TVDB id. Search for the title with `/request tv`.');
    return { title };
  },
  preview({ seasons }, { title }) {
    const narrowed = seasons === undefined ? [] : [`**Search for:** ${seasonNumbers(seasons) || 'nothing'}`];
    return { about: title, lines: [alreadyThere(title, 'Sonarr'), ...narrowed] };
  },
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
  done: {
    search_started: ({ searchedSeasons }) =>
      searchedSeasons.length === 0
        ? '🔎 Sonarr is searching again.'
        : `🔎 Sonarr is searching again: ${seasonNumbers(searchedSeasons)}.`,
  },
  progress: { after: ['search_started'], look: seriesProgress },
});
