import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { defineReadTool } from '../tool.ts';
import { movieId } from './summaries.ts';
import { movieSchema } from './title-schemas.ts';

export const getMovie = defineReadTool({
  name: 'get_movie',
  description: 'Details of one film: overview, runtime, rating, and whether it is there, wanted or downloading.',
  services: ['radarr'],
  input: z.object({ tmdbId: movieId }),
  output: movieSchema,
  activity: 'Looking at the film in Radarr',
  async run(stack, { tmdbId }, options) {
    const movie = await stack.get('radarr').find(tmdbId, options);
    if (movie === null) throw new UserError('Radarr knows no film with that TMDB id. Search for the title again.');
    return movie;
  },
});
