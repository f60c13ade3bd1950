import { withWords } from '../../tools/library/find-in-library.ts';
import type { Stack } from '../../tools/stack.ts';
import type { FoundTitle } from '../../tools/titles/search-extras.ts';
import type { CommandContext } from '../command.ts';
import type { TitleKind } from './title-kinds.ts';
import { titleLookUps } from './title-look-ups.ts';

/**
 * Titles for a normalised term, from the person's earlier look-ups where there are any. Null when a newer term took its
 * place; never with `now`. Throws ServiceError.
 */
export function findTitles(
  context: Pick<CommandContext, 'signal'>,
  { stack, kind, term, now = false }: { stack: Stack; kind: TitleKind; term: string; now?: boolean },
): Promise<FoundTitle[] | null> {
  const narrow = (found: readonly FoundTitle[]) => narrowed(found, { kind, term });
  return titleLookUps.find({ userId: stack.caller.actor.id, term: `${kind.key}:${term}`, now, narrow }, () =>
    kind.lookUp(stack, term, { signal: context.signal }),
  );
}

/** This many titles are enough to choose from while a person types. */
const enough = 5;

/**
 * The titles for a longer term among those found for a shorter one. Null when they are few and the server may have others: only if it
 * returned fewer than it can were they all, and a title that it found under an alternative name must be asked for again.
 */
export function narrowed(
  found: readonly FoundTitle[],
  { kind, term }: { kind: Pick<TitleKind, 'givesAllBelow'>; term: string },
): FoundTitle[] | null {
  const left = withWords(found, term, ({ title }) => title.title);
  return left.length >= enough || (left.length > 0 && found.length < kind.givesAllBelow) ? left : null;
}
