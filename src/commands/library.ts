import {
  ApplicationCommandOptionType,
  ApplicationIntegrationType,
  type ChatInputCommandInteraction,
  InteractionContextType,
} from 'discord.js';
import { UserError } from '../errors.ts';
import { getJellyfin, searchLibrary } from '../tools/library.ts';
import { oneLine } from './cards/server-text.ts';
import type { Command, CommandContext } from './command.ts';
import { completeLibrary } from './library/autocomplete.ts';
import { libraryRecentView, librarySearchView } from './library/view.ts';
import { runReadTool } from './run-read-tool.ts';
import { saveExchange } from './save-exchange.ts';

/** `/library search|recent`: what is there to watch. */
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
        description: 'What Jellyfin got lately, and what you can go on watching',
      },
    ],
  },
  acknowledge: () => 'private-reply',
  run: (interaction, context) =>
    interaction.options.getSubcommand() === 'recent' ? recent(interaction, context) : search(interaction, context),
  autocomplete: completeLibrary,
};

async function search(interaction: ChatInputCommandInteraction, context: CommandContext): Promise<void> {
  const query = oneLine(interaction.options.getString('query', true), 100);
  if (query === '') throw new UserError('Give at least one word of the title, then try again.');
  const found = await runReadTool(context, interaction, { tool: searchLibrary, input: { query } });
  const { message, words } = librarySearchView(query, found);
  await interaction.editReply(message);
  const commandText = `/library search query: ${query}`;
  await saveExchange(context, { interaction, commandText, parts: [{ type: 'text', text: words }] });
}

async function recent(interaction: ChatInputCommandInteraction, context: CommandContext): Promise<void> {
  const show = 'recently_added' as const;
  const added = await runReadTool(context, interaction, { tool: getJellyfin, input: { show } });
  const begun = await continueWatching(interaction, context);
  const { message, words } = libraryRecentView({ added: added.items ?? [], begun });
  await interaction.editReply(message);
  await saveExchange(context, { interaction, commandText: '/library recent', parts: [{ type: 'text', text: words }] });
}

/** An extra to what was asked for: where it can't be had, the list of what is new stands alone. */
async function continueWatching(interaction: ChatInputCommandInteraction, context: CommandContext) {
  const show = 'continue_watching' as const;
  try {
    const begun = await runReadTool(context, interaction, { tool: getJellyfin, input: { show }, key: show });
    return begun.items ?? [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    context.log.info({ err: error }, 'what can be watched on is left out');
    return [];
  }
}
