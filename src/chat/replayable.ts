import type { UIMessage } from 'ai';
import { z } from 'zod';
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
 * A stored part as it may be sent to the model again, with at most `longestOutput` characters of a call's result; null for
 * what may not. Parts are of any age: one that is malformed is left out, and a call of a tool that is no longer there, or
 * that takes another input now, becomes a sentence.
 */
export function replayable(stored: unknown, longestOutput: number): Part | null {
  const { success, data: part } = partSchema.safeParse(stored);
  if (!success) return null;
  if (!('toolCallId' in part)) return part.type === 'text' && part.text === '' ? null : part;
  const result = resultOf(part);
  if (result === null) return null;
  const name = part.type.slice('tool-'.length);
  if (!isToolName(name) || !tools[name].input.safeParse(part.input).success)
    return inWords(name, result, longestOutput);
  const call = { type: `tool-${name}` as const, toolCallId: part.toolCallId, input: part.input };
  return 'errorText' in result
    ? { ...call, state: 'output-error', errorText: result.errorText.slice(0, longestOutput) }
    : { ...call, state: 'output-available', output: shortened(result.output, longestOutput) };
}

type Result = { output: unknown } | { errorText: string };

/** What the model is told of a call's end; a call that waits has one too, or it would be made again. */
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

/** For a call that can't be replayed as one. That it failed, because it was never right, is not worth a sentence. */
function inWords(name: string, result: Result, longest: number): Part | null {
  if ('errorText' in result) return null;
  const gave = JSON.stringify(result.output).slice(0, Math.min(longest, 500));
  return { type: 'text', text: `(An earlier call of ${name.slice(0, 64)} gave: ${gave})` };
}

function shortened(output: unknown, longest: number): unknown {
  const text = JSON.stringify(output);
  return text.length <= longest ? output : { shortened: text.slice(0, longest) };
}
