import {
  ApplicationCommandOptionType,
  ApplicationIntegrationType,
  type ChatInputCommandInteraction,
  InteractionContextType,
} from 'discord.js';
import { UserError } from '../errors.ts';
import { described } from '../languages/localizations.ts';
import { messages, type Say, type Saying, sayInEnglish } from '../messages.ts';
import { getRecentlyAdded } from '../tools/library/get-recently-added.ts';
import { searchLibrary } from '../tools/library/search-library.ts';
import type { Stack } from '../tools/stack.ts';
import { getContinueWatching } from '../tools/watching/get-continue-watching.ts';
import { getSessions } from '../tools/watching/get-sessions.ts';
import { oneLine } from './cards/server-text.ts';
import type { Command, CommandContext } from './command.ts';
import { completeLibrary } from './library/autocomplete.ts';
import { loadPosters } from './library/posters.ts';
import { libraryPlayingView, libraryRecentView, librarySearchView } from './library/view.ts';
import { ownStack } from './own-stack.ts';
import { runReadTool } from './run-read-tool.ts';
import { saveExchange } from './save-exchange.ts';
import { noWords } from './typed-title.ts';

export const libraryDefinition = messages('library_definition', {
  yourLibrarySearchIt: 'Your library: search it, what is new, who is watching',
  searchYourLibraryFor: 'Search your library for a film or series',
  wordsOfTheTitle: 'Words of the title',
  recentlyAddedTitlesAnd: 'Recently added titles, and your “Continue watching”',
  whoIsWatchingWhat: 'Who is watching what in Jellyfin now',
});

export const libraryMessages = messages('library_command', {
  whoAreYou: 'To see “Continue watching” here, choose your Jellyfin user: `/services test service: Jellyfin`.',
  notSetUp: 'You have not set up Jellyfin, Radarr or Sonarr. `/services configure` adds one.',
  notLoaded: '“Continue watching” could not be loaded. Try again in a minute.',
});

/** `/library search|recent|playing`: the library, what is new in it, and who is watching. */
export const library: Command = {
  definition: {
    name: 'library',
    ...described(libraryDefinition.yourLibrarySearchIt),
    integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM, InteractionContextType.PrivateChannel],
    options: [
      {
        type: ApplicationCommandOptionType.Subcommand,
        name: 'search',
        ...described(libraryDefinition.searchYourLibraryFor),
        options: [
          {
            type: ApplicationCommandOptionType.String,
            name: 'query',
            ...described(libraryDefinition.wordsOfTheTitle),
            required: true,
            max_length: 100,
            autocomplete: true,
          },
        ],
      },
      {
        type: ApplicationCommandOptionType.Subcommand,
        name: 'recent',
        ...described(libraryDefinition.recentlyAddedTitlesAnd),
      },
      {
        type: ApplicationCommandOptionType.Subcommand,
        name: 'playing',
        ...described(libraryDefinition.whoIsWatchingWhat),
      },
    ],
  },
  acknowledge: () => 'private-reply',
  run: (interaction, context) => {
    switch (interaction.options.getSubcommand()) {
      case 'recent':
        return recent(interaction, context);
      case 'playing':
        return playing(interaction, context);
      default:
        return search(interaction, context);
    }
  },
  autocomplete: completeLibrary,
};

async function search(interaction: ChatInputCommandInteraction, context: CommandContext): Promise<void> {
  const query = oneLine(interaction.options.getString('query', true), 100);
  if (query === '') throw noWords();
  const stack = await libraryStack(context);
  const { problems, extras } = withProblems();
  const { titles } = await runReadTool(context, interaction, { tool: searchLibrary, input: { query }, extras });
  const posters = await loadPosters(context, stack, titles);
  const view = (say: Say) => librarySearchView(query, { titles, problems, posters, say });
  await show(interaction, context, { view, commandText: `/library search query: ${query}` });
}

async function recent(interaction: ChatInputCommandInteraction, context: CommandContext): Promise<void> {
  const stack = await libraryStack(context);
  const { problems, extras } = withProblems();
  const [{ titles }, begun] = await Promise.all([
    runReadTool(context, interaction, { tool: getRecentlyAdded, input: {}, extras }),
    continueWatching(interaction, context, stack),
  ]);
  const posters = await loadPosters(context, stack, titles);
  const view = (say: Say) => libraryRecentView({ titles, problems, posters, say }, begun);
  await show(interaction, context, { view, commandText: '/library recent' });
}

async function playing(interaction: ChatInputCommandInteraction, context: CommandContext): Promise<void> {
  const found = await runReadTool(context, interaction, { tool: getSessions, input: {}, extras: { forPeople: true } });
  const view = (say: Say) => libraryPlayingView({ ...found, say });
  await show(interaction, context, { view, commandText: '/library playing' });
}

/** What a list asks for besides: what is for people, and each problem before it is said. */
function withProblems() {
  const problems: Saying[] = [];
  return { problems, extras: { forPeople: true, onProblem: (problem: Saying) => void problems.push(problem) } };
}

/** Shows it in the words of whoever reads it, and keeps it in English for the model. */
async function show(
  interaction: ChatInputCommandInteraction,
  context: CommandContext,
  { view, commandText }: { view: (say: Say) => ReturnType<typeof librarySearchView>; commandText: string },
): Promise<void> {
  await interaction.editReply(view(context.say).message);
  const { words } = view(sayInEnglish);
  await saveExchange(context, { interaction, commandText, parts: [{ type: 'text', text: words }] });
}

/** The person's servers, of which at least one has a library. */
async function libraryStack(context: CommandContext): Promise<Stack> {
  const stack = await ownStack(context);
  if (searchLibrary.services.some((service) => stack.has(service))) return stack;
  throw new UserError((say) => say(libraryMessages.notSetUp));
}

/** “Continue watching” is an extra: when it cannot be loaded, the list of new titles is still shown. */
async function continueWatching(
  interaction: ChatInputCommandInteraction,
  context: CommandContext,
  stack: Stack,
): Promise<Parameters<typeof libraryRecentView>[1]> {
  if (!stack.has('jellyfin')) return { begun: [], hint: null };
  if (!stack.get('jellyfin').hasUser) return { begun: [], hint: (say) => say(libraryMessages.whoAreYou) };
  try {
    const extras = { forPeople: true };
    const { titles } = await runReadTool(context, interaction, { tool: getContinueWatching, input: {}, extras });
    return { begun: titles, hint: null };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { begun: [], hint: (say) => say(libraryMessages.notLoaded) };
  }
}
