import {
  type APIComponentInContainer,
  ComponentType,
  type MessageComponentInteraction,
  type ModalSubmitInteraction,
} from 'discord.js';
import { getServiceConfig, updateServiceConfig } from '../../db/queries/service-configs.ts';
import type { ServiceConfig } from '../../db/schema.ts';
import { ServiceError, UserError } from '../../errors.ts';
import type { JellyfinUser } from '../../services/jellyfin/client.ts';
import { describeError } from '../../tools/describe-error.ts';
import { openStack } from '../../tools/stack.ts';
import { type Button, buttonRow } from '../cards/controls.ts';
import { escaped, oneLine } from '../cards/server-text.ts';
import { cardMessage, text } from '../cards/title-face.ts';
import type { CommandContext } from '../command.ts';

/** Discord's limits: options of a select, length of an option's value. */
const pageSize = 25;
const longestValue = 100;

/** A button that opens the choice, for a Jellyfin whose user was never chosen. */
export function userButton() {
  return buttonRow([{ id: 'services:who:0', label: 'Choose your Jellyfin user' }]);
}

/**
 * Jellyfin's keys are for the whole server, so the person says which of its users they are. `words` is what the card says
 * of the service; it stays even when the users cannot be read.
 */
export async function askForUser(
  interaction: ModalSubmitInteraction,
  context: CommandContext,
  { config, words }: { config: ServiceConfig; words: string },
): Promise<void> {
  try {
    const users = await usersOf(context);
    const kept = await forgetForeignUser(context, config, users);
    const question = `${words}\nWhich of its users are you?`;
    const content =
      users.length === 0
        ? [text(`${words}\nIt has no users yet.`)]
        : choice({ question, users, chosen: kept, page: 0 });
    await interaction.editReply(cardMessage(content));
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    context.log.info({ err: error, service: 'jellyfin' }, 'the users of a Jellyfin cannot be read');
    const reason = `Its users can’t be read, though: ${describeError(error)}`;
    await interaction.editReply(cardMessage([text(`${words}\n${reason}`), userButton()]));
  }
}

/** Turns the pages of the choice, or opens it again. */
export async function showUsers(interaction: MessageComponentInteraction, context: CommandContext, page: number) {
  const [users, config] = await Promise.all([usersOf(context), storedJellyfin(context)]);
  if (users.length === 0) throw new UserError('This Jellyfin has no users yet. Make one there, then try again.');
  const question = 'Which of **Jellyfin**’s users are you?';
  await interaction.editReply(cardMessage(choice({ question, users, chosen: config.options.userId, page })));
}

/** Keeps the choice, once it is seen that the server has such a user. */
export async function chooseUser(interaction: MessageComponentInteraction, context: CommandContext): Promise<void> {
  const chosen = interaction.isStringSelectMenu() ? interaction.values[0] : undefined;
  const person = (await usersOf(context)).find((user) => user.id === chosen);
  if (person === undefined)
    throw new UserError('Jellyfin no longer has that user. Type `/services configure` and choose again.');
  const config = await storedJellyfin(context);
  const options = { ...config.options, userId: person.id, userName: oneLine(person.name, 100) };
  await updateServiceConfig(context.db, { id: config.id, userId: context.user.id, options });
  await interaction.editReply(
    cardMessage([text(`✅ **Jellyfin** is set up, and you are **${escaped(person.name, 100)}** there.`)]),
  );
}

function choice(view: {
  question: string;
  users: readonly JellyfinUser[];
  chosen: unknown;
  page: number;
}): APIComponentInContainer[] {
  const pages = Math.ceil(view.users.length / pageSize);
  const page = Math.min(Math.max(view.page, 0), pages - 1);
  const options = view.users.slice(page * pageSize, (page + 1) * pageSize).map(({ id, name }) => ({
    value: id,
    label: oneLine(name, 100) || id,
    ...(view.chosen === id ? { default: true } : {}),
  }));
  const turns: Button[] = [];
  if (page > 0) turns.push({ id: `services:who:${page - 1}`, label: 'Back' });
  if (page < pages - 1) turns.push({ id: `services:who:${page + 1}`, label: `More (${page + 1} of ${pages})` });
  return [
    text(view.question),
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
    ...(turns.length === 0 ? [] : [buttonRow(turns)]),
  ];
}

/** Everyone on the server who can be chosen: whoever has the person's own name first, then by name. */
async function usersOf(context: CommandContext): Promise<JellyfinUser[]> {
  const stack = await openStack(context, { actorId: context.user.id, ownerId: context.user.id });
  const users = await stack.get('jellyfin').users({ signal: context.signal });
  const usable = users.filter(({ id }) => id !== '' && id.length <= longestValue);
  const own = [context.user.displayName, context.user.username].map((name) => name?.toLowerCase());
  const isOwn = ({ name }: JellyfinUser) => Number(own.includes(name.toLowerCase()));
  return [...new Map(usable.map((user) => [user.id, user])).values()].sort(
    (a, b) => isOwn(b) - isOwn(a) || a.name.localeCompare(b.name),
  );
}

/** A choice that this server does not have was made on another one. Gives the id that still holds. */
async function forgetForeignUser(context: CommandContext, config: ServiceConfig, users: readonly JellyfinUser[]) {
  const { userId, userName: _name, ...options } = config.options;
  if (userId === undefined || users.some(({ id }) => id === userId)) return userId;
  await updateServiceConfig(context.db, { id: config.id, userId: context.user.id, options });
  return undefined;
}

async function storedJellyfin(context: CommandContext): Promise<ServiceConfig> {
  const config = await getServiceConfig(context.db, { userId: context.user.id, serviceName: 'jellyfin' });
  if (config === null) throw new UserError('Jellyfin is not set up for you any more. `/services configure` adds it.');
  return config;
}
