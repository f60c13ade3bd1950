import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { messages } from '../../messages.ts';
import { told } from '../sentences.ts';
import { searchMovies } from '../titles/search-movies.ts';
import { movieId, movieSummary, movieSummaryShape } from '../titles/summaries.ts';
import { findAgain } from '../titles/title-sentences.ts';
import { unknownTitleMessages } from '../titles/unknown-title.ts';
import { definePressTool } from '../tool.ts';
import { alreadyThere } from './already-there.ts';
import { filmProgress } from './film-progress.ts';

const words = messages('search_movie_again', {
  activity: 'Asking Radarr to search again',
  button: 'Search again',
  busy: 'Asking Radarr to search again…',
  gone: 'That film is not in Radarr’s library any more. Request it instead.',
  started: '🔎 Radarr is searching again.',
});

export const searchMovieAgain = definePressTool({
  name: 'search_movie_again',
  description: 'Ask Radarr to look again for a film in the library that is not downloaded yet.',
  model: { tool: 'search_again', action: 'movie' },
  effect: 'write',
  services: ['radarr'],
  input: z.object({ tmdbId: movieId }),
  output: z.object({ result: z.literal('search_started'), ...movieSummaryShape }),
  words,
  sentences: {
    phrases: [{ says: findAgain }],
    example: { title: 'Gladiator' },
    input: { tmdbId: told(searchMovies, 'tmdbId') },
  },
  async load(stack, { tmdbId }, options) {
    const title = await stack.get('radarr').find(tmdbId, options);
    if (title === null) throw new UserError((say) => say(unknownTitleMessages.filmOfCard));
    return { title };
  },
  preview: (_input, { title }, say) => ({ about: title, lines: [alreadyThere(title, 'radarr', say)] }),
  async run(stack, input, options) {
    const radarr = stack.get('radarr');
    const movie = await radarr.find(input.tmdbId, options);
    if (movie === null || movie.libraryId === null) throw new UserError((say) => say(words.gone));
    await radarr.search(movie.libraryId, options);
    return { result: 'search_started' as const, ...movieSummary(movie) };
  },
  // Radarr does not tell which searches it was asked for.
  verify: async () => 'unknown',
  done: { search_started: (_outcome, { say }) => say(words.started) },
  progress: { after: ['search_started'], look: filmProgress },
});
