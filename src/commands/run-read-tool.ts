import type { BaseInteraction } from 'discord.js';
import { UserError } from '../errors.ts';
import { messages } from '../messages.ts';
import { callReadTool } from '../tools/ledger.ts';
import type { AnyTool } from '../tools/tool.ts';
import type { CommandContext } from './command.ts';
import { ownStack } from './own-stack.ts';

export const readMessages = messages('read_commands', {
  answered: 'That was answered already. Type the command again to see it again.',
});

/**
 * Runs a look-up for a command as the ledger runs it for the model, and gives the whole output (the row keeps 8 KB of it). `key`
 * tells two look-ups of one interaction apart. Throws UserError with what failed.
 */
export async function runReadTool<Output, Extras extends object>(
  context: CommandContext,
  interaction: Pick<BaseInteraction, 'id'>,
  request: { tool: AnyTool<Output, Extras>; input: object; extras?: Partial<Extras>; key?: string },
): Promise<Output> {
  const { tool, key = tool.name } = request;
  const { outcome, output } = await callReadTool(context.ledger, {
    ...request,
    stack: await ownStack(context),
    chatId: null,
    messageId: null,
    dedupeKey: `${key}:${interaction.id}`,
    signal: context.signal,
  });
  if (outcome.status !== 'succeeded') throw new UserError(() => outcome.error);
  if (output === null) throw new UserError((say) => say(readMessages.answered));
  return output;
}
