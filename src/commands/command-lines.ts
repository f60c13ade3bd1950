import { ApplicationCommandOptionType } from 'discord.js';
import type { Command } from './command.ts';

/** What a person can type of a command, a line each: "`/request movie`: Request a film". */
export function commandLines(definition: Command['definition']): string[] {
  return typedForms(definition).map(({ typed, description }) => `\`${typed}\`: ${description}`);
}

/** A command as it is typed: itself, or each of its subcommands. */
export function typedForms({ name, description, options = [] }: Command['definition']) {
  const subcommands = options.filter(({ type }) => type === ApplicationCommandOptionType.Subcommand);
  if (subcommands.length === 0) return [{ typed: `/${name}`, description: description ?? '' }];
  return subcommands.map((sub) => ({ typed: `/${name} ${sub.name}`, description: sub.description }));
}
