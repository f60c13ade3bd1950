import { ButtonStyle, type ChatInputCommandInteraction, type MessageComponentInteraction } from 'discord.js';
import { deleteServiceConfig, getServiceConfigsByUserId } from '../../db/queries/service-configs.ts';
import { isServiceName } from '../../services/registry.ts';
import { buttonRow } from '../cards/controls.ts';
import { cardMessage, text } from '../cards/title-face.ts';
import type { CommandContext } from '../command.ts';
import { record } from './record.ts';
import { forgetDraft } from './refused.ts';
import { sayPrivately } from './say-privately.ts';
import { namedService } from './stored.ts';
import { labelOf } from './words.ts';

const isGone = 'That was already done: the service is removed.';

/** `/services remove`: asks first. */
export async function askToRemove(interaction: ChatInputCommandInteraction, context: CommandContext): Promise<void> {
  const config = await namedService(interaction, context);
  const words = `Asked whether ${labelOf(config)} is to be removed.`;
  await record(interaction, context, { subcommand: 'remove', service: config.serviceName, words });
  await interaction.editReply(
    cardMessage([
      text(`Remove **${labelOf(config)}**? Its address and key are deleted here; nothing changes on the server.`),
      buttonRow([
        { id: `services:remove:${config.id}`, label: 'Remove', style: ButtonStyle.Danger },
        { id: `services:keep:${config.id}`, label: 'Keep it' },
      ]),
    ]),
  );
}

/** The confirmed removal. Of two presses one acts; the other is told privately. */
export async function removeService(interaction: MessageComponentInteraction, context: CommandContext, id: string) {
  const config = await storedById(context, id);
  const isRemoved = config !== null && (await deleteServiceConfig(context.ledger.db, { id, userId: context.user.id }));
  if (!isRemoved) return sayPrivately(interaction, isGone);
  const { serviceName } = config;
  if (isServiceName(serviceName)) forgetDraft({ userId: context.user.id, serviceName });
  const words = `**${labelOf(config)}** is removed. Its address and key are deleted.`;
  await interaction.editReply(cardMessage([text(words)]));
  await record(interaction, context, { subcommand: 'remove', service: serviceName, words });
}

export async function keepService(interaction: MessageComponentInteraction, context: CommandContext, id: string) {
  if ((await storedById(context, id)) === null) return sayPrivately(interaction, isGone);
  await interaction.editReply(cardMessage([text('Kept. Nothing was changed.')]));
}

async function storedById(context: CommandContext, id: string) {
  const configs = await getServiceConfigsByUserId(context.ledger.db, { userId: context.user.id });
  return configs.find((config) => config.id === id) ?? null;
}
