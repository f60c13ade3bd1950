import type { outcomeMessages } from '../tools/outcome-words.ts';
import type { tools } from '../tools/registry.ts';

type Operations = { [Name in keyof typeof tools]: (typeof tools)[Name]['words'] };

/** Every table of messages by its subject: those of the operations, and of what else speaks to a person. */
export type Tables = Operations & {
  outcome: typeof outcomeMessages;
};
