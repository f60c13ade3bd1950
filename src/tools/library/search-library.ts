import { z } from 'zod';
import { messages } from '../../messages.ts';
import { listWords, nameOf } from '../answer-words.ts';
import { slot } from '../sentences.ts';
import { defineReadTool } from '../tool.ts';
import { asWanted, findInLibrary, type LibraryExtras, librarySchema } from './find-in-library.ts';

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
  sentences: {
    phrases: [{ says: ['is {title} in|on my|our|the library|server', 'is {title} on Jellyfin'] }],
    example: { title: 'Inception' },
    input: { query: slot('title') },
    answer: ({ titles, problems }) =>
      listWords(titles, { heading: 'In the library:', nothing: 'It is not in the library.', line: nameOf, problems }),
    tells({ titles }) {
      const itemId = titles.find((title) => title.itemId != null)?.itemId;
      return itemId == null ? null : { itemId };
    },
  },
  async run(stack, { query }, options, extras: Partial<LibraryExtras>) {
    return asWanted(stack, await findInLibrary(stack, query, options), extras);
  },
});
