import { ApplicationCommandOptionType, ApplicationIntegrationType, InteractionContextType } from 'discord.js';
import { mergeUserPreferences } from '../db/queries/users.ts';
import { preferredRoute } from '../tools/request-route.ts';
import { outcomesGoTo } from './cards/request-defaults.ts';
import { cardMessage, text } from './cards/title-face.ts';
import type { Command } from './command.ts';
import { saveExchange } from './save-exchange.ts';

const outcomeWords = {
  channel: 'How a request ends is told **in the channel** where you asked.',
  dm: 'How a request ends is told **in a DM**, to you alone.',
};
const routeWords = {
  seerr: 'Requests go to **Seerr** where you have it.',
  direct: 'Requests go straight to **Radarr and Sonarr** where you have them.',
};

/** `/preferences`: what a person wants differently. Without an option it shows how it is. */
export const preferences: Command = {
  definition: {
    name: 'preferences',
    description: 'Where your requests go, and where you read how they ended',
    integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM, InteractionContextType.PrivateChannel],
    options: [
      {
        type: ApplicationCommandOptionType.String,
        name: 'outcomes',
        description: 'Where the outcome of a request is told',
        choices: [
          { name: 'in the channel', value: 'channel' },
          { name: 'in a DM', value: 'dm' },
        ],
      },
      {
        type: ApplicationCommandOptionType.String,
        name: 'requests',
        description: 'Where requests go when you have Seerr and Radarr or Sonarr',
        choices: [
          { name: 'to Seerr', value: 'seerr' },
          { name: 'to Radarr and Sonarr', value: 'direct' },
        ],
      },
    ],
  },
  acknowledge: () => 'private-reply',
  async run(interaction, context) {
    const outcomes = interaction.options.getString('outcomes');
    const requests = interaction.options.getString('requests');
    const chosen = {
      ...(outcomes === 'dm' || outcomes === 'channel' ? { outcomes } : {}),
      ...(requests === 'seerr' || requests === 'direct' ? { requests } : {}),
    };
    if (Object.keys(chosen).length > 0)
      await mergeUserPreferences(context.db, { userId: context.user.id, preferences: chosen });
    const user = { preferences: { ...context.user.preferences, ...chosen } };
    const shown = [outcomeWords[outcomesGoTo(user)], routeWords[preferredRoute(user)]].join('\n');
    const hint = '-# Change it with `/preferences outcomes:` and `/preferences requests:`.';
    const typed = Object.entries(chosen).map(([name, value]) => ` ${name}: ${value}`);
    const commandText = `/preferences${typed.join('')}`;
    await saveExchange(context, { interaction, commandText, parts: [{ type: 'text', text: shown }] });
    await interaction.editReply(cardMessage([text(Object.keys(chosen).length > 0 ? shown : `${shown}\n${hint}`)]));
  },
};
