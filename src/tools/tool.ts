import type { z } from 'zod';
import type { ServiceName } from '../services/registry.ts';
import type { FollowOptions, Progress } from './progress.ts';
import type { Stack } from './stack.ts';

/** `read` runs at once; `write` and `destroy` wait for the person's press. */
export type ToolEffect = 'read' | 'write' | 'destroy';

/** What a call that was cut off turned out to be when the server was asked: see ledger.ts. */
export type Verdict = 'happened' | 'did_not_happen' | 'unknown';

export type RunOptions = { signal: AbortSignal };

type Definition<Name extends string, Input extends z.ZodType, Output> = {
  name: Name;
  /** For the model: what it does and when to use it. */
  description: string;
  /** The tool is there when the person has any one of these enabled. */
  services: readonly ServiceName[];
  input: Input;
  /** Shown while it runs: "Searching Radarr". */
  activity: string;
  run(stack: Stack, input: z.output<Input>, options: RunOptions): Promise<Output>;
};

type PressDefinition<Name extends string, Input extends z.ZodType, Output> = Definition<Name, Input, Output> & {
  effect: 'write' | 'destroy';
  /** Asks the server whether a call that was cut off took effect. Never acts. */
  verify(stack: Stack, input: z.output<Input>, options: RunOptions): Promise<Verdict>;
  /** For what takes its time after the call: how far it has come. Null when nothing comes of this input. Never acts. */
  progress?(stack: Stack, input: z.output<Input>, options: FollowOptions): Promise<Progress | null>;
};

/** What the ledger needs of any tool: input from a row or the model is checked before it runs. */
export type AnyTool = {
  name: string;
  description: string;
  services: readonly ServiceName[];
  input: z.ZodType;
  activity: string;
  effect: ToolEffect;
  /** Parses `input` (throws ZodError) and runs. */
  call(stack: Stack, input: unknown, options: RunOptions): Promise<unknown>;
  /** Parses `input` and asks whether it happened; a read never changes anything. */
  check(stack: Stack, input: unknown, options: RunOptions): Promise<Verdict>;
  /** Parses `input` and asks how far it has come; null for a tool that is over when it has run. */
  follow: ((stack: Stack, input: unknown, options: FollowOptions) => Promise<Progress | null>) | null;
};

/** Makes a tool that only looks, and so runs at once. */
export function defineReadTool<Name extends string, Input extends z.ZodType, Output>(
  definition: Definition<Name, Input, Output>,
) {
  return {
    ...definition,
    effect: 'read' as const,
    call: (stack: Stack, input: unknown, options: RunOptions) =>
      definition.run(stack, definition.input.parse(input), options),
    check: async (): Promise<Verdict> => 'did_not_happen',
    follow: null,
  };
}

/** Makes a tool that changes something, and so waits for a press. */
export function definePressTool<Name extends string, Input extends z.ZodType, Output>(
  definition: PressDefinition<Name, Input, Output>,
) {
  const { progress } = definition;
  return {
    ...definition,
    call: (stack: Stack, input: unknown, options: RunOptions) =>
      definition.run(stack, definition.input.parse(input), options),
    check: (stack: Stack, input: unknown, options: RunOptions) =>
      definition.verify(stack, definition.input.parse(input), options),
    follow:
      progress === undefined
        ? null
        : (stack: Stack, input: unknown, options: FollowOptions) =>
            progress(stack, definition.input.parse(input), options),
  };
}
