import { ComponentType, type MessageComponentInteraction, type ModalSubmitInteraction } from 'discord.js';
import { getServiceConfig, updateServiceConfig } from '../../db/queries/service-configs.ts';
import type { ServiceConfig } from '../../db/schema.ts';
import { UserError } from '../../errors.ts';
import { openStack } from '../../tools/stack.ts';
import { escaped, oneLine } from '../cards/server-text.ts';
import { cardMessage, text } from '../cards/title-face.ts';
import type { CommandContext } from '../command.ts';

const mostOptions = 25;

/** Jellyfin's keys are for the whole server, so the person says which of its users they are. */
export async function askForUser(
  interaction: ModalSubmitInteraction,
  context: CommandContext,
  config: ServiceConfig,
): Promise<void> {
  const users = await usersOf(context);
  const own = (context.user.displayName ?? context.user.username ?? '').toLowerCase();
  const sorted = users.sort((a, b) => Number(b.name.toLowerCase() === own) - Number(a.name.toLowerCase() === own));
  const options = sorted.slice(0, mostOptions).map(({ id, name }) => ({
    value: id.slice(0, 100),
    label: oneLine(name, 100) || id.slice(0, 100),
    ...(config.options.userId === id ? { default: true } : {}),
  }));
  if (options.length === 0) return;
  await interaction.editReply(
    cardMessage([
      text('✅ **Jellyfin** is set up. Which of its users are you?'),
      {
        type: ComponentType.ActionRow,
        components: [
          {
            type: ComponentType.StringSelect,
            custom_id: 'services:user',
            placeholder: 'Who are you on Jellyfin?',
            options,
          },
        ],
      },
    ]),
  );
}

/** Keeps the choice, once it is seen that the server has such a user. */
export async function chooseUser(interaction: MessageComponentInteraction, context: CommandContext): Promise<void> {
  const chosen = interaction.isStringSelectMenu() ? interaction.values[0] : undefined;
  const person = (await usersOf(context)).find((user) => user.id === chosen);
  const config = await getServiceConfig(context.db, { userId: context.user.id, serviceName: 'jellyfin' });
  if (person === undefined || config === null)
    throw new UserError('Jellyfin no longer has that user. Type `/services configure` and choose again.');
  const options = { ...config.options, userId: person.id, userName: oneLine(person.name, 100) };
  await updateServiceConfig(context.db, { id: config.id, userId: context.user.id, options });
  await interaction.editReply(
    cardMessage([text(`✅ **Jellyfin** is set up, and you are **${escaped(person.name, 100)}** there.`)]),
  );
}

async function usersOf(context: CommandContext) {
  const stack = await openStack(context, { actorId: context.user.id, ownerId: context.user.id });
  return stack.get('jellyfin').users({ signal: context.signal });
}
