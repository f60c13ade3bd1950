import {
  alreadyAcknowledged,
  invalidForm,
  invalidToken,
  Refusal,
  unknownInteraction,
  unknownMessage,
  unknownWebhook,
} from './errors.ts';
import type { DiscordState, Interaction, Json, Message } from './state.ts';
import { validateChoices } from './validate-commands.ts';
import { isObject, objects, validateModal } from './validate-components.ts';
import { flagEphemeral, validateMessage } from './validate-message.ts';

const command = 2;
const component = 3;
const autocomplete = 4;
const modalSubmit = 5;

/** What a bot may answer to which kind of interaction: callback type → kinds. */
const allowedFor: Record<number, number[]> = {
  4: [command, component, modalSubmit],
  5: [command, component, modalSubmit],
  6: [component, modalSubmit],
  7: [component, modalSubmit],
  8: [autocomplete],
  9: [command, component],
};

/** POST /interactions/{id}/{token}/callback. Throws a Refusal as Discord would. */
export function answerInteraction(
  state: DiscordState,
  id: string,
  token: string,
  body: Json,
  files: Json[],
): Message | null {
  const interaction = state.interactions.get(id);
  if (interaction === undefined || interaction.token !== token) throw unknownInteraction();
  if (interaction.answered !== null) throw alreadyAcknowledged();
  if (Date.now() - interaction.createdAt > state.limits.interactionMs) throw unknownInteraction();
  const type = Number(body.type);
  if (!allowedFor[type]?.includes(interaction.type))
    throw invalidForm('type', 'BASE_TYPE_CHOICES', 'Not an answer to this kind of interaction.');
  const data = isObject(body.data) ? body.data : {};
  const source = interaction.originalId === null ? undefined : state.messages.get(interaction.originalId);
  if ((type === 6 || type === 7) && source === undefined)
    throw invalidForm('type', 'BASE_TYPE_CHOICES', 'There is no message to update.');
  switch (type) {
    case 4: {
      validateMessage(data, { isEdit: false, wasV2: false, hasFiles: files.length > 0 });
      return finish(state, interaction, 'message', reply(state, interaction, data, files));
    }
    case 5: {
      const flags = Number(data.flags ?? 0) & flagEphemeral;
      const message = reply(state, interaction, { flags: flags | 128 }, []);
      return finish(state, interaction, 'deferred', message);
    }
    case 6:
      return finish(state, interaction, 'deferred-update', source ?? null);
    case 7:
      if (source !== undefined) editMessage(state, source, data, files);
      return finish(state, interaction, 'update', source ?? null);
    case 8:
      interaction.choices = validateChoices(data.choices);
      return finish(state, interaction, 'autocomplete', null);
    default:
      validateModal(data);
      interaction.modal = data;
      return finish(state, interaction, 'modal', null);
  }
}

function finish(
  state: DiscordState,
  interaction: Interaction,
  answered: Interaction['answered'],
  message: Message | null,
): Message | null {
  interaction.answered = answered;
  if (message !== null) interaction.originalId = message.id;
  state.changed();
  return message;
}

function reply(state: DiscordState, interaction: Interaction, data: Json, files: Json[]): Message {
  const flags = Number(data.flags ?? 0);
  interaction.ephemeral = (flags & flagEphemeral) !== 0;
  return state.addMessage({
    channelId: interaction.channelId,
    authorId: state.bot.id,
    content: typeof data.content === 'string' ? data.content : '',
    embeds: objects(data.embeds),
    components: objects(data.components),
    attachments: files,
    flags,
    ephemeralFor: interaction.ephemeral ? interaction.userId : null,
    interactionId: interaction.id,
    allowedMentions: data.allowed_mentions ?? null,
  });
}

/** Finds the interaction of a webhook's token. Throws 50027 once the token is too old. */
export function interactionOfToken(state: DiscordState, token: string): Interaction {
  const interaction = [...state.interactions.values()].find((candidate) => candidate.token === token);
  if (interaction === undefined) throw unknownWebhook();
  if (Date.now() - interaction.createdAt > state.limits.tokenMs) throw invalidToken();
  return interaction;
}

/** POST /webhooks/{application}/{token}: a further message, or the first after a deferral. */
export function followUp(state: DiscordState, token: string, data: Json, files: Json[]): Message {
  const interaction = interactionOfToken(state, token);
  if (interaction.answered === null) throw unknownWebhook();
  validateMessage(data, { isEdit: false, wasV2: false, hasFiles: files.length > 0 });
  const channel = state.channels.get(interaction.channelId);
  if (channel !== undefined && !state.isMember(channel) && ++interaction.followUps > 5)
    throw new Refusal(400, 40094, 'The maximum number of follow-up messages has been reached');
  const ephemeral = interaction.ephemeral;
  const message = reply(state, interaction, data, files);
  interaction.ephemeral = ephemeral;
  return message;
}

/** The message that `@original` or an id names for a webhook's token. Throws 10008 when there is none. */
export function webhookMessage(state: DiscordState, token: string, id: string): Message {
  const interaction = interactionOfToken(state, token);
  const message = state.messages.get(id === '@original' ? (interaction.originalId ?? '') : id);
  if (message === undefined || message.deleted || message.authorId !== state.bot.id) throw unknownMessage();
  return message;
}

/** Applies an edit. A deferred message stops being "thinking". Throws 50035 for what Discord refuses. */
export function editMessage(state: DiscordState, message: Message, data: Json, files: Json[]): void {
  const wasV2 = (message.flags & (1 << 15)) !== 0;
  validateMessage(data, { isEdit: true, wasV2, hasFiles: files.length > 0 });
  const wasThinking = (message.flags & 128) !== 0;
  message.flags = (message.flags & ~128) | (Number(data.flags ?? 0) & (1 << 15));
  if (typeof data.content === 'string' || data.content === null) message.content = data.content ?? '';
  if (data.embeds !== undefined) message.embeds = objects(data.embeds);
  if (data.components !== undefined) message.components = objects(data.components);
  if (files.length > 0 || data.attachments !== undefined) message.attachments = files;
  if (data.allowed_mentions !== undefined) message.allowedMentions = data.allowed_mentions;
  if (!wasThinking) {
    message.editCount++;
    message.editedAt = Date.now();
  }
  state.changed();
}
