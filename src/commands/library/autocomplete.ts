import type { APIApplicationCommandOptionChoice, AutocompleteInteraction } from 'discord.js';
import { searchLibrary } from '../../tools/library.ts';
import { openStack } from '../../tools/stack.ts';
import { oneLine } from '../cards/server-text.ts';
import type { CommandContext } from '../command.ts';
import { LookUps, normaliseTerm } from '../look-ups.ts';

const shortestTerm = 2;
const mostChoices = 25;

/** Titles of the library by person and term; their keys are the ids of people, so they belong to no one database. */
const libraryLookUps = new LookUps<{ title: string; year: number | null }>();

/** Titles of the library for what is typed so far. */
export async function completeLibrary(
  interaction: AutocompleteInteraction,
  context: CommandContext,
): Promise<APIApplicationCommandOptionChoice[]> {
  const term = normaliseTerm(interaction.options.getFocused());
  if ([...term].length < shortestTerm) return [];
  const stack = await openStack(context, { actorId: context.user.id, ownerId: context.user.id });
  if (!searchLibrary.services.some((service) => stack.has(service))) return [];
  const found = await libraryLookUps.find({ userId: context.user.id, term }, async () => {
    return (await searchLibrary.run(stack, { query: term }, { signal: context.signal })).titles;
  });
  const names = (found ?? []).map(({ title, year }) => ({
    name: `${oneLine(title, 90) || 'Untitled'}${year === null ? '' : ` (${year})`}`,
    value: oneLine(title, 100) || 'Untitled',
  }));
  return [...new Map(names.map((choice) => [choice.value, choice])).values()].slice(0, mostChoices);
}
