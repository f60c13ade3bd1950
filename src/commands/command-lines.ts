import { ApplicationCommandOptionType } from 'discord.js';
import type { Command } from './command.ts';

/** What a person can type of a command, a line each: "`/request movie`: Request a film". */
export function commandLines(definition: Command['definition'], locale: string | null): string[] {
  return typedForms(definition, locale).map(({ typed, description }) => `\`${typed}\`: ${description}`);
}

/** A command as it is typed: itself, or each of its subcommands. */
export function typedForms(definition: Command['definition'], locale: string | null = null) {
  const { name, options = [] } = definition;
  const subcommands = options.filter(({ type }) => type === ApplicationCommandOptionType.Subcommand);
  if (subcommands.length === 0) return [{ typed: `/${name}`, description: descriptionIn(definition, locale) }];
  return subcommands.map((sub) => ({ typed: `/${name} ${sub.name}`, description: descriptionIn(sub, locale) }));
}

type Described = { description?: string; description_localizations?: Partial<Record<string, string | null>> | null };

function descriptionIn(
  { description = '', description_localizations: localized }: Described,
  locale: string | null,
): string {
  return (locale === null ? null : localized?.[locale]) ?? description;
}
