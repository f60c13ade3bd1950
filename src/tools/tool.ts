import type { z } from 'zod';
import type { Message, MessageTable, Say } from '../messages.ts';
import { type ServiceName, serviceDefinitions } from '../services/registry.ts';
import type { Choice } from './choices.ts';
import { type OutcomeWriters, outcomeWords } from './outcome-words.ts';
import type { RequestDefaults } from './preferences.ts';
import type { CardTitle, LoadedCall, Preview } from './preview.ts';
import type { FollowOptions, Progress } from './progress.ts';
import { type AnySentences, anyReadSentences, type ReadSentences, type Sentences } from './sentences.ts';
import type { Stack } from './stack.ts';

/** `read` runs at once; `write` and `destroy` wait for the person's press. */
export type ToolEffect = 'read' | 'write' | 'destroy';

/** What the server says about a call that was cut off: whether it took effect. Used by ledger.ts. */
export type Verdict = 'happened' | 'did_not_happen' | 'unknown';

export type RunOptions = { signal: AbortSignal };

/** For one that is rarely asked for: the tool for the model in which it is one of several actions. */
type ModelAction = { tool: string; action: string };

/** What every operation says, whoever asked for it. */
type ReadWords = MessageTable & {
  /** Shown while it runs: "Searching Radarr". */
  activity: Message;
};

/** What one that waits for a press says besides. */
type PressWords = ReadWords & {
  /** The button that does it: "Request". */
  button: Message;
  /** On its card while it runs: "Requesting…". */
  busy: Message;
};

type Definition<Name extends string, Words extends ReadWords, Input extends z.ZodType, Output extends z.ZodType> = {
  name: Name;
  /** For the model: what it does and when to use it. */
  description: string;
  /** The tool is there when the person has any one of these enabled. */
  services: readonly [ServiceName, ...ServiceName[]];
  input: Input;
  /** What `run` gives; rows of the ledger are read with it too. */
  output: Output;
  /** What it says to people; its subject is the operation's name. */
  words: Words;
  model?: ModelAction;
};

type ReadDefinition<
  Name extends string,
  Words extends ReadWords,
  Input extends z.ZodType,
  Output extends z.ZodType,
  Extras extends object,
  Told extends object,
> = Definition<Name, Words, Input, Output> & {
  /** The sentences that ask for it, the input that they mean, and what is said of what it finds. */
  sentences: ReadSentences<z.output<Input>, z.output<Output>, Told>;
  /** `extras` is what a command has or wants besides the input; the model gives none. */
  run(stack: Stack, input: z.output<Input>, options: RunOptions, extras: Partial<Extras>): Promise<z.output<Output>>;
};

/** How a call ended: a union on `result`, whose members hold what their words need. */
type OutcomeSchema = z.ZodType<{ result: string }>;

/** What the server says of the thing that a call is about, with what to call that thing. */
type AnyDetails = { title: CardTitle };

type PressDefinition<
  Name extends string,
  Words extends PressWords,
  Input extends z.ZodType,
  Output extends OutcomeSchema,
  Details extends AnyDetails,
> = Definition<Name, Words, Input, Output> & {
  effect: 'write' | 'destroy';
  /** The sentences that ask for it, and the input that they mean. */
  sentences: Sentences<z.output<Input>>;
  /** Of several services, the one that a call acts on; the first without it. */
  actsOn?(input: z.output<Input>): ServiceName;
  run(stack: Stack, input: z.output<Input>, options: RunOptions): Promise<z.output<Output>>;
  /** For what is known to take long, all its calls together: at most 120,000 ms. Its card says that it runs, and stops it. */
  slow?: { limitMs: number };
  /** Asks the server whether a call that was cut off took effect. Never acts. */
  verify(stack: Stack, input: z.output<Input>, options: RunOptions): Promise<Verdict>;
  /** Asks the server for what the card shows. Throws ServiceError, or UserError when what is meant is not there. */
  load(stack: Stack, input: z.output<Input>, options: RunOptions): Promise<Details>;
  /** Fills in what the person has not chosen, because a press does exactly what the card shows. */
  fillIn?(input: z.output<Input>, details: Details, defaults: RequestDefaults): z.output<Input>;
  /** What a press will do. */
  preview(input: z.output<Input>, details: Details, say: Say): Preview;
  /** What the person may choose on the card. */
  choices?(input: z.output<Input>, details: Details, say: Say): readonly Choice<z.output<Input>>[];
  /** What to remember for the person's next request. */
  remember?(input: z.output<Input>, details: Details): RequestDefaults;
  /** The line that says how it ended, for each result. */
  done: OutcomeWriters<z.output<Output>>;
  /** For what takes its time after the call. */
  progress?: {
    /** The results after which something comes. */
    after: readonly z.output<Output>['result'][];
    /** How far it has come. Null when nothing comes of this input. Never acts. */
    look(stack: Stack, input: z.output<Input>, options: FollowOptions): Promise<Progress | null>;
    /** What it is the progress of, where the title does not say it: "seasons 1, 2". */
    subject?(outcome: z.output<Output>, say: Say): string;
  };
};

/** How far a call has come, of whichever tool: outputs of rows may be of another version. */
type AnyProgress = {
  /** Whether something comes after that end. What the ledger found done on the server may. */
  comesOf(output: unknown): boolean;
  look(stack: Stack, input: unknown, options: FollowOptions): Promise<Progress | null>;
  /** Empty where there is nothing to say. */
  subject(output: unknown, say: Say): string;
};

