import {
  type APIComponentInContainer,
  ComponentType,
  type MessageComponentInteraction,
  type ModalSubmitInteraction,
} from 'discord.js';
import { getServiceConfig, updateServiceConfig } from '../../db/queries/service-configs.ts';
import type { ServiceConfig } from '../../db/schema.ts';
import { ServiceError, UserError } from '../../errors.ts';
import { messages, type Say } from '../../messages.ts';
import { type ServiceName, serviceDefinitions } from '../../services/registry.ts';
import type { ServiceClient, ServiceUser } from '../../services/service.ts';
import { describeError } from '../../tools/describe-error.ts';
import { openStack } from '../../tools/stack.ts';
import { type Button, buttonRow } from '../cards/controls.ts';
import { escaped, oneLine } from '../cards/server-text.ts';
import { cardMessage, text } from '../cards/title-face.ts';
import type { CommandContext } from '../command.ts';

/** Discord's limits: options of a select, length of an option's value, length of what stands in the select before. */
const pageSize = 25;
const longestValue = 100;
const longestPlaceholder = 150;

export const chooseUserMessages = messages('choose_user', {
  choose: 'Choose your {label} user',
  noneYet: 'It has no users yet.',
  unread: 'Its users could not be read: {reason}',
  addOne: 'This {label} has no users yet. Add one there, then try again.',
  question: '**{label}**: {question}',
  isGone: '{label} no longer has that user. Type `/services configure` and choose again.',
  chosen: '✅ **{label}** is set up, and you are **{user}** there.',
  who: 'Who are you on {label}?',
  back: 'Back',
  more: 'More ({page, number, ::group-off} of {pages, number, ::group-off})',
  notSetUp: '{label} is not set up for you any more. `/services configure` adds it.',
});

const words = chooseUserMessages;

/** A button that opens the choice, for a server where it was never made. */
export function userButton(name: ServiceName, say: Say) {
  const label = say(words.choose, { label: serviceDefinitions[name].label });
  return buttonRow([{ id: `services:who:${name}:0`, label }]);
}

/**
 * A key for a whole server does not say which of its users the person is, so they are asked. `about` is what the card says about
 * the service; it is shown even if the users cannot be read.
 */
export async function askForUser(
  interaction: ModalSubmitInteraction,
  context: CommandContext,
  { name, config, about }: { name: ServiceName; config: ServiceConfig; about: string },
): Promise<void> {
  const { say } = context;
  try {
    const users = await usersOf(context, name);
    const kept = await forgetForeignUser(context, config, users);
    const { user } = serviceDefinitions[name];
    const content =
      users.length === 0
        ? [text(`${about}\n${say(words.noneYet)}`)]
        : users.length === 1 && user?.isNeeded === false
          ? [text(about)]
          : choice({ name, question: `${about}\n${questionOf(name, say)}`, users, chosen: kept, page: 0, say });
    await interaction.editReply(cardMessage(content));
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    context.ledger.log.info({ err: error, service: name }, 'the users of a server cannot be read');
    const unread = say(words.unread, { reason: describeError(error, say) });
    await interaction.editReply(cardMessage([text(`${about}\n${unread}`), userButton(name, say)]));
  }
}

/** Turns the pages of the choice, or opens it again. */
export async function showUsers(
  interaction: MessageComponentInteraction,
  context: CommandContext,
  name: ServiceName,
  page: number,
): Promise<void> {
  const [users, config] = await Promise.all([usersOf(context, name), stored(context, name)]);
  const { label } = serviceDefinitions[name];
  const { say } = context;
  if (users.length === 0) throw new UserError((say) => say(words.addOne, { label }));
  const question = say(words.question, { label, question: questionOf(name, say) });
  await interaction.editReply(cardMessage(choice({ name, question, users, chosen: config.options.userId, page, say })));
}

