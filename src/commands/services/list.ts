import type { ChatInputCommandInteraction } from 'discord.js';
import { cardMessage, text } from '../cards/title-face.ts';
import type { CommandContext } from '../command.ts';
import { record } from './record.ts';
import { recordedWords } from './recorded-words.ts';
import { sayNothingThere, storedServices } from './stored.ts';
import { configLine, labelOf } from './words.ts';

/** `/services list` */
export async function listServices(interaction: ChatInputCommandInteraction, context: CommandContext): Promise<void> {
  const configs = storedServices(context);
  if (configs.length === 0) return sayNothingThere(interaction, context);
  const words = recordedWords.shown(configs.map((one) => ({ label: labelOf(one), isEnabled: one.isEnabled })));
  await record(interaction, context, { subcommand: 'list', service: null, words });
  await interaction.editReply(cardMessage(configs.map((config) => text(configLine(config, context.say)))));
}
