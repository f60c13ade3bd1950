import type { z } from 'zod';
import type { ServiceName } from '../services/registry.ts';
import type { Stack } from './stack.ts';

/** `read` runs at once; `write` and `destroy` wait for the person's press. */
export const toolEffects = ['read', 'write', 'destroy'] as const;
export type ToolEffect = (typeof toolEffects)[number];

/** What a crashed call turned out to be when the server was asked: see ledger.ts. */
export type Verdict = 'happened' | 'did_not_happen' | 'unknown';

type ToolBase<Name extends string, Input extends z.ZodType, Output> = {
  name: Name;
  /** For the model: what it does and when to use it. */
  description: string;
  /** The tool is there when the person has any one of these enabled. */
  services: readonly ServiceName[];
  input: Input;
  /** Shown while it runs: "Searching Radarr". */
  activity: string;
  run(stack: Stack, input: z.output<Input>, options: { signal: AbortSignal }): Promise<Output>;
};

export type ReadTool<Name extends string, Input extends z.ZodType, Output> = ToolBase<Name, Input, Output> & {
  effect: 'read';
};

export type PressTool<Name extends string, Input extends z.ZodType, Output> = ToolBase<Name, Input, Output> & {
  effect: 'write' | 'destroy';
  /** Asks the server whether a call that was cut off took effect. Never acts. */
  verify(stack: Stack, input: z.output<Input>, options: { signal: AbortSignal }): Promise<Verdict>;
};

/** Keeps the literal name and the input's type of a tool while checking its shape. */
export function defineReadTool<Name extends string, Input extends z.ZodType, Output>(
  tool: Omit<ReadTool<Name, Input, Output>, 'effect'>,
): ReadTool<Name, Input, Output> {
  return { ...tool, effect: 'read' };
}

/** The same for a tool that changes something and so waits for a press. */
export function definePressTool<Name extends string, Input extends z.ZodType, Output>(
  tool: PressTool<Name, Input, Output>,
): PressTool<Name, Input, Output> {
  return tool;
}
