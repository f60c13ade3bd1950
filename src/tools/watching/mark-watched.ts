import { z } from 'zod';
import { ServiceError, UserError } from '../../errors.ts';
import { messages } from '../../messages.ts';
import type { JellyfinClient } from '../../services/jellyfin/client.ts';
import { idSchema, type LibraryItem } from '../../services/jellyfin/items.ts';
import { itemName, itemTitle } from '../library/item-words.ts';
import { rowStatus, watchedState } from '../library/row-words.ts';
import { searchLibrary } from '../library/search-library.ts';
import { either, told } from '../sentences.ts';
import type { Stack } from '../stack.ts';
import { definePressTool } from '../tool.ts';
import { getContinueWatching } from './get-continue-watching.ts';

const words = messages('mark_watched', {
  activity: 'Looking at what you have watched',
  button: 'Mark',
  busy: 'Marking in Jellyfin…',
  notThere: 'That is not in Jellyfin any more. Look again at what is in the library.',
  watched: 'Marks it as watched for you in Jellyfin.',
  notWatched: 'Marks it as not watched for you in Jellyfin.',
  allWatched: 'Marks all of its episodes as watched for you in Jellyfin.',
  noneWatched: 'Marks all of its episodes as not watched for you in Jellyfin.',
  alreadyWatched: 'You have watched it already, by what Jellyfin says. Nothing is left to mark.',
  alreadyNotWatched: 'Jellyfin has it as not watched already. Nothing is left to mark.',
  markedWatched: '✅ Marked as watched in Jellyfin.',
  markedNotWatched: '✅ Marked as not watched in Jellyfin.',
  alreadyGone: 'It was gone from Jellyfin already.',
});

export const markWatched = definePressTool({
  name: 'mark_watched',
  description: 'Mark a film, series or episode in Jellyfin as watched by the person, or as not watched.',
  effect: 'write',
  services: ['jellyfin'],
  input: z.object({
    itemId: idSchema.describe('from search_library or get_activity'),
    watched: z.boolean().optional().describe('default true'),
  }),
  output: z.discriminatedUnion('result', [
    z.object({ result: z.literal('marked'), title: z.string(), year: z.number().nullable(), watched: z.boolean() }),
    z.object({ result: z.literal('already_gone') }),
  ]),
  words,
  sentences: {
    phrases: [
      {
        says: ['mark {title} as watched|seen|played', 'I have watched|seen {title}', 'I finished what I was watching'],
        means: { watched: true },
      },
      {
        says: ['mark {title} as not watched|seen|played', 'mark {title} as unwatched|unseen|unplayed'],
        means: { watched: false },
        example: { title: 'The Matrix' },
      },
    ],
    example: { title: 'Alien' },
    input: { itemId: either(told(getContinueWatching, 'itemId'), told(searchLibrary, 'itemId')) },
  },
  async load(stack, { itemId }, options) {
    const item = await asUser(stack).find(itemId, options);
    if (item === null) throw new UserError((say) => say(words.notThere));
    return { title: { ...itemTitle(item), posterUrl: null }, item };
  },
  fillIn: ({ itemId, watched = true }) => ({ itemId, watched }),
  preview({ watched = true }, { title, item }, say) {
    const isNothing = isMarked(item, watched);
    return {
      title: { ...title, title: itemName(item, say) },
      facts: rowStatus(watchedState(item), say),
      lines: [say(isNothing ? nothingWords(watched) : changeWords(item, watched))],
      isNothing,
    };
  },
  async run(stack, { itemId, watched = true }, options) {
    const jellyfin = asUser(stack);
    const item = await jellyfin.find(itemId, options);
    if (item === null) return { result: 'already_gone' as const };
    const marked = { result: 'marked' as const, ...itemTitle(item), watched };
    // Marking again would count as having watched it once more.
    if (isMarked(item, watched)) return marked;
    try {
      await jellyfin.markWatched(itemId, watched, options);
    } catch (error) {
      const isGone = error instanceof ServiceError && error.failure === 'not_found';
      if (isGone && (await jellyfin.find(itemId, options)) === null) return { result: 'already_gone' as const };
      throw error;
    }
    return marked;
  },
  async verify(stack, { itemId, watched = true }, options) {
    const item = await asUser(stack).find(itemId, options);
    if (item === null) return 'did_not_happen';
    if (item.watchedPercent === null) return 'unknown';
    return isMarked(item, watched) ? 'happened' : 'did_not_happen';
  },
  done: {
    marked: ({ watched }, { say }) => say(watched ? words.markedWatched : words.markedNotWatched),
    already_gone: (_outcome, { say }) => say(words.alreadyGone),
  },
});

/** The client as the person's own user. Throws UserError where the bot does not know which of Jellyfin's users that is. */
function asUser(stack: Stack): JellyfinClient {
  const jellyfin = stack.get('jellyfin');
  if (!jellyfin.hasUser) throw new UserError((say) => say(getContinueWatching.words.whoAreYou));
  return jellyfin;
}

/** What was begun is neither: marking it as not watched takes it off what the person was watching. */
function isMarked({ watchedPercent }: LibraryItem, watched: boolean): boolean {
  return watchedPercent === (watched ? 100 : 0);
}

function nothingWords(watched: boolean) {
  return watched ? words.alreadyWatched : words.alreadyNotWatched;
}

function changeWords({ kind }: LibraryItem, watched: boolean) {
  const hasEpisodes = kind === 'series' || kind === 'season';
  if (hasEpisodes) return watched ? words.allWatched : words.noneWatched;
  return watched ? words.watched : words.notWatched;
}
