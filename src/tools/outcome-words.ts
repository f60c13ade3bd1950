import type { z } from 'zod';
import type { ToolCall } from '../db/schema.ts';
import { messages, type Say } from '../messages.ts';

/** What the words of an outcome may name besides its own fields, and the language that they are in. */
export type Place = { server: string; say: Say };

export const outcomeMessages = messages('outcome', {
  stopped: '✋ Stopped, but {server} had already accepted it: what it started there continues.',
  foundThere: '✅ The answer was lost, but {server} did it.',
  ofAnotherVersion:
    '✅ {server} accepted it. Another version of the bot did this, and this one cannot read the result.',
});

/** A method, so that the words of one member are found by that member's own `result`. */
type Writer<Outcome> = { say(outcome: Outcome, place: Place): string }['say'];

/** Words for each result of a union: where they are missing it does not compile. */
export type OutcomeWriters<Outcome extends { result: string }> = {
  [Result in Outcome['result']]: Writer<Extract<Outcome, { result: Result }>>;
};

/** How a call ended that got no answer, when the server said afterwards that it had taken effect. */
export function foundThereWords({ endedBy }: Pick<ToolCall, 'endedBy'>, { server, say }: Place): string {
  return say(endedBy === 'stop' ? outcomeMessages.stopped : outcomeMessages.foundThere, { server });
}

/** How a call that succeeded ended, in one line. A row that fits no result of this version says just that. */
export function outcomeWords<Schema extends z.ZodType<{ result: string }>>(
  schema: Schema,
  writers: OutcomeWriters<z.output<Schema>>,
  output: unknown,
  place: Place,
): string {
  const parsed = schema.safeParse(output);
  if (parsed.success) return write(writers, parsed.data, place);
  return place.say(outcomeMessages.ofAnotherVersion, { server: place.server });
}

function write<Outcome extends { result: string }>(
  writers: OutcomeWriters<Outcome>,
  outcome: Outcome,
  place: Place,
): string {
  const result: Outcome['result'] = outcome.result;
  const writer: Writer<Outcome> = writers[result];
  return writer(outcome, place);
}
