import type { OptionValue } from '../discord/typed-command.ts';
import { type Json, objects } from '../json.ts';

export type ReadCommand = {
  /** "request movie" */
  name: string;
  options: Record<string, OptionValue>;
  /** The option that was typed last. */
  last: string | null;
};

const subcommandTypes = [1, 2];
const integer = 4;
const boolean = 5;
const number = 10;

/**
 * Reads "/request movie title:dune" by what the bot registered. Text without an option's name is the first option's.
 * What the bot lacks or refuses is Discord's to say: see typed-command.ts.
 */
export function readCommand(commands: readonly Json[], text: string): ReadCommand {
  let rest = text.replace(/^\//, '').trim();
  const path: string[] = [];
  let level: readonly Json[] = commands;
  for (;;) {
    const [word = ''] = rest.split(/\s/, 1);
    const found = level.find((one) => one.name === word && (level === commands || isSubcommand(one)));
    if (found === undefined) break;
    path.push(word);
    rest = rest.slice(word.length).trimStart();
    level = objects(found.options);
  }
  // Nothing of that name: handed on as it stands, for Discord to say so.
  if (path.length === 0) return { name: rest, options: {}, last: null };
  const options = level.filter((one) => !isSubcommand(one));
  if (options.length === 0)
    return { name: [...path, ...(rest === '' ? [] : [rest])].join(' '), options: {}, last: null };
  return { name: path.join(' '), ...readOptions(options, rest) };
}

function isSubcommand(option: Json): boolean {
  return subcommandTypes.includes(Number(option.type));
}

function readOptions(known: readonly Json[], text: string): Pick<ReadCommand, 'options' | 'last'> {
  const names = known.map((option) => String(option.name));
  const starts = [...text.matchAll(new RegExp(`(?<=^|\\s)(${names.join('|')}):`, 'g'))];
  const options: Record<string, OptionValue> = {};
  let last: string | null = null;
  const take = (name: string, typed: string) => {
    const option = known.find((one) => one.name === name);
    if (option === undefined || typed === '') return;
    options[name] = typedValue(option, typed);
    last = name;
  };
  take(names[0] ?? '', text.slice(0, starts[0]?.index ?? text.length).trim());
  for (const [index, start] of starts.entries()) {
    const end = starts[index + 1]?.index ?? text.length;
    take(start[1] ?? '', text.slice(start.index + start[0].length, end).trim());
  }
  return { options, last };
}

/** A choice by its name, a number, yes or no; else the text as it was typed. */
function typedValue(option: Json, typed: string): OptionValue {
  const choice = objects(option.choices).find((one) => String(one.name).toLowerCase() === typed.toLowerCase());
  const value = choice?.value;
  if (typeof value === 'string' || typeof value === 'number') return value;
  const isNumber = option.type === integer || option.type === number;
  if (isNumber && Number.isFinite(Number(typed))) return Number(typed);
  if (option.type === boolean && /^(yes|true|no|false)$/i.test(typed)) return /^(yes|true)$/i.test(typed);
  return typed;
}
