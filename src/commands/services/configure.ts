import {
  type APIModalInteractionResponseCallbackData,
  ButtonStyle,
  type ChatInputCommandInteraction,
  ComponentType,
  type MessageComponentInteraction,
  type ModalSubmitInteraction,
  TextInputStyle,
} from 'discord.js';
import { getServiceConfig } from '../../db/queries/service-configs.ts';
import type { ServiceConfig } from '../../db/schema.ts';
import { ServiceError, UserError } from '../../errors.ts';
import { normaliseAddress } from '../../services/normalise-address.ts';
import { type ServiceName, serviceDefinitions } from '../../services/registry.ts';
import type { Connection, ServiceCheck } from '../../services/service.ts';
import { describeError } from '../../tools/describe-error.ts';
import { buttonRow } from '../cards/controls.ts';
import { cardMessage, text } from '../cards/title-face.ts';
import type { CommandContext } from '../command.ts';
import { saveExchange } from '../save-exchange.ts';
import { type Draft, Drafts } from './drafts.ts';
import { askForUser } from './jellyfin-user.ts';
import { saveDraft } from './save-draft.ts';
import { checkedWords } from './words.ts';

const drafts = new Drafts();
const draftIsGone = 'What you typed is no longer there. Type `/services configure` and fill it in again.';

type Opener = ChatInputCommandInteraction | MessageComponentInteraction;

/** Opens the modal, with the present address filled in; the key never is. */
export async function openConfigure(interaction: Opener, context: CommandContext, name: ServiceName): Promise<void> {
  const config = await getServiceConfig(context.db, { userId: context.user.id, serviceName: name });
  const filled = { address: config?.baseUrl ?? '', username: config?.username ?? '' };
  await interaction.showModal(modal(name, filled, config !== null));
}

/** Opens the modal again with what was typed before. */
export async function openRetry(interaction: MessageComponentInteraction, context: CommandContext, draftId: string) {
  const draft = drafts.get(draftId, context.user.id);
  if (draft === null) throw new UserError(draftIsGone);
  const config = await getServiceConfig(context.db, { userId: context.user.id, serviceName: draft.serviceName });
  const filled = { address: draft.typedAddress, username: draft.username ?? '' };
  await interaction.showModal(modal(draft.serviceName, filled, config !== null));
}

function modal(
  name: ServiceName,
  filled: { address: string; username: string },
  isStored: boolean,
): APIModalInteractionResponseCallbackData {
  const definition = serviceDefinitions[name];
  const secretHint = isStored ? 'Leave empty to keep the present one.' : definition.secretHint;
  const field = (
    id: string,
    label: string,
    more: { description?: string; value?: string; placeholder?: string; required?: boolean; max: number },
  ) => ({
    type: ComponentType.Label as const,
    label,
    ...(more.description === undefined ? {} : { description: more.description }),
    component: {
      type: ComponentType.TextInput as const,
      custom_id: id,
      style: TextInputStyle.Short as const,
      required: more.required ?? true,
      max_length: more.max,
      ...(more.value ? { value: more.value } : {}),
      ...(more.placeholder === undefined ? {} : { placeholder: more.placeholder }),
    },
  });
  return {
    custom_id: `services:submit:${name}`,
    title: `Set up ${definition.label}`,
    components: [
      field('address', 'Address', {
        description: 'As in your browser; IP address or name, with port.',
        placeholder: `http://192.168.1.20:${definition.defaultPort}`,
        value: filled.address,
        max: 500,
      }),
      ...(definition.needsUsername ? [field('username', 'User name', { value: filled.username, max: 100 })] : []),
      field('secret', definition.secretLabel, { description: secretHint, required: !isStored, max: 500 }),
    ],
  };
}

