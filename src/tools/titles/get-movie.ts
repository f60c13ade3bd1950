import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { messages } from '../../messages.ts';
import { describeTitle } from '../answer-words.ts';
import { told } from '../sentences.ts';
import { defineReadTool } from '../tool.ts';
import { searchMovies } from './search-movies.ts';
import { movieId } from './summaries.ts';
import { movieSchema } from './title-schemas.ts';
import { aboutLast, aboutTitle } from './title-sentences.ts';
import { unknownTitleMessages } from './unknown-title.ts';

const words = messages('get_movie', {
  activity: 'Looking at the film in Radarr',
});

export const getMovie = defineReadTool({
  name: 'get_movie',
  description: 'Details of one film: overview, runtime, rating, and whether it is there, wanted or downloading.',
  services: ['radarr'],
  input: z.object({ tmdbId: movieId }),
  output: movieSchema,
  words,
  sentences: {
    phrases: [{ says: aboutTitle }, { says: aboutLast, recalls: 'request_movie' }],
    input: { tmdbId: told(searchMovies, 'tmdbId') },
    answer: describeTitle,
  },
  async run(stack, { tmdbId }, options) {
    const movie = await stack.get('radarr').find(tmdbId, options);
    if (movie === null) throw new UserError((say) => say(unknownTitleMessages.film));
    return movie;
  },
});
