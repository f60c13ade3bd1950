import { messages } from '../../messages.ts';
import { pageWords } from '../answer-words.ts';
import { slot } from '../sentences.ts';
import { listPage, listPageInput, listPageOf } from '../title-list.ts';
import { movieSummary, movieSummaryShape } from '../titles/summaries.ts';
import { defineReadTool } from '../tool.ts';

const words = messages('list_movies', {
  activity: 'Looking through Radarr’s library',
});

export const listMovies = defineReadTool({
  name: 'list_movies',
  description: 'The films in the library, newest year first; `query` filters by title.',
  services: ['radarr'],
  input: listPageInput,
  output: listPageOf(movieSummaryShape),
  words,
  sentences: {
    phrases: [
      {
        says: [
          'which|what films|movies do I|we have',
          'list|show [me] [my|our|the|all] films|movies',
          'what is on|in [my|our|the] Radarr|library',
          'list|show [me] [my|our|the|all] films|movies called|named {title}',
        ],
      },
    ],
    example: { title: 'matrix' },
    input: { query: slot('title') },
    answer: pageWords,
  },
  async run(stack, input, options) {
    return listPage(await stack.get('radarr').library(options), input, movieSummary);
  },
});