/** The modal came back: the connection is tried, and only what works is saved. */
export async function submitConfigure(
  interaction: ModalSubmitInteraction,
  context: CommandContext,
  name: ServiceName,
): Promise<void> {
  const definition = serviceDefinitions[name];
  const typedAddress = interaction.fields.getTextInputValue('address').trim();
  const typedSecret = interaction.fields.getTextInputValue('secret').trim();
  const username = definition.needsUsername ? interaction.fields.getTextInputValue('username').trim() : null;
  const config = await getServiceConfig(context.db, { userId: context.user.id, serviceName: name });
  const address = normaliseAddress(typedAddress, definition);
  const draft: Draft = {
    userId: context.user.id,
    serviceName: name,
    typedAddress,
    baseUrl: address.ok ? address.baseUrl : null,
    username,
    secret: typedSecret === '' ? null : typedSecret,
  };
  if (!address.ok) return refuse(interaction, context, draft, address.reason);
  if (draft.secret === null) {
    if (config === null)
      return refuse(interaction, context, draft, `The ${definition.secretLabel} is missing. ${definition.secretHint}`);
    // A key must not go to a machine that it was not typed for.
    if (new URL(config.baseUrl).origin !== new URL(address.baseUrl).origin)
      return refuse(
        interaction,
        context,
        draft,
        `This is another server than before, so type its ${definition.secretLabel} too.`,
      );
    draft.secret = storedSecret(context, config);
  }
  const tried = await tryConnection(context, {
    name,
    baseUrl: address.baseUrl,
    secret: draft.secret,
    username,
    config,
  });
  if (!tried.ok) return refuse(interaction, context, draft, tried.reason);
  const saved = await saveDraft(context, draft, tried.check);
  const words = `✅ **${definition.label}** is set up. ${checkedWords(tried.check)}`;
  await record(interaction, context, name, `${definition.label} was set up and works.`);
  await interaction.editReply(cardMessage([text(words)]));
  if (name === 'jellyfin') await askForUser(interaction, context, saved);
}

function storedSecret(context: CommandContext, config: ServiceConfig): string {
  const { apiKey: ciphertext, userId, serviceName } = config;
  const secret = context.keyring.decrypt({ ciphertext, userId, serviceName });
  if (secret === null)
    throw new UserError('The stored key cannot be read any more. Type it again with `/services configure`.');
  return secret;
}

async function tryConnection(
  context: CommandContext,
  target: { name: ServiceName; baseUrl: string; secret: string; username: string | null; config: ServiceConfig | null },
): Promise<{ ok: true; check: ServiceCheck } | { ok: false; reason: string }> {
  const connection: Connection = {
    baseUrl: target.baseUrl,
    secret: target.secret,
    username: target.username,
    options: target.config?.options ?? {},
    http: context.http,
  };
  try {
    return {
      ok: true,
      check: await serviceDefinitions[target.name].open(connection).check({ signal: context.signal }),
    };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    context.log.info({ err: error, service: target.name }, 'a connection that was typed does not work');
    return { ok: false, reason: describeError(error) };
  }
}

/** Says why nothing was saved; what was typed is kept for another try. */
async function refuse(interaction: ModalSubmitInteraction, context: CommandContext, draft: Draft, reason: string) {
  const id = drafts.put(draft);
  const { label } = serviceDefinitions[draft.serviceName];
  const canSave = draft.baseUrl !== null && draft.secret !== null;
  await record(interaction, context, draft.serviceName, `Not saved: ${reason}`);
  await interaction.editReply(
    cardMessage([
      text(`⚠️ **${label} is not saved.** ${reason}`),
      buttonRow([
        { id: `services:retry:${id}`, label: 'Try again', style: ButtonStyle.Primary },
        ...(canSave ? [{ id: `services:save:${id}`, label: 'Save anyway' }] : []),
        { id: `services:drop:${id}`, label: 'Cancel' },
      ]),
    ]),
  );
}

/** "Save anyway": for a server that is switched off just now. */
export async function saveAnyway(interaction: MessageComponentInteraction, context: CommandContext, draftId: string) {
  const draft = drafts.take(draftId, context.user.id);
  if (draft === null) {
    await interaction.editReply(cardMessage([text(draftIsGone)]));
    return;
  }
  await saveDraft(context, draft, null);
  const { label } = serviceDefinitions[draft.serviceName];
  await record(interaction, context, draft.serviceName, `${label} was saved without a working connection.`);
  await interaction.editReply(
    cardMessage([text(`**${label}** is saved, though it did not answer well. Try it later with \`/services test\`.`)]),
  );
}

export async function dropDraft(interaction: MessageComponentInteraction, context: CommandContext, draftId: string) {
  drafts.take(draftId, context.user.id);
  await interaction.editReply(cardMessage([text('Canceled. Nothing was saved.')]));
}

async function record(
  interaction: ModalSubmitInteraction | MessageComponentInteraction,
  context: CommandContext,
  name: ServiceName,
  words: string,
) {
  const commandText = `/services configure service: ${name}`;
  await saveExchange(context, { interaction, commandText, parts: [{ type: 'text', text: words }] });
}
