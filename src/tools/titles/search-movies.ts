import { z } from 'zod';
import { messages } from '../../messages.ts';
import { foundWords } from '../answer-words.ts';
import { slot } from '../sentences.ts';
import { shortTitle } from '../title-list.ts';
import { defineReadTool } from '../tool.ts';
import type { SearchExtras } from './search-extras.ts';
import { movieSummary, movieSummaryShape } from './summaries.ts';
import { findFilm, findTitle } from './title-sentences.ts';

const words = messages('search_movies', {
  activity: 'Searching Radarr',
});

export const searchMovies = defineReadTool({
  name: 'search_movies',
  description: 'Find films by title, whether or not they are in the library. Use before anything else about a film.',
  services: ['radarr'],
  input: z.object({ query: z.string().trim().min(1).max(200) }),
  output: z.object({ results: z.array(z.object(movieSummaryShape)) }),
  words,
  sentences: {
    phrases: [{ says: [...findTitle, ...findFilm] }],
    input: { query: slot('title') },
    answer: foundWords,
    tells({ results }, { year }) {
      const meant = results.find((one) => year === undefined || one.year === year);
      return meant === undefined ? null : { tmdbId: meant.tmdbId };
    },
  },
  async run(stack, { query }, options, { found }: Partial<SearchExtras>) {
    const results =
      found === undefined
        ? (await stack.get('radarr').lookup(query, options)).map(movieSummary)
        : (await found()).map(({ id, title }) => ({ tmdbId: id, ...shortTitle(title) }));
    return { results: results.slice(0, 10) };
  },
});
