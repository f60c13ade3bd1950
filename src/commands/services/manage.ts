import { ButtonStyle, type ChatInputCommandInteraction, type MessageComponentInteraction } from 'discord.js';
import {
  deleteServiceConfig,
  getServiceConfig,
  getServiceConfigsByUserId,
  updateServiceConfig,
} from '../../db/queries/service-configs.ts';
import type { ServiceConfig } from '../../db/schema.ts';
import { UserError } from '../../errors.ts';
import { isServiceName, serviceDefinitions, serviceNames } from '../../services/registry.ts';
import { describeError } from '../../tools/describe-error.ts';
import { openStack } from '../../tools/stack.ts';
import { buttonRow } from '../cards/controls.ts';
import { cardMessage, text } from '../cards/title-face.ts';
import type { CommandContext } from '../command.ts';
import { saveExchange } from '../save-exchange.ts';
import { configureButton } from './configure-button.ts';
import { checkedWords, configLine, labelOf } from './words.ts';

type Typed = ChatInputCommandInteraction;

/** `/services list` */
export async function listServices(interaction: Typed, context: CommandContext): Promise<void> {
  const configs = await configsInOrder(context);
  if (configs.length === 0) return sayNothingThere(interaction, context);
  await record(interaction, context, 'list', `Shown: ${configs.map(labelOf).join(', ')}.`);
  await interaction.editReply(cardMessage([text(configs.map(configLine).join('\n'))]));
}

/** `/services test`: one or all, side by side. */
export async function testServices(interaction: Typed, context: CommandContext): Promise<void> {
  const wanted = interaction.options.getString('service');
  const configs = (await configsInOrder(context)).filter((config) => wanted === null || config.serviceName === wanted);
  if (configs.length === 0) {
    if (wanted === null) return sayNothingThere(interaction, context);
    throw notThere(wanted);
  }
  const lines = await Promise.all(configs.map((config) => testOne(context, config)));
  await record(interaction, context, 'test', lines.join('\n'));
  await interaction.editReply(cardMessage([text(lines.join('\n\n'))]));
}

async function testOne(context: CommandContext, config: ServiceConfig): Promise<string> {
  const begun = performance.now();
  const label = labelOf(config);
  const after = () => `${Math.round(performance.now() - begun)} ms`;
  try {
    if (!config.isEnabled) return `⚪ **${label}** is switched off. \`/services enable\` switches it on.`;
    if (!isServiceName(config.serviceName)) throw new UserError('This version of the bot does not know that service.');
    const stack = await openStack(context, { actorId: context.user.id, ownerId: context.user.id });
    const check = await stack.get(config.serviceName).check({ signal: context.signal });
    await noteCheck(context, config, true);
    return `✅ **${label}** answers (${after()}). ${checkedWords(check)}`;
  } catch (error) {
    context.log.info({ err: error, service: config.serviceName }, 'a service failed its test');
    await noteCheck(context, config, false);
    return `⚠️ **${label}** (${after()}): ${describeError(error)}`;
  }
}

async function noteCheck(context: CommandContext, config: ServiceConfig, ok: boolean): Promise<void> {
  const options = { ...config.options, lastCheck: { at: new Date().toISOString(), ok } };
  await updateServiceConfig(context.db, { id: config.id, userId: config.userId, options });
}

/** `/services enable` and `/services disable` */
export async function switchService(interaction: Typed, context: CommandContext, isEnabled: boolean): Promise<void> {
  const config = await named(interaction, context);
  await updateServiceConfig(context.db, { id: config.id, userId: context.user.id, isEnabled });
  const words = isEnabled
    ? `🟢 **${labelOf(config)}** is on.`
    : `⚪ **${labelOf(config)}** is off. Its address and key stay; \`/services enable\` switches it on again.`;
  await record(interaction, context, isEnabled ? 'enable' : 'disable', words);
  await interaction.editReply(cardMessage([text(words)]));
}

/** `/services remove`: asks first. */
export async function askToRemove(interaction: Typed, context: CommandContext): Promise<void> {
  const config = await named(interaction, context);
  await record(interaction, context, 'remove', `Asked whether ${labelOf(config)} is to be removed.`);
  await interaction.editReply(
    cardMessage([
      text(`Remove **${labelOf(config)}**? Its address and key are deleted here; nothing changes on the server.`),
      buttonRow([
        { id: `services:remove:${config.id}`, label: 'Remove', style: ButtonStyle.Danger },
        { id: 'services:keep', label: 'Keep it' },
      ]),
    ]),
  );
}

export async function removeService(interaction: MessageComponentInteraction, context: CommandContext, id: string) {
  const isRemoved = await deleteServiceConfig(context.db, { id, userId: context.user.id });
  const words = isRemoved ? 'Removed. Its address and key are deleted.' : 'That service is removed already.';
  await interaction.editReply(cardMessage([text(words)]));
}

export async function keepService(interaction: MessageComponentInteraction): Promise<void> {
  await interaction.editReply(cardMessage([text('Kept. Nothing was changed.')]));
}

async function configsInOrder(context: CommandContext): Promise<ServiceConfig[]> {
  const configs = await getServiceConfigsByUserId(context.db, { userId: context.user.id });
  const place = ({ serviceName }: ServiceConfig) =>
    isServiceName(serviceName) ? serviceNames.indexOf(serviceName) : 99;
  return configs.sort((a, b) => place(a) - place(b));
}

async function named(interaction: Typed, context: CommandContext): Promise<ServiceConfig> {
  const name = interaction.options.getString('service', true);
  const config = await getServiceConfig(context.db, { userId: context.user.id, serviceName: name });
  if (config === null) throw notThere(name);
  return config;
}

function notThere(name: string): UserError {
  const label = isServiceName(name) ? serviceDefinitions[name].label : 'That service';
  return new UserError(`${label} is not set up for you. \`/services configure\` adds it.`);
}

async function sayNothingThere(interaction: Typed, context: CommandContext): Promise<void> {
  const words = 'No service is set up yet. Choose one, and have its address and key at hand:';
  await record(interaction, context, interaction.options.getSubcommand(), words);
  await interaction.editReply(cardMessage([text(words), configureButton(...serviceNames.slice(0, 5))]));
}

async function record(interaction: Typed, context: CommandContext, subcommand: string, words: string): Promise<void> {
  const service = interaction.options.getString('service');
  const commandText = `/services ${subcommand}${service === null ? '' : ` service: ${service.slice(0, 50)}`}`;
  await saveExchange(context, { interaction, commandText, parts: [{ type: 'text', text: words }] });
}
