import { z } from 'zod';
import { messages } from '../../messages.ts';
import { told } from '../sentences.ts';
import type { Stack } from '../stack.ts';
import { searchMovies } from '../titles/search-movies.ts';
import { movieId } from '../titles/summaries.ts';
import { definePressTool } from '../tool.ts';
import {
  fillInRemoval,
  loadRemoval,
  previewRemoval,
  removalChoices,
  removalDone,
  removalOutput,
  removalShape,
  removeTitle,
  verdictOnRemoval,
} from './remove-title.ts';

const label = 'Radarr';
const inRadarr = (stack: Stack) => ({ server: stack.get('radarr'), label });

const words = messages('remove_movie', {
  activity: 'Removing from Radarr',
  button: 'Remove',
  busy: 'Removing from Radarr…',
});

export const removeMovie = definePressTool({
  name: 'remove_movie',
  description: 'Remove a film from the library, with its files or not.',
  model: { tool: 'remove_title', action: 'movie' },
  effect: 'destroy',
  services: ['radarr'],
  input: z.object({ tmdbId: movieId, ...removalShape }),
  output: removalOutput,
  words,
  sentences: {
    phrases: [
      { says: ['remove|delete the film|movie {title}', 'remove|delete the film|movie {title} from my|the library'] },
      { says: ['remove|delete the film|movie {title} and its files'], means: { deleteFiles: true } },
    ],
    example: { title: 'The Matrix' },
    input: { tmdbId: told(searchMovies, 'tmdbId') },
  },
  load: (stack, { tmdbId }, options) => loadRemoval(inRadarr(stack), tmdbId, options),
  fillIn: fillInRemoval,
  preview: (input, details, say) => previewRemoval(input, details, label, say),
  choices: removalChoices,
  run: (stack, input, options) => removeTitle(inRadarr(stack), input.tmdbId, input, options),
  verify: (stack, { tmdbId }, options) => verdictOnRemoval(inRadarr(stack), tmdbId, options),
  done: removalDone,
});
