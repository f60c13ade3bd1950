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
import { unknownTitleMessages } from '../titles/unknown-title.ts';
import { definePressTool } from '../tool.ts';
import { alreadyThere } from './already-there.ts';
import { seriesProgress } from './series-progress.ts';

const words = messages('search_series_again', {
  activity: 'Asking Sonarr to search again',
  button: 'Search again',
  busy: 'Asking Sonarr to search again…',
  searchFor: '**Search for:** {seasons}',
  searchForNothing: '**Search for:** nothing',
  gone: 'That series is not in Sonarr’s library any more. Request it instead.',
  noneMonitored: 'No season of this series is monitored. Request the seasons that you want instead.',
  started: '🔎 Sonarr is searching again.',
  startedFor: '🔎 Sonarr is searching again: {seasons}.',
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
    if (title === null) throw new UserError((say) => say(unknownTitleMessages.seriesOfCard));
    return { title };
  },
  preview({ seasons: wanted }, { title }, say) {
    const there = alreadyThere(title, 'sonarr', say);
    if (wanted === undefined) return { about: title, lines: [there] };
    const seasons = seasonNumbers(wanted, say);
    const narrowed = seasons === '' ? say(words.searchForNothing) : say(words.searchFor, { seasons });
    return { about: title, lines: [there, narrowed] };
  },
  async run(stack, input, options) {
    const sonarr = stack.get('sonarr');
    const series = await sonarr.find(input.tvdbId, options);
    if (series === null || series.libraryId === null) throw new UserError((say) => say(words.gone));
    const monitored = series.seasons.filter((season) => season.monitored).map((season) => season.seasonNumber);
    const numbers = input.seasons ?? monitored;
    if (numbers.length === 0) throw new UserError((say) => say(words.noneMonitored));
    await sonarr.searchSeasons({ libraryId: series.libraryId, seasons: numbers }, options);
    return { result: 'search_started' as const, searchedSeasons: numbers, ...seriesSummary(series) };
  },
  // Sonarr does not tell which searches it was asked for.
  verify: async () => 'unknown',
  done: {
    search_started({ searchedSeasons }, { say }) {
      const seasons = seasonNumbers(searchedSeasons, say);
      return seasons === '' ? say(words.started) : say(words.startedFor, { seasons });
    },
  },
  progress: { after: ['search_started'], look: seriesProgress },
});
