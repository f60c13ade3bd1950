import {
  ApplicationCommandOptionType,
  ApplicationIntegrationType,
  type ChatInputCommandInteraction,
  InteractionContextType,
} from 'discord.js';
import { UserError } from '../errors.ts';
import { getContinueWatching, getSessions } from '../tools/jellyfin.ts';
import { findInLibrary, findRecentlyAdded, getRecentlyAdded, searchLibrary } from '../tools/library.ts';
import { openStack, type Stack } from '../tools/stack.ts';
import { oneLine } from './cards/server-text.ts';
import type { Command, CommandContext } from './command.ts';
import { completeLibrary } from './library/autocomplete.ts';
import { loadPosters } from './library/posters.ts';
import { libraryPlayingView, libraryRecentView, librarySearchView } from './library/view.ts';
import { runReadTool } from './run-read-tool.ts';
import { saveExchange } from './save-exchange.ts';

const whoAreYou =
  'To see here what you can go on watching, say who you are in Jellyfin: `/services test service: Jellyfin`.';

/** `/library search|recent|playing`: what is there to watch, and who watches. */
export const library: Command = {
  definition: {
    name: 'library',
    description: 'What is there to watch',
    integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM, InteractionContextType.PrivateChannel],
    options: [
      {
        type: ApplicationCommandOptionType.Subcommand,
        name: 'search',
        description: 'Whether a film or series is there',
        options: [
          {
            type: ApplicationCommandOptionType.String,
            name: 'query',
            description: 'Words of the title',
            required: true,
            max_length: 100,
            autocomplete: true,
          },
        ],
      },
      {
        type: ApplicationCommandOptionType.Subcommand,
        name: 'recent',
        description: 'What came lately, and what you can go on watching',
      },
      {
        type: ApplicationCommandOptionType.Subcommand,
        name: 'playing',
        description: 'Who is watching what in Jellyfin now',
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
  if (query === '') throw new UserError('Give at least one word of the title, then try again.');
  const stack = await libraryStack(context);
  const tool = { ...searchLibrary, run: findInLibrary };
  const found = await runReadTool(context, interaction, { tool, input: { query } });
  const posters = await loadPosters(context, stack, found.titles);
  await show(interaction, context, librarySearchView(query, { ...found, posters }), `search query: ${query}`);
}

async function recent(interaction: ChatInputCommandInteraction, context: CommandContext): Promise<void> {
  const stack = await libraryStack(context);
  const tool = { ...getRecentlyAdded, run: findRecentlyAdded };
  const [found, begun] = await Promise.all([
    runReadTool(context, interaction, { tool, input: {} }),
    continueWatching(interaction, context, stack),
  ]);
  const posters = await loadPosters(context, stack, found.titles);
  await show(interaction, context, libraryRecentView({ ...found, posters }, begun), 'recent');
}

async function playing(interaction: ChatInputCommandInteraction, context: CommandContext): Promise<void> {
  const found = await runReadTool(context, interaction, { tool: getSessions, input: {} });
  await show(interaction, context, libraryPlayingView(found), 'playing');
}

async function show(
  interaction: ChatInputCommandInteraction,
  context: CommandContext,
  { message, words }: ReturnType<typeof librarySearchView>,
  typed: string,
): Promise<void> {
  await interaction.editReply(message);
  const commandText = `/library ${typed}`;
  await saveExchange(context, { interaction, commandText, parts: [{ type: 'text', text: words }] });
}

/** The person's servers, of which at least one has a library. */
async function libraryStack(context: CommandContext): Promise<Stack> {
  const stack = await openStack(context, { actorId: context.user.id, ownerId: context.user.id });
  if (searchLibrary.services.some((service) => stack.has(service))) return stack;
  throw new UserError('No Jellyfin, Radarr or Sonarr is set up for you. `/services configure` adds one.');
}

/** An extra to what was asked for: where it can't be had, the list of what is new stands alone. */
async function continueWatching(interaction: ChatInputCommandInteraction, context: CommandContext, stack: Stack) {
  if (!stack.has('jellyfin')) return { begun: [], hint: '' };
  if (!stack.get('jellyfin').hasUser) return { begun: [], hint: whoAreYou };
  try {
    const { titles } = await runReadTool(context, interaction, { tool: getContinueWatching, input: {} });
    return { begun: titles, hint: '' };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { begun: [], hint: 'What you can go on watching could not be asked for.' };
  }
}
