import type { ChatInputCommandInteraction } from 'discord.js';
import { updateServiceConfig } from '../../db/queries/service-configs.ts';
import { cardMessage, text } from '../cards/title-face.ts';
import type { CommandContext } from '../command.ts';
import { record } from './record.ts';
import { namedService, notThere } from './stored.ts';
import { labelOf } from './words.ts';

/** `/services enable` and `/services disable` */
export async function switchService(
  interaction: ChatInputCommandInteraction,
  context: CommandContext,
  isEnabled: boolean,
): Promise<void> {
  const config = await namedService(interaction, context);
  const changed = await updateServiceConfig(context.ledger.db, { id: config.id, userId: context.user.id, isEnabled });
  if (changed === null) throw notThere(config.serviceName);
  const words = isEnabled
    ? `🟢 **${labelOf(config)}** is on.`
    : `⚪ **${labelOf(config)}** is off. Its address and key stay; \`/services enable\` switches it on again.`;
  const subcommand = isEnabled ? 'enable' : 'disable';
  await record(interaction, context, { subcommand, service: config.serviceName, words });
  await interaction.editReply(cardMessage([text(words)]));
}
