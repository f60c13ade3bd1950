import { UserError } from '../../errors.ts';

/** The option that was asked for, or the only or first one. Throws UserError when there is none such. */
export function chosen<Item, Key>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
  wanted: Key | undefined,
  what: string,
): Item {
  const item = wanted === undefined ? items[0] : items.find((candidate) => keyOf(candidate) === wanted);
  if (item !== undefined) return item;
  throw new UserError(
    items.length === 0
      ? `The server has no ${what} yet. Add one in its settings, then request again.`
      : `That ${what} is no longer there. Choose another one and request again.`,
  );
}
