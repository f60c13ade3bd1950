import { z } from 'zod';
import { messages } from '../../messages.ts';
import { told } from '../sentences.ts';
import type { Stack } from '../stack.ts';
import { searchSeries } from '../titles/search-series.ts';
import { seriesId } from '../titles/summaries.ts';
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

const label = 'Sonarr';
const inSonarr = (stack: Stack) => ({ server: stack.get('sonarr'), label });

const words = messages('remove_series', {
  activity: 'Removing from Sonarr',
  button: 'Remove',
  busy: 'Removing from Sonarr…',
});

export const removeSeries = definePressTool({
  name: 'remove_series',
  description: 'Remove a series from the library, with its files or not.',
  model: { tool: 'remove_title', action: 'series' },
  effect: 'destroy',
  services: ['sonarr'],
  input: z.object({ tvdbId: seriesId, ...removalShape }),
  output: removalOutput,
  words,
  sentences: {
    phrases: [
      { says: ['remove|delete the series|show {title}', 'remove|delete the series|show {title} from my|the library'] },
      { says: ['remove|delete the series|show {title} and its files'], means: { deleteFiles: true } },
    ],
    example: { title: 'Chernobyl' },
    input: { tvdbId: told(searchSeries, 'tvdbId') },
  },
  load: (stack, { tvdbId }, options) => loadRemoval(inSonarr(stack), tvdbId, options),
  fillIn: fillInRemoval,
  preview: (input, details, say) => previewRemoval(input, details, label, say),
  choices: removalChoices,
  run: (stack, input, options) => removeTitle(inSonarr(stack), input.tvdbId, input, options),
  verify: (stack, { tvdbId }, options) => verdictOnRemoval(inSonarr(stack), tvdbId, options),
  done: removalDone,
});
