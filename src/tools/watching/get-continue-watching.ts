import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { messages, sayInEnglish } from '../../messages.ts';
import type { LibraryItem } from '../../services/jellyfin/items.ts';
import { listWords, titleLine } from '../answer-words.ts';
import { itemIdShape, itemNameParts, itemTitle, itemTitleShape, libraryKinds } from '../library/item-words.ts';
import { inPartsShape, type ListExtras, type RowState, rowStatus } from '../library/row-words.ts';
import { defineReadTool } from '../tool.ts';

const mostItems = 20;

const words = messages('get_continue_watching', {
  activity: 'Looking at what you started watching',
  whoAreYou:
    'The bot does not know which of Jellyfin’s users you are. Press the button that `/services test service: Jellyfin` shows, then try again.',
});

export const getContinueWatching = defineReadTool({
  name: 'get_continue_watching',
  description: 'What the person began to watch in Jellyfin and did not finish.',
  model: { tool: 'get_activity', action: 'continue_watching' },
  services: ['jellyfin'],
  input: z.object({}),
  output: z.object({
    titles: z.array(
      z.object({ ...itemTitleShape, kind: z.enum(libraryKinds), status: z.string(), ...itemIdShape, ...inPartsShape }),
    ),
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
    tells({ titles: [last] }, { title }) {
      // Whatever has a title is found by it, begun or not: that is for the library to tell.
      return title !== undefined || last?.itemId == null ? null : { itemId: last.itemId };
    },
  },
  async run(stack, _input, options, { forPeople = false }: Partial<ListExtras>) {
    const jellyfin = stack.get('jellyfin');
    if (!jellyfin.hasUser) throw new UserError((say) => say(words.whoAreYou));
    const items = (await jellyfin.resume(options)).slice(0, mostItems);
    return {
      titles: items.map((item) => {
        const state = begunState(item);
        const row = { ...itemTitle(item), kind: item.kind, status: rowStatus(state, sayInEnglish), itemId: item.id };
        return forPeople ? { ...row, item: itemNameParts(item), state } : row;
      }),
    };
  },
});

/** How far it was watched, and how much is left. */
function begunState({ runtimeMinutes, watchedPercent: percent }: LibraryItem): RowState | null {
  if (percent === null) return null;
  const minutesLeft = runtimeMinutes === null ? 0 : Math.round((runtimeMinutes * (100 - percent)) / 100);
  return { of: 'watching', percent, minutesLeft };
}
