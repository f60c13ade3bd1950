import type { APIApplicationCommandOptionChoice, AutocompleteInteraction } from 'discord.js';
import { UserError } from '../../errors.ts';
import { namelessMessages } from '../../services/titles.ts';
import { findInLibrary, findWholeLibrary, type Library, withWords } from '../../tools/library/find-in-library.ts';
import { rowTitle } from '../../tools/library/row-words.ts';
import { oneLine } from '../cards/server-text.ts';
import type { CommandContext } from '../command.ts';
import { LookUps, normaliseTerm } from '../look-ups.ts';
import { ownStack } from '../own-stack.ts';

const shortestTerm = 2;
const mostChoices = 25;
/** No term that is typed: Radarr and Sonarr only give their whole library, which serves every term. */
const everything = '';

type Suggestion = Pick<Library['titles'][number], 'title' | 'year' | 'item'>;

/** Titles of the library by person and term; their keys are the ids of people, so they belong to no one database. */
const libraryLookUps = new LookUps<Suggestion>();

/** Titles of the library for what is typed so far. */
export async function completeLibrary(
  interaction: AutocompleteInteraction,
  context: CommandContext,
): Promise<APIApplicationCommandOptionChoice[]> {
  const term = normaliseTerm(interaction.options.getFocused());
  if ([...term].length < shortestTerm) return [];
  const userId = context.user.id;
  const stack = await ownStack(context);
  const options = { signal: context.signal };
  const found = stack.has('jellyfin')
    ? await libraryLookUps.find({ userId, term }, async () => keepable(await findInLibrary(stack, term, options)))
    : await libraryLookUps.find({ userId, term: everything }, async () =>
        keepable(await findWholeLibrary(stack, options)),
      );
  const fitting = stack.has('jellyfin') ? (found ?? []) : withWords(found ?? [], term, ({ title }) => title);
  const untitled = context.say(namelessMessages.title);
  const names = fitting.map((row) => {
    const title = rowTitle(row, context.say);
    const year = row.year === null ? '' : ` (${row.year})`;
    return { name: oneLine(`${oneLine(title, 90) || untitled}${year}`, 100), value: oneLine(title, 100) || untitled };
  });
  return [...new Map(names.map((choice) => [choice.value, choice])).values()].slice(0, mostChoices);
}

/** What a cache may keep: an answer that is empty because a server failed is none. */
function keepable({ titles, problems }: Library): Suggestion[] {
  const [problem] = problems;
  if (titles.length === 0 && problem !== undefined) throw new UserError(problem);
  return titles.map(({ title, year, item }) => ({ title, year, item }));
}
