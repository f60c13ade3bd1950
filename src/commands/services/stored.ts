import type { ChatInputCommandInteraction } from 'discord.js';
import { getServiceConfig } from '../../db/queries/service-configs.ts';
import type { ServiceConfig } from '../../db/schema.ts';
import { openSealedKey } from '../../db/sealed-key.ts';
import { UserError } from '../../errors.ts';
import { messages, sayInEnglish } from '../../messages.ts';
import { isServiceName, serviceDefinitions, serviceNames } from '../../services/registry.ts';
import { cardMessage, text } from '../cards/title-face.ts';
import type { CommandContext } from '../command.ts';
import { configureButton } from './configure-button.ts';
import { record } from './record.ts';

export const storedServiceMessages = messages('stored_services', {
  notSetUp: '{label} is not set up for you. `/services configure` adds it.',
  unknownNotSetUp: 'That service is not set up for you. `/services configure` adds it.',
  noneYet: 'No service is set up yet. Choose one; you need its address and key:',
});

const words = storedServiceMessages;

type Command = ChatInputCommandInteraction;

/** What the person had set up when the event came, in the order in which services are shown. */
export function storedServices({ arrival }: CommandContext): ServiceConfig[] {
  const place = ({ serviceName }: ServiceConfig) =>
    isServiceName(serviceName) ? serviceNames.indexOf(serviceName) : serviceNames.length;
  return arrival.configs.toSorted((a, b) => place(a) - place(b));
}

/** The stored service that the option names. Throws UserError when there is none. */
export async function namedService(interaction: Command, context: CommandContext): Promise<ServiceConfig> {
  const serviceName = typedServiceName(interaction.options.getString('service', true));
  const config = await getServiceConfig(context.ledger.db, { userId: context.user.id, serviceName });
  if (config === null) throw notThere(serviceName);
  return config;
}

/**
 * The stored server whose values may be filled in; null when there is none or its key cannot be decrypted. Otherwise an address that
 * somebody changed in the database would be filled in, and the person would type their key for it.
 */
export async function keepableService(context: CommandContext, serviceName: string): Promise<ServiceConfig | null> {
  const config = await getServiceConfig(context.ledger.db, { userId: context.user.id, serviceName });
  return config !== null && openSealedKey(context.ledger.keyring, config) !== null ? config : null;
}

/** An option with autocomplete takes any text, so a name typed as people know it ("Seerr") is understood too. */
export function typedServiceName(typed: string): string {
  const name = typed.trim().toLowerCase();
  return serviceNames.find((known) => known === name || serviceDefinitions[known].label.toLowerCase() === name) ?? name;
}

export function notThere(name: string): UserError {
  if (!isServiceName(name)) return new UserError((say) => say(words.unknownNotSetUp));
  const { label } = serviceDefinitions[name];
  return new UserError((say) => say(words.notSetUp, { label }));
}

/** For a person who has no service yet. */
export async function sayNothingThere(interaction: Command, context: CommandContext): Promise<void> {
  const { say } = context;
  const subcommand = interaction.options.getSubcommand();
  const service = interaction.options.getString('service');
  await record(interaction, context, { subcommand, service, words: sayInEnglish(words.noneYet) });
  const buttons = configureButton(say, ...serviceNames.slice(0, 5));
  await interaction.editReply(cardMessage([text(say(words.noneYet)), buttons]));
}
