import type { Stack } from '../../tools/stack.ts';
import type { CommandContext } from '../command.ts';
import type { FoundTitle, TitleKind } from './title-kinds.ts';
import { titleLookUps } from './title-look-ups.ts';

/**
 * Titles for a normalised term, from the person's earlier look-ups where there are any. Null when a newer term took its
 * place; never with `now`. Throws ServiceError.
 */
export function findTitles(
  context: Pick<CommandContext, 'signal'>,
  { stack, kind, term, now = false }: { stack: Stack; kind: TitleKind; term: string; now?: boolean },
): Promise<FoundTitle[] | null> {
  return titleLookUps.find({ userId: stack.ownerId, term: `${kind.key}:${term}`, now }, () =>
    kind.lookUp(stack, term, { signal: context.signal }),
  );
}
