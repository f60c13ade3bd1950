import type { UIMessage } from 'ai';
import { z } from 'zod';
import { boundedOutput, boundedText, longestText } from '../tools/bounded-output.ts';
import { modelTools } from '../tools/model-tools.ts';
import { isToolName, tools } from '../tools/registry.ts';

type Part = UIMessage['parts'][number];

export const waitingText = 'Waiting for the person’s press on the card.';

const callSchema = z.object({
  type: z.string().startsWith('tool-'),
  toolCallId: z.string().min(1).max(500),
  state: z.string(),
  input: z.unknown().optional(),
  output: z.unknown().optional(),
  errorText: z.string().catch('It failed.'),
  approval: z.object({ reason: z.string() }).catch({ reason: 'The person did not allow it.' }),
});
const partSchema = z.union([
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('step-start') }),
  callSchema,
]);

/**
 * A stored part in the form in which the model may get it again, with at most `longestOutput` bytes of a call's result; null if it may
 * not. A call is stored as its operation's, and told as one of the tool that the model has for it now. Parts may be old: a malformed one
 * is left out, and a call of a tool that no longer exists, or whose input has changed, becomes a sentence.
 */
export function replayable(stored: unknown, longestOutput: number): Part | null {
  const { success, data: part } = partSchema.safeParse(stored);
  if (!success) return null;
  if (!('toolCallId' in part)) return part.type === 'text' && part.text === '' ? null : part;
  const result = resultOf(part);
  if (result === null) return null;
  const name = part.type.slice('tool-'.length);
  const told = modelTools.callOf({ name, input: part.input });
  if (!isToolName(name) || !tools[name].input.safeParse(part.input).success)
    return inWords(told.name, result, longestOutput);
  const call = { type: `tool-${told.name}` as const, toolCallId: part.toolCallId, input: told.input };
  return 'errorText' in result
    ? { ...call, state: 'output-error', errorText: boundedText(result.errorText, Math.min(longestOutput, longestText)) }
    : { ...call, state: 'output-available', output: boundedOutput(result.output, longestOutput) };
}

type Result = { output: unknown } | { errorText: string };

/** What the model is told about a call's result. A waiting call needs one too, or the model would repeat the call. */
function resultOf(part: z.output<typeof callSchema>): Result | null {
  switch (part.state) {
    case 'output-available':
      return { output: part.output ?? null };
    case 'output-error':
      return { errorText: part.errorText };
    case 'output-denied':
      return { output: { denied: part.approval.reason } };
    case 'input-available':
      return { output: { waiting: waitingText } };
    default:
      return null;
  }
}

/** A sentence for a call that can't be replayed as a call. A failed one needs none. */
function inWords(name: string, result: Result, longest: number): Part | null {
  if ('errorText' in result) return null;
  const gave = JSON.stringify(boundedOutput(result.output, Math.min(longest, 500)));
  return { type: 'text', text: `(An earlier call of ${name.slice(0, 64)} gave: ${gave})` };
}
