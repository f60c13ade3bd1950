import { ApplicationCommandOptionType, ApplicationIntegrationType, InteractionContextType } from 'discord.js';
import { mergeUserPreferences } from '../db/queries/users.ts';
import { outcomesGoTo } from './cards/request-defaults.ts';
import { cardMessage, text } from './cards/title-face.ts';
import type { Command } from './command.ts';
import { saveExchange } from './save-exchange.ts';

const words = {
  channel: 'How a request ends is told **in the channel** where you asked.',
  dm: 'How a request ends is told **in a DM**, to you alone.',
};

/** `/preferences`: what a person wants differently. Without an option it shows how it is. */
export const preferences: Command = {
  definition: {
    name: 'preferences',
    description: 'Where you want to read how a request ended',
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
    ],
  },
  acknowledge: () => 'private-reply',
  async run(interaction, context) {
    const chosen = interaction.options.getString('outcomes');
    const outcomes = chosen === 'dm' || chosen === 'channel' ? chosen : outcomesGoTo(context.user);
    if (chosen !== null) await mergeUserPreferences(context.db, { userId: context.user.id, preferences: { outcomes } });
    const commandText = `/preferences${chosen === null ? '' : ` outcomes: ${outcomes}`}`;
    await saveExchange(context, { interaction, commandText, parts: [{ type: 'text', text: words[outcomes] }] });
    await interaction.editReply(cardMessage([text(words[outcomes])]));
  },
};
