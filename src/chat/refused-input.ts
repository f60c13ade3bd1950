import type { ToolCallRepairFunction, ToolSet } from 'ai';
import { z } from 'zod';
import { boundedText } from '../tools/bounded-output.ts';
import { cutInput, mostArgumentBytes, mostLevels } from './bounded-model.ts';

const mostIssues = 3;

/**
 * Says why a call was refused, in at most 500 characters; the SDK by itself would quote the whole input and every fault in it to the
 * model. Always throws, and the SDK passes that on: nothing is repaired.
 */
export const refuseInWords: ToolCallRepairFunction<ToolSet> = async ({ toolCall, error }) => {
  const words =
    toolCall.input === cutInput
      ? `The arguments were cut off: those of one call may have ${mostArgumentBytes} bytes at most, in ${mostLevels} levels. Ask for less at once.`
      : reasonOf(error);
  throw new Error(boundedText(words));
};

/** The innermost cause: what surrounds it quotes the input. */
function reasonOf(error: Error): string {
  let inner = error;
  for (let depth = 0; depth < 5 && inner.cause instanceof Error; depth++) inner = inner.cause;
  if (!(inner instanceof z.ZodError)) return inner.message;
  return inner.issues
    .slice(0, mostIssues)
    .map(({ path, message }) => `${boundedText(path.join('.'), 100)}: ${message}`)
    .join('; ');
}
