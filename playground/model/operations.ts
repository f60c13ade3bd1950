import { sayInEnglish } from '../../src/messages.ts';
import { pressToolOf, type ToolName, tools } from '../../src/tools/registry.ts';
import type { AnySentences, Known } from '../../src/tools/sentences.ts';
import { isObject, type Json } from '../json.ts';

/** What the playground's model knows of an operation: what stands in the bot's own definition of it. */
export type Operation = {
  name: string;
  services: readonly string[];
  effect: string;
  /** The tool in which the model is offered it as an action; without it, it is a tool by its own name. */
  model: { tool: string; action: string } | undefined;
  sentences: AnySentences;
  /** What its result tells of what is wanted; null when that is not there. */
  tells: ((result: unknown, known: Known) => object | null) | undefined;
  /** What is said of its result. */
  says(result: unknown, input: Json): string;
};

/** Every operation by its name, in the order of the registry. */
export const operations: ReadonlyMap<string, Operation> = new Map(
  Object.values(tools).map((tool) => [tool.name, operationOf(tool)]),
);

/** What the model says of a call that ended; of one that it does not know, that it is done. */
export function resultWords({ name, input, result }: { name: string; input: Json; result: unknown }): string {
  return operations.get(name)?.says(result, input) ?? 'Done.';
}

function operationOf(tool: (typeof tools)[ToolName]): Operation {
  const { name, services, effect } = tool;
  const known = { name, services, effect, model: 'model' in tool ? tool.model : undefined, sentences: tool.sentences };
  if (tool.effect === 'read') return { ...known, tells: tool.sentences.tells, says: tool.sentences.answer };
  return { ...known, tells: undefined, says: (result, input) => pressed(name, result, input) };
}

/** After a press: what it was about, and the operation's own words for how it ended. */
function pressed(toolName: string, result: unknown, input: Json): string {
  // The ledger found it done when it asked the server afterwards: its card says how.
  if (!isObject(result) || result.result === undefined) return 'Done: the card above says how it ended.';
  const year = typeof result.year === 'number' ? ` (${result.year})` : '';
  const about = typeof result.title === 'string' ? `**${result.title}${year}** – ` : '';
  return `Done: ${about}${pressToolOf({ toolName })?.done(result, input, sayInEnglish) ?? ''}`;
}
