import type { APIComponentInContainer } from 'discord.js';
import type { z } from 'zod';
import type { User } from '../../db/schema.ts';
import { UserError } from '../../errors.ts';
import type { Title } from '../../services/titles.ts';
import type { Stack } from '../../tools/stack.ts';
import { type RequestDefaults, requestDefaultsOf } from './request-defaults.ts';

/** What is shown at the top of a card; a title that is known by name only has the rest empty. */
export type CardTitle = Pick<Title, 'title' | 'year' | 'posterUrl'>;

type CardView<Input, Details> = { callId: string; input: Input; details: Details; page: number };

/** One choice on a card: a select's values, none for a button. `page` is the page of the seasons that was shown. */
export type CardChange = { field: string; values: readonly string[]; page: number };

type Words = {
  /** While the call runs: "Requesting…". */
  busy: string;
  /** The name of the server that is asked. */
  server: string;
};

/** How the input of one tool that needs a press looks and is changed. */
type ToolCard<Input extends z.ZodType, Details extends { title: CardTitle }> = {
  input: Input;
  words: Words;
  /** Asks the server for what the card shows. Throws ServiceError, or UserError when there is no such title. */
  load(stack: Stack, input: z.output<Input>, options: { signal: AbortSignal }): Promise<Details>;
  /** Fills in what is not chosen yet, so that what the card shows is what a press does. */
  prepare(input: z.output<Input>, details: Details, defaults: RequestDefaults): z.output<Input>;
  render(view: CardView<z.output<Input>, Details>): APIComponentInContainer[];
  /** The input after a choice on the card. Throws UserError when that choice is no longer there. */
  change(input: z.output<Input>, change: CardChange, details: Details): z.output<Input>;
  /** What to remember for the person's next request. */
  remember(input: z.output<Input>, details: Details): RequestDefaults;
};

/** A card whose details are there: it can be shown and changed without asking the server again. */
export type LoadedCard = {
  title: CardTitle;
  /** Input comes from a row or the model, so each of these checks it first (ZodError). */
  prepare(input: unknown, user: Pick<User, 'preferences'>): unknown;
  render(view: { callId: string; input: unknown; page: number }): APIComponentInContainer[];
  change(input: unknown, change: CardChange): unknown;
  remember(input: unknown): RequestDefaults;
};

/** What the registry keeps of any card. */
export type AnyCard = {
  words: Words;
  load(stack: Stack, input: unknown, options: { signal: AbortSignal }): Promise<LoadedCard>;
};

/** Makes a card; `bind` is for those who have the details already. */
export function defineCard<Input extends z.ZodType, Details extends { title: CardTitle }>(
  card: ToolCard<Input, Details>,
) {
  const bind = (details: Details): LoadedCard => ({
    title: details.title,
    prepare: (input, user) => card.prepare(card.input.parse(input), details, requestDefaultsOf(user)),
    render: ({ callId, input, page }) => card.render({ callId, input: card.input.parse(input), details, page }),
    change: (input, change) => card.change(card.input.parse(input), change, details),
    remember: (input) => card.remember(card.input.parse(input), details),
  });
  return {
    words: card.words,
    /** The details by themselves, for a caller that must look at them before it chooses a card. */
    details: card.load,
    bind,
    load: async (stack: Stack, input: unknown, options: { signal: AbortSignal }) =>
      bind(await card.load(stack, card.input.parse(input), options)),
  };
}

/** For a choice that the card does not have, or no longer. */
export function choiceIsGone(): never {
  throw new UserError('That choice is no longer there. Choose another one, or start again with `/request`.');
}
