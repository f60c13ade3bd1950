import { ApplicationCommandOptionType, ApplicationIntegrationType, InteractionContextType } from 'discord.js';
import { described } from '../../languages/localizations.ts';
import { type Message, messages } from '../../messages.ts';
import { serviceDefinitions, serviceNames } from '../../services/registry.ts';
import type { Command } from '../command.ts';

/** At most 100 characters each in every language: Discord's limit. */
export const servicesCommandMessages = messages('services_command', {
  command: 'Your media servers: set up, test, switch on and off',
  configure: 'Set up a service, or change its address or key',
  list: 'Your services and whether they work',
  test: 'Try the connection to your services',
  enable: 'Switch a service on',
  disable: 'Switch a service off; its address and key stay',
  remove: 'Delete a service’s address and key',
  which: 'Which service',
  whichOrAll: 'Which service; leave out for all',
});

const words = servicesCommandMessages;

const configured = (name: string, message: Message, required = true) => ({
  type: ApplicationCommandOptionType.Subcommand as const,
  name,
  ...described(message),
  options: [
    {
      type: ApplicationCommandOptionType.String as const,
      name: 'service',
      ...described(required ? words.which : words.whichOrAll),
      required,
      autocomplete: true as const,
    },
  ],
});

/** `/services` and its subcommands, as Discord knows them. */
export const servicesDefinition: Command['definition'] = {
  name: 'services',
  ...described(words.command),
  integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
  contexts: [InteractionContextType.Guild, InteractionContextType.BotDM, InteractionContextType.PrivateChannel],
  options: [
    {
      type: ApplicationCommandOptionType.Subcommand,
      name: 'configure',
      ...described(words.configure),
      options: [
        {
          type: ApplicationCommandOptionType.String,
          name: 'service',
          ...described(words.which),
          required: true,
          choices: serviceNames.map((name) => ({ name: serviceDefinitions[name].label, value: name })),
        },
      ],
    },
    {
      type: ApplicationCommandOptionType.Subcommand,
      name: 'list',
      ...described(words.list),
    },
    configured('test', words.test, false),
    configured('enable', words.enable),
    configured('disable', words.disable),
    configured('remove', words.remove),
  ],
};
