import { z } from 'zod';
import { messages } from '../../messages.ts';
import { defineReadTool } from '../tool.ts';
import { asWanted, findInLibrary, librarySchema } from './find-in-library.ts';
import type { ListExtras } from './row-words.ts';

const words = messages('search_library', {
  activity: 'Looking through the library',
});

export const searchLibrary = defineReadTool({
  name: 'search_library',
  description: 'Whether films and series are there, by title, in Jellyfin, Radarr and Sonarr.',
  services: ['jellyfin', 'radarr', 'sonarr'],
  input: z.object({ query: z.string().trim().min(1).max(200) }),
  output: librarySchema,
  words,
  async run(stack, { query }, options, extras: Partial<ListExtras>) {
    return asWanted(await findInLibrary(stack, query, options), extras);
  },
});
