import type { BaseInteraction } from 'discord.js';
import type { z } from 'zod';
import { UserError } from '../errors.ts';
import { callReadTool } from '../tools/ledger.ts';
import { openStack, type Stack } from '../tools/stack.ts';
import type { AnyTool, RunOptions } from '../tools/tool.ts';
import type { CommandContext } from './command.ts';

/** A read tool of which the output's type is known. */
type ReadTool<Input extends z.ZodType, Output> = AnyTool & {
  input: Input;
  run(stack: Stack, input: z.output<Input>, options: RunOptions): Promise<Output>;
};

/**
 * Runs a look-up for a command as the ledger runs it for the model, and gives the whole output (the row keeps 8 KB of it). `key`
 * tells two look-ups of one interaction apart. Throws UserError with what failed.
 */
export async function runReadTool<Input extends z.ZodType, Output>(
  context: CommandContext,
  interaction: Pick<BaseInteraction, 'id'>,
  { tool, input, key = tool.name }: { tool: ReadTool<Input, Output>; input: z.output<Input>; key?: string },
): Promise<Output> {
  const stack = await openStack(context, { actorId: context.user.id, ownerId: context.user.id });
  const outputs: Output[] = [];
  const { outcome } = await callReadTool(context, {
    tool: {
      ...tool,
      call: async (opened, given, options) => {
        const output = await tool.run(opened, tool.input.parse(given), options);
        outputs.push(output);
        return output;
      },
    },
    input,
    stack,
    chatId: null,
    messageId: null,
    dedupeKey: `${key}:${interaction.id}`,
    signal: context.signal,
  });
  if (outcome.status !== 'succeeded') throw new UserError(outcome.error);
  const [output] = outputs;
  if (output === undefined) throw new UserError('That was answered before. Type the command again to see it anew.');
  return output;
}
