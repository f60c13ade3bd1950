import type { z } from 'zod';
import type { ToolCall } from '../db/schema.ts';

/** What the words of an outcome may name besides its own fields. */
export type Place = { server: string };

/** A method, so that the message of one member is found by that member's own `result`. */
type Message<Outcome> = { say(outcome: Outcome, place: Place): string }['say'];

/** One message for each result of a union: one that is missing does not compile. */
export type Messages<Outcome extends { result: string }> = {
  [Result in Outcome['result']]: Message<Extract<Outcome, { result: Result }>>;
};

/** How a call ended that got no answer, when the server said afterwards that it had taken effect. */
export function foundThereWords({ endedBy }: Pick<ToolCall, 'endedBy'>, { server }: Place): string {
  return endedBy === 'stop'
    ? `✋ Stopped, but ${server} had already accepted it: what it started there continues.`
    : `✅ The answer was lost, but ${server} did it.`;
}

/** How a call that succeeded ended, in one line. A row that fits no result of this version says just that. */
export function outcomeWords<Schema extends z.ZodType<{ result: string }>>(
  schema: Schema,
  messages: Messages<z.output<Schema>>,
  output: unknown,
  place: Place,
): string {
  const parsed = schema.safeParse(output);
  if (parsed.success) return say(messages, parsed.data, place);
  return `✅ ${place.server} accepted it. Another version of the bot did this, and this one cannot read the result.`;
}

function say<Outcome extends { result: string }>(messages: Messages<Outcome>, outcome: Outcome, place: Place): string {
  const result: Outcome['result'] = outcome.result;
  const message: Message<Outcome> = messages[result];
  return message(outcome, place);
}
