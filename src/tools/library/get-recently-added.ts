import { z } from 'zod';
import { messages } from '../../messages.ts';
import type { Imported } from '../../services/titles.ts';
import { listWords, titleLine } from '../answer-words.ts';
import { defineReadTool } from '../tool.ts';
import {
  asWanted,
  faceOf,
  inState,
  jellyfinFirst,
  type LibraryExtras,
  librarySchema,
  rowOfItem,
} from './find-in-library.ts';
import type { RowState } from './row-words.ts';

const words = messages('get_recently_added', {
  activity: 'Looking at what is new',
});

export const getRecentlyAdded = defineReadTool({
  name: 'get_recently_added',
  description: 'The films and episodes that came into the library last.',
  model: { tool: 'get_activity', action: 'recently_added' },
  services: ['jellyfin', 'radarr', 'sonarr'],
  input: z.object({}),
  output: librarySchema,
  words,
  sentences: {
    phrases: [{ says: ['what is new [on|in] [Jellyfin|library]', 'what was added recently|lately', 'what came last'] }],
    input: {},
    answer: ({ titles, problems }) =>
      listWords(titles, { heading: 'Came last:', nothing: 'There is nothing new.', line: titleLine, problems }),
  },
  async run(stack, _input, options, extras: Partial<LibraryExtras>) {
    const library = await jellyfinFirst(stack, async (service) => {
      if (service === 'jellyfin') return (await stack.get(service).latest(options)).map(rowOfItem);
      return (await stack.get(service).recentlyImported(options)).map(rowOfImport);
    });
    return asWanted(stack, library, extras);
  },
});

function rowOfImport(imported: Imported) {
  const { kind, id } = imported;
  const named = kind === 'movie' ? { tmdbId: id } : { tvdbId: id };
  return { ...faceOf(imported), kind, ...inState(stateOf(imported)), ...named };
}

/** Which episodes are new; nothing for a film. */
function stateOf({ episodes }: Imported): RowState | null {
  const [first] = episodes;
  return first === undefined ? null : { of: 'episodes', count: episodes.length, ...first };
}
