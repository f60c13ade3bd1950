import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { messages } from '../../messages.ts';
import type { LibraryItem } from '../../services/jellyfin/items.ts';
import { listWords, titleLine } from '../answer-words.ts';
import { itemIdShape, itemTitle, itemTitleShape, libraryKinds, watchedWords } from '../library/item-words.ts';
import { defineReadTool } from '../tool.ts';

const mostItems = 20;

const words = messages('get_continue_watching', {
  activity: 'Looking at what you started watching',
});

export const getContinueWatching = defineReadTool({
  name: 'get_continue_watching',
  description: 'What the person began to watch in Jellyfin and did not finish.',
  model: { tool: 'get_activity', action: 'continue_watching' },
  services: ['jellyfin'],
  input: z.object({}),
  output: z.object({
    titles: z.array(z.object({ ...itemTitleShape, kind: z.enum(libraryKinds), status: z.string(), ...itemIdShape })),
  }),
  words,
  sentences: {
    phrases: [{ says: ['what was I watching', 'what can I continue|keep watching'] }],
    input: {},
    answer: ({ titles }) =>
      listWords(titles, {
        heading: 'You began:',
        nothing: 'You have finished all that you began.',
        line: titleLine,
      }),
  },
  async run(stack, _input, options) {
    const jellyfin = stack.get('jellyfin');
    if (!jellyfin.hasUser)
      throw new UserError(
        'The bot does not know which of Jellyfin’s users you are. Press the button that `/services test service: Jellyfin` shows, then try again.',
      );
    const items = (await jellyfin.resume(options)).slice(0, mostItems);
    return {
      titles: items.map((item) => ({
        ...itemTitle(item),
        kind: item.kind,
        status: begunWords(item),
        itemId: item.id,
      })),
    };
  },
});

/** "40 % watched, 89 min left". */
function begunWords(item: LibraryItem): string {
  const { runtimeMinutes, watchedPercent } = item;
  const left =
    runtimeMinutes === null || watchedPercent === null
      ? 0
      : Math.round((runtimeMinutes * (100 - watchedPercent)) / 100);
  return [watchedWords(item), left > 0 ? `${left} min left` : ''].filter((part) => part !== '').join(', ');
}
