import { z } from 'zod';
import { messages } from '../../messages.ts';
import { foundWords } from '../answer-words.ts';
import { slot } from '../sentences.ts';
import { shortTitle } from '../title-list.ts';
import { defineReadTool } from '../tool.ts';
import type { SearchExtras } from './search-extras.ts';
import { seerrSummary, seerrSummaryShape } from './summaries.ts';
import { aboutTitle, findFilm, findSeries, findTitle, seriesExample } from './title-sentences.ts';

const words = messages('search_seerr', {
  activity: 'Searching Seerr',
});

export const searchSeerr = defineReadTool({
  name: 'search_seerr',
  description: 'Find films and series by title in Seerr, and whether they are there or requested.',
  services: ['jellyseerr'],
  input: z.object({ query: z.string().trim().min(1).max(200) }),
  output: z.object({ results: z.array(z.object(seerrSummaryShape).partial({ kind: true })) }),
  words,
  sentences: {
    phrases: [
      { says: [...findTitle, ...aboutTitle, 'search|look for {title} in|on Seerr|Jellyseerr'] },
      { says: findFilm, about: { kind: 'movie' } },
      { says: findSeries, about: { kind: 'series' }, example: seriesExample },
    ],
    input: { query: slot('title') },
    answer: foundWords,
    tells({ results }, { year, kind }) {
      const fits = (one: (typeof results)[number]) =>
        (year === undefined || one.year === year) &&
        (kind === undefined || one.kind === undefined || one.kind === kind);
      const meant = results.find(fits);
      return meant === undefined ? null : { kind: meant.kind, tmdbId: meant.tmdbId };
    },
  },
  async run(stack, { query }, options, { found }: Partial<SearchExtras>) {
    const results =
      found === undefined
        ? (await stack.get('jellyseerr').search(query, options)).map(seerrSummary)
        : (await found()).map(({ id, title }) => ({ tmdbId: id, ...shortTitle(title) }));
    return { results: results.slice(0, 10) };
  },
});
