import type { z } from 'zod';
import { withoutMarks } from './bounded-output.ts';

/**
 * What stands in the slots of a sentence; `speed` is in kB a second. A sentence is written in parts: a `word|or another`, a `{slot}`, and `[words that may be
 * missing]`: "get [me] the film|movie {title}".
 */
export type Slots = { title: string; torrent: string; year: number; seasons: number[]; speed: number };
export type SlotName = keyof Slots;

/** What stands in a slot when a sentence is shown as an example. */
const slotExamples: Record<SlotName, string> = {
  title: 'Dune',
  torrent: 'debian',
  year: '1984',
  seasons: '1',
  speed: '500 kB/s',
};

/** What a sentence is about, besides what stands in its slots, for a look-up to ask for or to choose by. */
export type About = {
  kind: 'movie' | 'series';
  /** Of requests: everybody's, and in which state. */
  everybody: boolean;
  filter: 'pending';
};

/** What is known of what a person wants when something is looked up for it. */
export type Known = Readonly<Partial<Slots & About>>;

/** What a sentence cannot say, such as an id: the operation that tells it, and by what name. */
type Telling = { lookUp: string; tells: string };

/** Where a field of an input comes from: the first of these that is known. */
export type Source<Value> = {
  origins: readonly (SlotName | keyof About | Telling)[];
  /** For the types alone: it is compared with the field. */
  gives?: Value;
};

/** An operation that tells others what their sentences cannot say. */
type LookUp<Told extends object> = { name: string; sentences: AnyReadSentences<Told> };

/** The field has what stands in the slot. */
export function slot<Name extends SlotName>(name: Name): Source<Slots[Name]> {
  return { origins: [name] };
}

/** The field has what the sentence is about. */
export function about<Name extends keyof About>(name: Name): Source<About[Name]> {
  return { origins: [name] };
}

/** The field has what a look-up tells under that name. Look-ups are asked in the order of an input's fields. */
export function told<Told extends object, Name extends keyof Told & string>(
  { name: lookUp }: LookUp<Told>,
  name: Name,
): Source<NonNullable<Told[Name]>> {
  return { origins: [{ lookUp, tells: name }] };
}

/** The field has what the first source gives, and else what the second does. */
export function either<Value>(first: Source<Value>, second: Source<Value>): Source<Value> {
  return { origins: [...first.origins, ...second.origins] };
}

type Examples = Readonly<Partial<Record<SlotName, string>>>;

/** Sentences that mean the same. */
type Phrase<Input> = {
  says: readonly [string, ...string[]];
  /** The fields that these sentences fix, whatever stands in their slots. */
  means?: Readonly<Partial<Input>>;
  /** What they say besides, for a look-up to choose by. */
  about?: Known;
  /** They are about the last call of this operation in the conversation, and so about its input. */
  recalls?: string;
  /** What their examples say in a slot, where the operation's are of another kind. */
  example?: Examples;
};

/**
 * The sentences that ask for an operation, and the input that they mean. A sentence that stands at several operations means the first of
 * them that the person's servers offer and that finds something.
 */
export type Sentences<Input> = {
  /** The first sentence is shown as its example. */
  phrases: readonly [Phrase<Input>, ...Phrase<Input>[]];
  /** Where each field comes from that the phrases do not fix. */
  input: { readonly [Field in keyof Input]: Source<NonNullable<Input[Field]>> };
  /** What the examples say in a slot, where the slot's own example is of another kind. */
  example?: Examples;
};

/** Those of an operation that only looks. */
export type ReadSentences<Input, Output, Told extends object> = Sentences<Input> & {
  /** What is said of its result by who has no words of their own: the playground's model. */
  answer(output: Output): string;
  /** What its result tells of what is wanted; null when that is not there. */
  tells?(output: Output, known: Known): Told | null;
};

/** The sentences of any operation. */
export type AnySentences = {
  phrases: readonly (Omit<Phrase<unknown>, 'means'> & { means?: unknown })[];
  input: { readonly [field: string]: Source<unknown> };
  example?: Examples;
};

