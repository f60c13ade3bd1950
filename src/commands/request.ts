import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
} from 'discord.js';
import { callHandler } from './cards/press.ts';
import type { Command } from './command.ts';
import { completeTitle } from './request/autocomplete.ts';
import { pickHandler } from './request/pick.ts';
import { runRequest } from './request/run-request.ts';

const titleOption = {
  type: ApplicationCommandOptionType.String as const,
  name: 'title',
  description: 'Start typing and pick a title, or send any words to search',
  required: true,
  autocomplete: true as const,
  max_length: 200,
};

/** `/request movie` and `/request tv`: from a title to a card to a press. */
export const request: Command = {
  definition: {
    type: ApplicationCommandType.ChatInput,
    name: 'request',
    description: 'Request a film or a series on your own servers',
    integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM, InteractionContextType.PrivateChannel],
    options: [
      {
        type: ApplicationCommandOptionType.Subcommand,
        name: 'movie',
        description: 'Request a film',
        options: [titleOption],
      },
      {
        type: ApplicationCommandOptionType.Subcommand,
        name: 'tv',
        description: 'Request a series, season by season',
        options: [titleOption],
      },
    ],
  },
  acknowledge: () => 'private-reply',
  run: runRequest,
  autocomplete: completeTitle,
  components: { call: callHandler, request: pickHandler },
};
