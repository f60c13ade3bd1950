import type { ChatInputCommandInteraction } from 'discord.js';
import { updateServiceConfig } from '../../db/queries/service-configs.ts';
import { messages, type Saying, sayInEnglish } from '../../messages.ts';
import { cardMessage, text } from '../cards/title-face.ts';
import type { CommandContext } from '../command.ts';
import { record } from './record.ts';
import { namedService, notThere } from './stored.ts';
import { labelOf } from './words.ts';

export const switchServiceMessages = messages('switch_service', {
  on: '🟢 **{label}** is on.',
  off: '⚪ **{label}** is off. Its address and key stay; `/services enable` switches it on again.',
});

const words = switchServiceMessages;

/** `/services enable` and `/services disable` */
export async function switchService(
  interaction: ChatInputCommandInteraction,
  context: CommandContext,
  isEnabled: boolean,
): Promise<void> {
  const config = await namedService(interaction, context);
  const changed = await updateServiceConfig(context.ledger.db, { id: config.id, userId: context.user.id, isEnabled });
  if (changed === null) throw notThere(config.serviceName);
  const switched: Saying = (say) => say(isEnabled ? words.on : words.off, { label: labelOf(config) });
  const subcommand = isEnabled ? 'enable' : 'disable';
  await record(interaction, context, { subcommand, service: config.serviceName, words: switched(sayInEnglish) });
  await interaction.editReply(cardMessage([text(switched(context.say))]));
}
