import type { APIApplicationCommandOptionChoice, AutocompleteInteraction } from 'discord.js';
import type { CommandContext } from '../command.ts';
import { normaliseTerm } from '../look-ups.ts';
import { ownStack } from '../own-stack.ts';
import { findTitles } from './find-titles.ts';
import { choiceName, choiceValue, choosable } from './title-choices.ts';
import { titleKindFor } from './title-kinds.ts';

const shortestTerm = 2;

/**
 * Titles for what is typed so far, with a mark on those in the library. Takes as long as the server does: if that is too long, the
 * edge answers with an empty list, and the look-up continues so that the next key finds its answer.
 */
export async function completeTitle(
  interaction: AutocompleteInteraction,
  context: CommandContext,
): Promise<APIApplicationCommandOptionChoice[]> {
  const term = normaliseTerm(interaction.options.getFocused());
  if ([...term].length < shortestTerm) return [];
  const stack = await ownStack(context);
  const kind = titleKindFor(interaction.options.getSubcommand(), stack, context.user);
  if (kind === null || !stack.has(kind.service)) return [];
  const found = await findTitles(context, { stack, kind, term });
  return choosable(found ?? []).map(({ id, title }) => ({
    name: choiceName(title, context.say),
    value: choiceValue(kind, id),
  }));
}
