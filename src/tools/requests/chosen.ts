import { UserError } from '../../errors.ts';
import { messages } from '../../messages.ts';

export const chosenMessages = messages('chosen_place', {
  noProfile: 'The server has no quality profile yet. Add one in its settings, then request again.',
  profileGone: 'That quality profile is no longer there. Choose another one and request again.',
  noFolder: 'The server has no root folder yet. Add one in its settings, then request again.',
  folderGone: 'That root folder is no longer there. Choose another one and request again.',
});

const { noProfile, profileGone, noFolder, folderGone } = chosenMessages;
const problems = {
  profile: { none: noProfile, gone: profileGone },
  folder: { none: noFolder, gone: folderGone },
};

/** The option that was asked for, or the only or first one. Throws UserError when there is none such. */
export function chosen<Item, Key>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
  wanted: Key | undefined,
  what: keyof typeof problems,
): Item {
  const item = wanted === undefined ? items[0] : items.find((candidate) => keyOf(candidate) === wanted);
  if (item !== undefined) return item;
  const { none, gone } = problems[what];
  throw new UserError((say) => say(items.length === 0 ? none : gone));
}
