import { ApplicationCommandOptionType, ApplicationIntegrationType, InteractionContextType } from 'discord.js';
import { mergeUserPreferences, setTimeZone } from '../db/queries/users.ts';
import { described, named } from '../languages/localizations.ts';
import { messages, type Say, sayInEnglish } from '../messages.ts';
import { preferredRoute } from '../tools/request-route.ts';
import { outcomesGoTo } from './cards/request-defaults.ts';
import { cardMessage, text } from './cards/title-face.ts';
import type { Command } from './command.ts';
import { saveExchange } from './save-exchange.ts';
import { timeZoneChoices, timeZoneOf } from './time-zones.ts';

export const preferencesDefinition = messages('preferences_definition', {
  whereYourRequestsGo: 'Where your requests go, where their results are posted, and your time zone',
  whereTheResultOf: 'Where the result of a request is posted',
  yourTimeZone: 'Your time zone, for days and times in lists and answers',
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
  timeZone: 'Days and times are those of **{name}**.',
  noTimeZone: 'Your time zone is not known yet: days are those of UTC.',
  hint: '-# Change it with `/preferences outcomes:`, `/preferences requests:` and `/preferences time-zone:`.',
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
      {
        type: ApplicationCommandOptionType.String,
        name: 'time-zone',
        ...described(preferencesDefinition.yourTimeZone),
        autocomplete: true,
      },
    ],
  },
  acknowledge: () => 'private-reply',
  autocomplete: async (interaction) => timeZoneChoices(interaction.options.getFocused(), new Date()),
  async run(interaction, context) {
    const outcomes = interaction.options.getString('outcomes');
    const requests = interaction.options.getString('requests');
    const typedZone = interaction.options.getString('time-zone');
    const timezone = typedZone === null ? null : timeZoneOf(typedZone);
    const chosen = {
      ...(outcomes === 'dm' || outcomes === 'channel' ? { outcomes } : {}),
      ...(requests === 'seerr' || requests === 'direct' ? { requests } : {}),
    };
    if (Object.keys(chosen).length > 0)
      await mergeUserPreferences(context.ledger.db, { userId: context.user.id, preferences: chosen });
    if (timezone !== null) await setTimeZone(context.ledger.db, { userId: context.user.id, timezone });
    const user = { preferences: { ...context.user.preferences, ...chosen } };
    const shownIn = (say: Say) =>
      [
        ...[outcomesGoTo(user), preferredRoute(user)].map((chosenWay) => say(preferenceMessages[chosenWay])),
        zoneWords(timezone ?? context.user.timezone, say),
      ].join('\n');
    const shown = shownIn(context.say);
    const hint = context.say(preferenceMessages.hint);
    const isChange = Object.keys(chosen).length > 0 || timezone !== null;
    const typed = Object.entries({ ...chosen, ...(timezone === null ? {} : { 'time-zone': timezone }) }).map(
      ([name, value]) => ` ${name}: ${value}`,
    );
    const commandText = `/preferences${typed.join('')}`;
    const parts = [{ type: 'text' as const, text: shownIn(sayInEnglish) }];
    await saveExchange(context, { interaction, commandText, parts });
    await interaction.editReply(cardMessage([text(isChange ? shown : `${shown}\n${hint}`)]));
  },
};

function zoneWords(name: string | null, say: Say): string {
  return name === null ? say(preferenceMessages.noTimeZone) : say(preferenceMessages.timeZone, { name });
}
