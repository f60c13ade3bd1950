import { z } from 'zod';
import { messages, type Say } from '../../messages.ts';
import type { LibraryItem } from '../../services/jellyfin/items.ts';
import { statusWords } from '../title-list.ts';
import { statusSchema } from '../titles/title-schemas.ts';
import { itemName, itemNameSchema } from './item-words.ts';

export const rowMessages = messages('library_rows', {
  watched: 'watched',
  partlyWatched: '{percent} % watched',
  partlyWatchedAndLeft: '{percent} % watched, {minutes, number, ::group-off} min left',
  left: '{minutes, number, ::group-off} min left',
  newEpisode: 'season {season}, episode {episode}',
  newEpisodes: '{count, number, ::group-off} new episodes',
});

/** How a title is: how far it was watched, how far it has come on its server, or which episodes of it are new. */
const stateSchema = z.discriminatedUnion('of', [
  z.object({ of: z.literal('watching'), percent: z.number(), minutesLeft: z.number() }),
  z.object({ of: z.literal('server'), status: statusSchema }),
  z.object({ of: z.literal('episodes'), count: z.number(), season: z.number(), episode: z.number() }),
]);
export type RowState = z.output<typeof stateSchema>;

/** Of what `title` and `status` are made, which the model gets in English. For people, who unlike the model do not pay for it. */
export const inPartsShape = { item: itemNameSchema.nullish(), state: stateSchema.nullish() };

/** What a command wants of a list besides: all that is for people alone. */
export type ListExtras = { forPeople: boolean };

type Named = { title: string; item?: z.output<typeof itemNameSchema> | null | undefined };

/** How a row is called, in the language of whoever reads it. */
export function rowTitle({ title, item }: Named, say: Say): string {
  return item == null ? title : itemName(item, say);
}

/** "40 % watched", "wanted, not downloaded yet"; empty when there is nothing to say. */
export function rowStatus(state: RowState | null, say: Say): string {
  switch (state?.of) {
    case undefined:
      return '';
    case 'server':
      return statusWords(state, say);
    case 'episodes': {
      const { count, season, episode } = state;
      return count === 1 ? say(rowMessages.newEpisode, { season, episode }) : say(rowMessages.newEpisodes, { count });
    }
    case 'watching':
      return watchedWords(state, say);
  }
}

function watchedWords({ percent: exact, minutesLeft: minutes }: { percent: number; minutesLeft: number }, say: Say) {
  const percent = Math.floor(exact);
  if (percent >= 100) return say(rowMessages.watched);
  if (percent < 1) return minutes > 0 ? say(rowMessages.left, { minutes }) : '';
  return minutes > 0
    ? say(rowMessages.partlyWatchedAndLeft, { percent, minutes })
    : say(rowMessages.partlyWatched, { percent });
}

/** How far an item was watched; null when Jellyfin was not asked for a person. */
export function watchedState({ watchedPercent: percent }: LibraryItem): RowState | null {
  return percent === null ? null : { of: 'watching', percent, minutesLeft: 0 };
}
