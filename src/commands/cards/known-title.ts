import type { ToolCall } from '../../db/schema.ts';
import type { Say } from '../../messages.ts';
import type { CardTitle } from '../../tools/preview.ts';
import { loadedCards } from './loaded-cards.ts';
import { titleOfOutput } from './title-of-output.ts';

/** The title of a call as far as it is known without asking the server. */
export function knownTitle(call: ToolCall, say: Say): CardTitle | null {
  return loadedCards.any(call.id)?.preview(call.input, say).title ?? titleOfOutput(call.output);
}
