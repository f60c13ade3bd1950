import type { ChatInputCommandInteraction, MessageComponentInteraction, ModalSubmitInteraction } from 'discord.js';
import { getServiceConfig } from '../../db/queries/service-configs.ts';
import type { ServiceConfig } from '../../db/schema.ts';
import { messages, type Say, type Saying } from '../../messages.ts';
import { normaliseAddress } from '../../services/normalise-address.ts';
import { type ServiceName, serviceDefinitions } from '../../services/registry.ts';
import { sayTo } from '../../tools/caller.ts';
import { describeError } from '../../tools/describe-error.ts';
import { storedKey } from '../../tools/stored-key.ts';
import { cardMessage, text } from '../cards/title-face.ts';
import type { CommandContext } from '../command.ts';
import { askForUser } from './choose-user.ts';
import type { Draft } from './drafts.ts';
import { configureModal, typedInto } from './modal.ts';
import { record } from './record.ts';
import { recordedWords } from './recorded-words.ts';
import { forgetDraft, refuse, typedBefore } from './refused.ts';
import { isElsewhere, saveDraft } from './save-draft.ts';
import { keepableService } from './stored.ts';
import { tryConnection } from './try-connection.ts';
import { checkedWords } from './words.ts';

export const configureMessages = messages('configure_service', {
  otherMachine: `{secret, select,
    password {This is a different machine than before. Type {label}’s password too.}
    other {This is a different machine than before. Type {label}’s API key too.}}`,
  missing: '{secret, select, password {The password is missing.} other {The API key is missing.}}',
  otherServer: `{secret, select,
    password {This is a different server, and the stored password is sent only to the one it was typed for. Type {label}’s password too.}
    other {This is a different server, and the stored API key is sent only to the one it was typed for. Type {label}’s API key too.}}`,
  isSetUp: '✅ **{label}** is set up.',
});

const words = configureMessages;

/** Opens the modal, with the current address filled in if its key can be decrypted; the key is never filled in. */
export async function openConfigure(
  interaction: ChatInputCommandInteraction | MessageComponentInteraction,
  context: CommandContext,
  name: ServiceName,
): Promise<void> {
  const config = await keepableService(context, name);
  const filled = { address: config?.baseUrl ?? '', username: config?.username ?? '' };
  const kept = config === null ? null : ({ from: 'saved' } as const);
  await interaction.showModal(configureModal(name, filled, kept, sayTo(context.caller)));
}

/** The modal was submitted: tests the connection, and saves only what works. `draftId`: this is another try. */
export async function submitConfigure(
  interaction: ModalSubmitInteraction,
  context: CommandContext,
  name: ServiceName,
  draftId: string | null,
): Promise<void> {
  const definition = serviceDefinitions[name];
  const { address: typedAddress, username, secret: typedSecret } = typedInto(interaction.fields, definition);
  const userId = context.user.id;
  const before = typedSecret === null && draftId !== null ? typedBefore(draftId, { userId, serviceName: name }) : null;
  const config = await getServiceConfig(context.ledger.db, { userId, serviceName: name });
  const address = normaliseAddress(typedAddress, definition);
  const baseUrl = address.ok ? address.baseUrl : null;
  const newSecret = typedSecret ?? before?.secret ?? null;
  const sentTo = before?.sentTo ?? null;
  const draft: Draft = { userId, serviceName: name, typedAddress, baseUrl, username, secret: newSecret, sentTo };
  if (!address.ok) return refuse(interaction, context, { draft, reason: address.reason, canSave: false });
  const { hostname } = new URL(address.baseUrl);
  const isForAnother = typedSecret === null && sentTo !== null && sentTo !== hostname;
  const secret = isForAnother
    ? { missing: (say: Say) => say(words.otherMachine, { label: definition.label, secret: definition.secret }) }
    : (newSecret ?? keptSecret(context, { name, config, baseUrl: address.baseUrl }));
  if (typeof secret !== 'string')
    return refuse(interaction, context, { draft, reason: secret.missing, canSave: false });
  // Tested without the user chosen before: if that user no longer exists, the person must be able to choose another.
  const actor = { user: null, isOwner: true };
  const attempt = await tryConnection(context, name, { baseUrl: address.baseUrl, secret, username, actor });
  if (!attempt.ok) {
    draft.failure = attempt.error.failure;
    if (newSecret !== null && draft.failure !== 'address_not_found') draft.sentTo = hostname;
    const { error } = attempt;
    // An address that is always refused cannot be saved either.
    const canSave = draft.failure !== 'own_address';
    return refuse(interaction, context, {
      draft,
      reason: (say) => describeError(error, say, { toOwner: true }),
      recorded: (say) => describeError(error, say),
      canSave,
    });
  }
  const saved = await saveDraft(context, draft, attempt.check);
  forgetDraft(draft);
  const { label } = definition;
  const about = `${context.say(words.isSetUp, { label })} ${checkedWords(attempt.check, context.say)}`;
  await record(interaction, context, { subcommand: 'configure', service: name, words: recordedWords.works(label) });
  if (definition.user !== null) await askForUser(interaction, context, { name, config: saved, about });
  else await interaction.editReply(cardMessage([text(about)]));
}

/** The stored key, if it may be sent to that address; otherwise why one must be typed. */
function keptSecret(
  context: CommandContext,
  { name, config, baseUrl }: { name: ServiceName; config: ServiceConfig | null; baseUrl: string },
): string | { missing: Saying } {
  const { label, secret, words: ofService } = serviceDefinitions[name];
  if (config === null) return { missing: (say) => `${say(words.missing, { secret })} ${say(ofService.secretHint)}` };
  // A key must not be sent to a machine that it was not typed for.
  if (isElsewhere(config, baseUrl)) return { missing: (say) => say(words.otherServer, { label, secret }) };
  return storedKey(context.ledger.keyring, config);
}
