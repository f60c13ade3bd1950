import { ButtonStyle, type ChatInputCommandInteraction, type MessageComponentInteraction } from 'discord.js';
import { deleteServiceConfig, getServiceConfigsByUserId } from '../../db/queries/service-configs.ts';
import { messages, type Saying, sayInEnglish } from '../../messages.ts';
import { isServiceName } from '../../services/registry.ts';
import { buttonRow } from '../cards/controls.ts';
import { cardMessage, text } from '../cards/title-face.ts';
import type { CommandContext } from '../command.ts';
import { record } from './record.ts';
import { recordedWords } from './recorded-words.ts';
import { forgetDraft } from './refused.ts';
import { sayPrivately } from './say-privately.ts';
import { namedService } from './stored.ts';
import { labelOf } from './words.ts';

export const removeServiceMessages = messages('remove_service', {
  ask: 'Remove **{label}**? Its address and key are deleted here; nothing changes on the server.',
  remove: 'Remove',
  keep: 'Keep it',
  removed: '**{label}** is removed. Its address and key are deleted.',
  kept: 'Kept. Nothing was changed.',
  isGone: 'That was already done: the service is removed.',
});

const words = removeServiceMessages;

/** `/services remove`: asks first. */
export async function askToRemove(interaction: ChatInputCommandInteraction, context: CommandContext): Promise<void> {
  const config = await namedService(interaction, context);
  const { say } = context;
  const label = labelOf(config);
  const asked = recordedWords.askedToRemove(label);
  await record(interaction, context, { subcommand: 'remove', service: config.serviceName, words: asked });
  await interaction.editReply(
    cardMessage([
      text(say(words.ask, { label })),
      buttonRow([
        { id: `services:remove:${config.id}`, label: say(words.remove), style: ButtonStyle.Danger },
        { id: `services:keep:${config.id}`, label: say(words.keep) },
      ]),
    ]),
  );
}

/** The confirmed removal. Of two presses one acts; the other is told privately. */
export async function removeService(interaction: MessageComponentInteraction, context: CommandContext, id: string) {
  const config = await storedById(context, id);
  const isRemoved = config !== null && (await deleteServiceConfig(context.ledger.db, { id, userId: context.user.id }));
  if (!isRemoved) return sayPrivately(interaction, context, words.isGone);
  const { serviceName } = config;
  if (isServiceName(serviceName)) forgetDraft({ userId: context.user.id, serviceName });
  const removed: Saying = (say) => say(words.removed, { label: labelOf(config) });
  await interaction.editReply(cardMessage([text(removed(context.say))]));
  await record(interaction, context, { subcommand: 'remove', service: serviceName, words: removed(sayInEnglish) });
}

export async function keepService(interaction: MessageComponentInteraction, context: CommandContext, id: string) {
  if ((await storedById(context, id)) === null) return sayPrivately(interaction, context, words.isGone);
  await interaction.editReply(cardMessage([text(context.say(words.kept))]));
}

async function storedById(context: CommandContext, id: string) {
  const configs = await getServiceConfigsByUserId(context.ledger.db, { userId: context.user.id });
  return configs.find((config) => config.id === id) ?? null;
}
