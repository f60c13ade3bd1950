import { ApplicationCommandOptionType, ApplicationIntegrationType, InteractionContextType } from 'discord.js';
import { mergeUserPreferences } from '../db/queries/users.ts';
import { described, named } from '../languages/localizations.ts';
import { messages, type Say, sayInEnglish } from '../messages.ts';
import { preferredRoute } from '../tools/request-route.ts';
import { outcomesGoTo } from './cards/request-defaults.ts';
import { cardMessage, text } from './cards/title-face.ts';
import type { Command } from './command.ts';
import { saveExchange } from './save-exchange.ts';

export const preferencesDefinition = messages('preferences_definition', {
  whereYourRequestsGo: 'Where your requests go, and where their results are posted',
  whereTheResultOf: 'Where the result of a request is posted',
  whereRequestsGoWhen: 'Where requests go when you have Seerr and Radarr or Sonarr',
  inTheChannel: 'in the channel',
  inADm: 'in a DM',
  toSeerr: 'to Seerr',
  toRadarrAndSonarr: 'to Radarr and Sonarr',
});

export const preferenceMessages = messages('preferences_command', {
  /** Where results are posted. */
  channel: 'Results of your requests are posted **in the channel** where you asked.',
  dm: 'Results of your requests are sent to you **in a DM**.',
  /** Where requests go. */
  seerr: 'Requests go to **Seerr** if you have set it up.',
  direct: 'Requests go straight to **Radarr and Sonarr** if you have set them up.',
  hint: '-# Change it with `/preferences outcomes:` and `/preferences requests:`.',
});

/** `/preferences`: what a person wants differently. Without an option it shows the current choices. */
export const preferences: Command = {
  definition: {
    name: 'preferences',
    ...described(preferencesDefinition.whereYourRequestsGo),
    integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM, InteractionContextType.PrivateChannel],
    options: [
      {
        type: ApplicationCommandOptionType.String,
        name: 'outcomes',
        ...described(preferencesDefinition.whereTheResultOf),
        choices: [
          { ...named(preferencesDefinition.inTheChannel), value: 'channel' },
          { ...named(preferencesDefinition.inADm), value: 'dm' },
        ],
      },
      {
        type: ApplicationCommandOptionType.String,
        name: 'requests',
        ...described(preferencesDefinition.whereRequestsGoWhen),
        choices: [
          { ...named(preferencesDefinition.toSeerr), value: 'seerr' },
          { ...named(preferencesDefinition.toRadarrAndSonarr), value: 'direct' },
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
    const shownIn = (say: Say) =>
      [outcomesGoTo(user), preferredRoute(user)].map((chosenWay) => say(preferenceMessages[chosenWay])).join('\n');
    const shown = shownIn(context.say);
    const hint = context.say(preferenceMessages.hint);
    const typed = Object.entries(chosen).map(([name, value]) => ` ${name}: ${value}`);
    const commandText = `/preferences${typed.join('')}`;
    const parts = [{ type: 'text' as const, text: shownIn(sayInEnglish) }];
    await saveExchange(context, { interaction, commandText, parts });
    await interaction.editReply(cardMessage([text(Object.keys(chosen).length > 0 ? shown : `${shown}\n${hint}`)]));
  },
};
