import { openStack, ownServers, type Stack } from '../tools/stack.ts';
import type { CommandContext } from './command.ts';

/** The person's own servers as they were when the event came. Use it only for a command's first look-up, before any waiting. */
export function ownStack(context: CommandContext): Promise<Stack> {
  return openStack(context.ledger, context.caller, ownServers(context.arrival.configs));
}
