import { examplesOf } from './match.ts';
import { operations } from './sentences.ts';

/** A sentence with slots, how it may be said (the shortest form first), and the operation that it must come after. */
type Example = { template: string; forms: string[]; recalls: string | undefined };

/** Every sentence of an operation, with its slots filled; none for one that the playground's model does not know. */
export function sentencesOf(operation: string): Example[] {
  const { phrases = [], example } = operations[operation] ?? {};
  return phrases.flatMap(({ says, recalls, example: own = example }) =>
    says.map((template) => ({ template, forms: examplesOf(template, own), recalls })),
  );
}