/** Saves the choice, after checking that the server has such a user. */
export async function chooseUser(
  interaction: MessageComponentInteraction,
  context: CommandContext,
  name: ServiceName,
): Promise<void> {
  const { label } = serviceDefinitions[name];
  const chosen = interaction.isStringSelectMenu() ? interaction.values[0] : undefined;
  const person = (await usersOf(context, name)).find((user) => user.id === chosen);
  if (person === undefined) throw new UserError((say) => say(words.isGone, { label }));
  const config = await stored(context, name);
  const options = { ...config.options, userId: person.id, userName: oneLine(person.name, 100) };
  await updateServiceConfig(context.ledger.db, { id: config.id, userId: context.user.id, options });
  const chosenWords = context.say(words.chosen, { label, user: escaped(person.name, 100) });
  await interaction.editReply(cardMessage([text(chosenWords)]));
}

function questionOf(name: ServiceName, say: Say): string {
  const { user } = serviceDefinitions[name];
  return user === null ? '' : say(user.question);
}

function choice(view: {
  name: ServiceName;
  question: string;
  users: readonly ServiceUser[];
  chosen: unknown;
  page: number;
  say: Say;
}): APIComponentInContainer[] {
  const { say } = view;
  const pages = Math.ceil(view.users.length / pageSize);
  const page = Math.min(Math.max(view.page, 0), pages - 1);
  const options = view.users.slice(page * pageSize, (page + 1) * pageSize).map(({ id, name }) => ({
    value: id,
    label: oneLine(name, 100) || id,
    ...(view.chosen === id ? { default: true } : {}),
  }));
  const turns: Button[] = [];
  if (page > 0) turns.push({ id: `services:who:${view.name}:${page - 1}`, label: say(words.back) });
  if (page < pages - 1)
    turns.push({ id: `services:who:${view.name}:${page + 1}`, label: say(words.more, { page: page + 1, pages }) });
  return [
    text(view.question),
    {
      type: ComponentType.ActionRow,
      components: [
        {
          type: ComponentType.StringSelect,
          custom_id: `services:user:${view.name}`,
          placeholder: oneLine(say(words.who, { label: serviceDefinitions[view.name].label }), longestPlaceholder),
          options,
        },
      ],
    },
    ...(turns.length === 0 ? [] : [buttonRow(turns)]),
  ];
}

/** Everyone on the server who can be chosen: first whoever has the person's Discord name, then by name. */
async function usersOf(context: CommandContext, name: ServiceName): Promise<ServiceUser[]> {
  const stack = await openStack(context.ledger, context.caller);
  const client: ServiceClient = stack.get(name);
  const users = (await client.users?.({ signal: context.signal })) ?? [];
  const usable = users.filter(({ id }) => id !== '' && id.length <= longestValue);
  const own = [context.user.displayName, context.user.username].map((name) => name?.toLowerCase());
  const isOwn = ({ name }: ServiceUser) => Number(own.includes(name.toLowerCase()));
  return [...new Map(usable.map((user) => [user.id, user])).values()].sort(
    (a, b) => isOwn(b) - isOwn(a) || a.name.localeCompare(b.name),
  );
}

/** Forgets a chosen user that this server does not have: it was chosen on another one. Gives the id that is still valid. */
async function forgetForeignUser(context: CommandContext, config: ServiceConfig, users: readonly ServiceUser[]) {
  const { userId, userName: _name, ...options } = config.options;
  if (userId === undefined || users.some(({ id }) => id === userId)) return userId;
  await updateServiceConfig(context.ledger.db, { id: config.id, userId: context.user.id, options });
  return undefined;
}

async function stored(context: CommandContext, serviceName: ServiceName): Promise<ServiceConfig> {
  const config = await getServiceConfig(context.ledger.db, { userId: context.user.id, serviceName });
  const { label } = serviceDefinitions[serviceName];
  if (config === null) throw new UserError((say) => say(words.notSetUp, { label }));
  return config;
}