/** Those of any operation that only looks: its result may have been stored, or cut on its way to a model. */
type AnyReadSentences<Told extends object> = AnySentences & {
  answer(result: unknown): string;
  tells: ((result: unknown, known: Known) => Told | null) | undefined;
};

/** The sentences of an operation that only looks, for a reader who does not know its output. */
export function anyReadSentences<Input, Output extends z.ZodType, Told extends object>(
  schema: Output,
  { answer, tells, ...sentences }: ReadSentences<Input, z.output<Output>, Told>,
): AnyReadSentences<Told> {
  const read = (result: unknown) => schema.safeParse(withoutMarks(result));
  return {
    ...sentences,
    answer(result) {
      const { success, data } = read(result);
      return success ? answer(data) : 'It has answered with more than I can tell here.';
    },
    tells:
      tells &&
      ((result, known) => {
        const { success, data } = read(result);
        return success ? tells(data, known) : null;
      }),
  };
}

/** A sentence with slots, how it may be said (the shortest form first), and the operation that it must come after. */
type Example = { template: string; forms: string[]; recalls: string | undefined };

/** Every sentence of an operation, with its slots filled. */
export function examplesOf({ sentences }: { sentences: AnySentences }): Example[] {
  return sentences.phrases.flatMap(({ says, recalls, example = sentences.example }) =>
    says.map((template) => ({ template, forms: formsOf(template, example), recalls })),
  );
}

/** The sentence that stands for an operation in a list of what can be said. */
export function exampleOf({ sentences: { phrases, example } }: { sentences: AnySentences }): string {
  const [first] = phrases.flatMap(({ says, example: own = example }) => says.map((template) => formsOf(template, own)));
  return first?.[0] ?? '';
}

type Offered = { effect: string; services: readonly string[]; sentences: AnySentences };

/**
 * A few different sentences that show what can be said to somebody who is offered these operations: what first changes something on
 * each server, at most two of them, and then what looks, beginning with what looks at several servers.
 */
export function fewExamples(offered: readonly Offered[], most: number): string[] {
  const changing = offered.filter(({ effect }) => effect !== 'read');
  const firsts = changing.filter(
    ({ services }, index) => changing.findIndex((other) => other.services[0] === services[0]) === index,
  );
  const looking = offered.filter(({ effect }) => effect === 'read');
  const several = looking.toSorted((a, b) => Number(b.services.length > 1) - Number(a.services.length > 1));
  return [...new Set([...firsts.slice(0, 2), ...several].map(exampleOf))].slice(0, most);
}

/** The parts of a sentence with slots, in order. */
export function partsOf(template: string): { words: string[]; isOptional: boolean }[] {
  return (template.match(/\[[^\]]+\]|\S+/g) ?? []).map((part) =>
    part.startsWith('[')
      ? { words: part.slice(1, -1).split(' '), isOptional: true }
      : { words: [part], isOptional: false },
  );
}

/** The slot that a word of a sentence is; null for another word. Throws for one that does not exist. */
export function slotIn(word: string): SlotName | null {
  const name = /^\{(\w+)\}$/.exec(word)?.[1];
  if (name === undefined) return null;
  if (!isSlotName(name)) throw new Error(`no slot is called ${name}`);
  return name;
}

function isSlotName(name: string): name is SlotName {
  return Object.hasOwn(slotExamples, name);
}

/** The sentence as it may be said: its shortest form first, then such that every word of it is said once. */
export function formsOf(template: string, examples: Examples = {}): string[] {
  const parts = partsOf(template);
  const most = Math.max(...parts.flatMap(({ words }) => words.map((word) => word.split('|').length)));
  const spoken = (word: string, turn: number) => {
    const name = slotIn(word);
    if (name !== null) return examples[name] ?? slotExamples[name];
    const choices = word.split('|');
    return choices[turn % choices.length] ?? word;
  };
  const said = (turn: number, isLong: boolean) =>
    parts
      .filter(({ isOptional }) => isLong || !isOptional)
      .flatMap(({ words }) => words.map((word) => spoken(word, turn)))
      .join(' ');
  const turns = Array.from({ length: most }, (_, turn) => turn);
  return [...new Set([said(0, false), ...turns.map((turn) => said(turn, true))])];
}