/** What the ledger and the model need of any tool: input from a row or the model is checked before it runs. */
export type AnyTool<Output = unknown, Extras extends object = object> = {
  name: string;
  description: string;
  services: readonly ServiceName[];
  input: z.ZodType;
  output: z.ZodType<Output>;
  words: ReadWords;
  model?: ModelAction;
  sentences: AnySentences;
  effect: ToolEffect;
  /** The services that a call acts on; for a read, those that it asks where the person has them. */
  actsOn(input: unknown): readonly ServiceName[];
  /** Null for a tool that must end within the time that any answer has. */
  slow: { limitMs: number } | null;
  /** Parses `input` (throws ZodError) and runs. */
  run(stack: Stack, input: unknown, options: RunOptions, extras?: Partial<Extras>): Promise<Output>;
  /** Parses `input` and asks whether it happened; a read never changes anything. */
  verify(stack: Stack, input: unknown, options: RunOptions): Promise<Verdict>;
};

/** What the cards need besides, of a tool that waits for a press. */
export type AnyPressTool = AnyTool & {
  effect: 'write' | 'destroy';
  words: PressWords;
  /** Parses `input` (throws ZodError) and asks the server for what the card shows. Throws ServiceError, UserError. */
  load(stack: Stack, input: unknown, options: RunOptions): Promise<LoadedCall>;
  /** The name of the server that a call acts on. */
  serverOf(input: unknown): string;
  /** How a call that succeeded ended, in one line; `output` is of a row, and so of any version. */
  done(output: unknown, input: unknown, say: Say): string;
  /** Null for what is over when it has run. */
  progress: AnyProgress | null;
};

/** Makes a tool that only looks, and so runs at once. */
export function defineReadTool<
  Name extends string,
  Words extends ReadWords,
  Input extends z.ZodType,
  Output extends z.ZodType,
  Extras extends object = object,
  Told extends object = Record<never, never>,
>(definition: ReadDefinition<Name, Words, Input, Output, Extras, Told>) {
  return {
    ...definition,
    sentences: anyReadSentences(definition.output, definition.sentences),
    effect: 'read' as const,
    slow: null,
    actsOn: () => definition.services,
    run: (stack: Stack, input: unknown, options: RunOptions, extras: Partial<Extras> = {}) =>
      definition.run(stack, definition.input.parse(input), options, extras),
    verify: async (): Promise<Verdict> => 'did_not_happen',
  };
}

/** Makes a tool that changes something, and so waits for a press. */
export function definePressTool<
  Name extends string,
  Words extends PressWords,
  Input extends z.ZodType,
  Output extends OutcomeSchema,
  Details extends AnyDetails,
>(definition: PressDefinition<Name, Words, Input, Output, Details>) {
  const { input: inputSchema, output: outputSchema, progress, done: writers } = definition;
  const actedOn = (input: unknown): ServiceName => {
    const parsed = inputSchema.safeParse(input);
    const service = parsed.success ? definition.actsOn?.(parsed.data) : undefined;
    return service ?? definition.services[0];
  };
  const serverOf = (input: unknown): string => serviceDefinitions[actedOn(input)].label;
  const bind = (details: Details): LoadedCall => ({
    details,
    button: definition.words.button,
    fillIn: (input, defaults) => {
      const parsed = inputSchema.parse(input);
      return definition.fillIn?.(parsed, details, defaults) ?? parsed;
    },
    preview: (input, say) => ({ title: details.title, ...definition.preview(inputSchema.parse(input), details, say) }),
    choices: (input, say) => definition.choices?.(inputSchema.parse(input), details, say) ?? [],
    remember: (input) => definition.remember?.(inputSchema.parse(input), details) ?? {},
  });
  return {
    ...definition,
    slow: definition.slow ?? null,
    actsOn: (input: unknown): readonly ServiceName[] => [actedOn(input)],
    /** The details by themselves, for a caller that must look at them before it chooses an operation. */
    details: definition.load,
    /** For those who have the details already. */
    bind,
    load: async (stack: Stack, input: unknown, options: RunOptions) =>
      bind(await definition.load(stack, inputSchema.parse(input), options)),
    run: (stack: Stack, input: unknown, options: RunOptions) =>
      definition.run(stack, inputSchema.parse(input), options),
    verify: (stack: Stack, input: unknown, options: RunOptions) =>
      definition.verify(stack, inputSchema.parse(input), options),
    serverOf,
    done: (output: unknown, input: unknown, say: Say) =>
      outcomeWords(outputSchema, writers, output, { server: serverOf(input), say }),
    progress: progress === undefined ? null : anyProgress(inputSchema, outputSchema, progress),
  };
}

function anyProgress<Input extends z.ZodType, Output extends OutcomeSchema>(
  inputSchema: Input,
  outputSchema: Output,
  progress: NonNullable<PressDefinition<string, PressWords, Input, Output, AnyDetails>['progress']>,
): AnyProgress {
  return {
    comesOf(output) {
      const parsed = outputSchema.safeParse(output);
      return !parsed.success || progress.after.includes(parsed.data.result);
    },
    look: (stack, input, options) => progress.look(stack, inputSchema.parse(input), options),
    subject(output, say) {
      const parsed = outputSchema.safeParse(output);
      return parsed.success ? (progress.subject?.(parsed.data, say) ?? '') : '';
    },
  };
}
