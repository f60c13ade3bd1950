import type { Json } from '../protocol.ts';
import { objects, text } from './json.ts';
import { store } from './store.ts';

export type Option = {
  name: string;
  description: string;
  type: number;
  isRequired: boolean;
  hasAutocomplete: boolean;
  /** Fixed choices, also of options whose type has them by itself. */
  choices: { name: string; value: string | number | boolean }[];
};
export type Command = { name: string; description: string; options: Option[] };

const subcommand = 1;
const group = 2;
const typeNames: Record<number, string> = {
  3: 'text',
  4: 'whole number',
  5: 'yes or no',
  6: 'person',
  7: 'channel',
  8: 'role',
  9: 'person or role',
  10: 'number',
  11: 'file',
};

/** What a person may type after "/" in the open channel, subcommands one by one. */
export function offeredCommands(): Command[] {
  const isDm = store.channels.find((channel) => channel.id === store.channelId)?.recipientId != null;
  return store.commands
    .filter((command) => Number(command.type ?? 1) === 1)
    .filter((command) => !Array.isArray(command.contexts) || command.contexts.includes(isDm ? 1 : 0))
    .flatMap((command) => leaves(command, ''));
}

function leaves(node: Json, before: string): Command[] {
  const name = `${before}${text(node.name)}`;
  const options = objects(node.options);
  const inner = options.filter((option) => option.type === subcommand || option.type === group);
  if (inner.length > 0) return inner.flatMap((option) => leaves(option, `${name} `));
  return [{ name, description: text(node.description), options: options.map(optionOf) }];
}

function optionOf(option: Json): Option {
  const type = Number(option.type);
  return {
    name: text(option.name),
    description: text(option.description),
    type,
    isRequired: option.required === true,
    hasAutocomplete: option.autocomplete === true,
    choices: choicesOf(option, type),
  };
}

function choicesOf(option: Json, type: number): Option['choices'] {
  if (type === 5)
    return [
      { name: 'True', value: true },
      { name: 'False', value: false },
    ];
  if (type === 6 || type === 9) return store.people.map((person) => ({ name: person.name, value: person.id }));
  if (type === 7)
    return store.channels
      .filter((channel) => channel.recipientId === null)
      .map((channel) => ({ name: `#${channel.name}`, value: channel.id }));
  return objects(option.choices).flatMap(({ name, value }) =>
    typeof value === 'string' || typeof value === 'number' ? [{ name: text(name), value }] : [],
  );
}

export function typeName(option: Option): string {
  return typeNames[option.type] ?? 'text';
}

/** Commands whose words begin as typed first, then those that contain it. */
export function filterCommands(commands: readonly Command[], typed: string): Command[] {
  const wanted = typed.trim().toLowerCase().replace(/\s+/g, ' ');
  const rank = ({ name, description }: Command) =>
    name.startsWith(wanted) ? 0 : name.includes(wanted) ? 1 : description.toLowerCase().includes(wanted) ? 2 : 3;
  return commands.filter((command) => rank(command) < 3).toSorted((a, b) => rank(a) - rank(b));
}

/** An option's value as it is sent, or why it cannot be. */
export function valueFor(
  option: Option,
  typed: { shown: string; value: string | number | boolean | null },
): { value: string | number | boolean } | { fault: string } {
  if (typed.value !== null) return { value: typed.value };
  if (option.choices.length > 0) {
    const found = option.choices.find((choice) => choice.name.toLowerCase() === typed.shown.trim().toLowerCase());
    return found === undefined ? { fault: 'is not one of the choices' } : { value: found.value };
  }
  if (option.type !== 4 && option.type !== 10) return { value: typed.shown };
  const number = Number(typed.shown);
  const isRight =
    typed.shown.trim() !== '' && (option.type === 4 ? Number.isSafeInteger(number) : Number.isFinite(number));
  return isRight ? { value: number } : { fault: `takes a ${typeName(option)}` };
}
