import { ApplicationCommandOptionType, ApplicationIntegrationType, InteractionContextType } from 'discord.js';
import { mergeUserPreferences } from '../db/queries/users.ts';
import { preferredRoute } from '../tools/request-route.ts';
import { outcomesGoTo } from './cards/request-defaults.ts';
import { cardMessage, text } from './cards/title-face.ts';
import type { Command } from './command.ts';
import { saveExchange } from './save-exchange.ts';

const outcomeWords = {
  channel: 'Results of your requests are posted **in the channel** where you asked.',
  dm: 'Results of your requests are sent to you **in a DM**.',
};
const routeWords = {
  seerr: 'Requests go to **Seerr** if you have set it up.',
  direct: 'Requests go straight to **Radarr and Sonarr** if you have set them up.',
};

/** `/preferences`: what a person wants differently. Without an option it shows the current choices. */
export const preferences: Command = {
  definition: {
    name: 'preferences',
    description: 'Where your requests go, and where their results are posted',
    integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM, InteractionContextType.PrivateChannel],
    options: [
      {
        type: ApplicationCommandOptionType.String,
        name: 'outcomes',
        description: 'Where the result of a request is posted',
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
      await mergeUserPreferences(context.ledger.db, { userId: context.user.id, preferences: chosen });
    const user = { preferences: { ...context.user.preferences, ...chosen } };
    const shown = [outcomeWords[outcomesGoTo(user)], routeWords[preferredRoute(user)]].join('\n');
    const hint = '-# Change it with `/preferences outcomes:` and `/preferences requests:`.';
    const typed = Object.entries(chosen).map(([name, value]) => ` ${name}: ${value}`);
    const commandText = `/preferences${typed.join('')}`;
    await saveExchange(context, { interaction, commandText, parts: [{ type: 'text', text: shown }] });
    await interaction.editReply(cardMessage([text(Object.keys(chosen).length > 0 ? shown : `${shown}\n${hint}`)]));
  },
};
