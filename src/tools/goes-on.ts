import type { ToolCall } from '../db/schema.ts';

/** A stored message: one of a person that is to be answered, or an answer behind which the model is to be asked again. */
export type GoesOn = { chatId: string; messageId: string };

/**
 * The answer behind which its conversation goes on now that a call of it has ended. Undefined for a call that the model did not ask
 * for, and for an expired one, of which the model is told with the next message.
 */
export function goesOnAfter({ origin, endedBy, chatId, messageId }: ToolCall): GoesOn | undefined {
  if (origin !== 'model' || endedBy === 'expiry' || chatId === null || messageId === null) return undefined;
  return { chatId, messageId };
}
