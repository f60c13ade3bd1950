import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
} from 'discord.js';
import { described } from '../languages/localizations.ts';
import { messages } from '../messages.ts';
import { callHandler } from './cards/press.ts';
import type { Command } from './command.ts';
import { completeTitle } from './request/autocomplete.ts';
import { pickHandler } from './request/pick.ts';
import { runRequest } from './request/run-request.ts';

export const requestDefinition = messages('request_definition', {
  startTypingAndPick: 'Start typing and pick a title, or send any words to search',
  requestAFilmOr: 'Request a film or a series on your own servers',
  requestAFilm: 'Request a film',
  requestASeriesSeason: 'Request a series, season by season',
});

const titleOption = {
  type: ApplicationCommandOptionType.String as const,
  name: 'title',
  ...described(requestDefinition.startTypingAndPick),
  required: true,
  autocomplete: true as const,
  max_length: 200,
};

/** `/request movie` and `/request tv`: from a title to a card to a press. */
export const request: Command = {
  definition: {
    type: ApplicationCommandType.ChatInput,
    name: 'request',
    ...described(requestDefinition.requestAFilmOr),
    integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM, InteractionContextType.PrivateChannel],
    options: [
      {
        type: ApplicationCommandOptionType.Subcommand,
        name: 'movie',
        ...described(requestDefinition.requestAFilm),
        options: [titleOption],
      },
      {
        type: ApplicationCommandOptionType.Subcommand,
        name: 'tv',
        ...described(requestDefinition.requestASeriesSeason),
        options: [titleOption],
      },
    ],
  },
  acknowledge: () => 'private-reply',
  run: runRequest,
  autocomplete: completeTitle,
  components: { call: callHandler, request: pickHandler },
};
