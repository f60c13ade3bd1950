import type { MessageComponentInteraction, ModalSubmitInteraction } from 'discord.js';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { messages } from '../messages.ts';
import { isServiceName } from '../services/registry.ts';
import type { Command, CommandContext, ComponentHandler } from './command.ts';
import { chooseUser, showUsers } from './services/choose-user.ts';
import { openConfigure, submitConfigure } from './services/configure.ts';
import { servicesDefinition } from './services/definition.ts';
import { listServices } from './services/list.ts';
import { dropDraft, openRetry, saveAnyway } from './services/refused.ts';
import { askToRemove, keepService, removeService } from './services/remove.ts';
import { storedServices } from './services/stored.ts';
import { switchService } from './services/switch.ts';
import { testServices } from './services/test-connections.ts';
import { labelOf } from './services/words.ts';

export const servicesMessages = messages('services', {
  outdated: 'That is from an older version of the bot. Type the command again.',
  outdatedButton: 'This button is from an older version of the bot. Type the command again.',
  unknown: 'Unknown service. Choose one from the list.',
});

const words = servicesMessages;

/** `/services`: a person's own media servers. Everything about it is visible to them alone. */
export const services: Command = {
  definition: servicesDefinition,

  acknowledge: (interaction) => (interaction.options.getSubcommand() === 'configure' ? 'none' : 'private-reply'),

  async run(interaction, context) {
    switch (interaction.options.getSubcommand()) {
      case 'configure':
        return openConfigure(interaction, context, serviceNamed(interaction.options.getString('service', true)));
      case 'list':
        return listServices(interaction, context);
      case 'test':
        return testServices(interaction, context);
      case 'enable':
        return switchService(interaction, context, true);
      case 'disable':
        return switchService(interaction, context, false);
      case 'remove':
        return askToRemove(interaction, context);
      default:
        throw new UserError((say) => say(words.outdated));
    }
  },

  /** Only what makes sense: a service that is off can be enabled, one that is on disabled. */
  async autocomplete(interaction, context) {
    const subcommand = interaction.options.getSubcommand();
    const typed = interaction.options.getFocused().toLowerCase();
    const configs = storedServices(context);
    return configs
      .filter(({ isEnabled }) => (subcommand === 'enable' ? !isEnabled : subcommand === 'disable' ? isEnabled : true))
      .map((config) => ({ name: labelOf(config), value: config.serviceName }))
      .filter(({ name, value }) => name.toLowerCase().includes(typed) || value.includes(typed));
  },

  components: { services: handler() },
};

function handler(): ComponentHandler {
  return {
    acknowledge: ([action]) =>
      action === 'configure' || action === 'retry' ? 'none' : action === 'submit' ? 'private-reply' : 'update',
    async run(interaction, args, context) {
      await pressed(interaction, args, context);
      return undefined;
    },
  };
}

async function pressed(
  interaction: MessageComponentInteraction | ModalSubmitInteraction,
  [action, id = '', page]: readonly string[],
  context: CommandContext,
): Promise<void> {
  if (interaction.isModalSubmit()) return submitConfigure(interaction, context, serviceNamed(id), page ?? null);
  switch (action) {
    case 'configure':
      return openConfigure(interaction, context, serviceNamed(id));
    case 'retry':
      return openRetry(interaction, context, id);
    case 'save':
      return saveAnyway(interaction, context, id);
    case 'drop':
      return dropDraft(interaction, context, id);
    case 'user':
      return chooseUser(interaction, context, serviceNamed(id));
    case 'who':
      return showUsers(
        interaction,
        context,
        serviceNamed(id),
        z.coerce
          .number()
          .int()
          .parse(page ?? 0),
      );
    case 'remove':
      return removeService(interaction, context, z.uuid().parse(id));
    case 'keep':
      return keepService(interaction, context, z.uuid().parse(id));
    default:
      throw new UserError((say) => say(words.outdatedButton));
  }
}

function serviceNamed(name: string) {
  if (isServiceName(name)) return name;
  throw new UserError((say) => say(words.unknown));
}
