import { z } from 'zod';
import { messages } from '../../messages.ts';
import { foundWords } from '../answer-words.ts';
import { slot } from '../sentences.ts';
import { shortTitle } from '../title-list.ts';
import { defineReadTool } from '../tool.ts';
import type { SearchExtras } from './search-extras.ts';
import { seriesSummary, seriesSummaryShape } from './summaries.ts';
import { findSeries, findTitle, seriesExample } from './title-sentences.ts';

const words = messages('search_series', {
  activity: 'Searching Sonarr',
});

export const searchSeries = defineReadTool({
  name: 'search_series',
  description:
    'Find TV series by title, whether or not they are in the library. Use before anything else about a series.',
  services: ['sonarr'],
  input: z.object({ query: z.string().trim().min(1).max(200) }),
  output: z.object({ results: z.array(z.object({ ...seriesSummaryShape, seasons: z.number().optional() })) }),
  words,
  sentences: {
    phrases: [{ says: [...findTitle, ...findSeries] }],
    example: seriesExample,
    input: { query: slot('title') },
    answer: foundWords,
    tells({ results }, { year }) {
      const meant = results.find((one) => year === undefined || one.year === year);
      return meant === undefined ? null : { tvdbId: meant.tvdbId };
    },
  },
  async run(stack, { query }, options, { found }: Partial<SearchExtras>) {
    const results =
      found === undefined
        ? (await stack.get('sonarr').lookup(query, options)).map(seriesSummary)
        : (await found()).map(({ id, title }) => ({ tvdbId: id, ...shortTitle(title) }));
    return { results: results.slice(0, 10) };
  },
});
