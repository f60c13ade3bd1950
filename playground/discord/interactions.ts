import { isObject, type Json } from '../json.ts';
import { alreadyAcknowledged, unknownInteraction } from './errors.ts';
import { Form, refuse } from './form.ts';
import { createMessage, editMessage } from './messages.ts';
import type { DiscordState, Interaction, Message } from './state.ts';
import type { Upload } from './uploads.ts';
import { checkChoice } from './validate-commands.ts';
import { flagEphemeral, flagThinking } from './validate-message.ts';
import { validateModal } from './validate-modal.ts';

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

/** A message that came of an answer, and whether it is new, changed, or as it was. */
export type Answer = { message: Message | null; event: 'MESSAGE_CREATE' | 'MESSAGE_UPDATE' | null };

/** POST /interactions/{id}/{token}/callback. Throws a Refusal as Discord would. */
export function answerInteraction(
  state: DiscordState,
  { id, token }: { id: string; token: string },
  { body, uploads }: { body: Json; uploads: readonly Upload[] },
): Answer {
  const interaction = state.interactions.get(id);
  if (interaction === undefined || interaction.token !== token) throw unknownInteraction();
  if (interaction.answered !== null) throw alreadyAcknowledged();
  if (Date.now() - interaction.createdAt > state.limits.interactionMs) throw unknownInteraction();
  const type = Number(body.type);
  if (!allowedFor[type]?.includes(interaction.type))
    refuse('type', 'INTERACTION_RESPONSE_TYPE_INVALID', 'Not an answer to this kind of interaction.');
  const data = isObject(body.data) ? body.data : {};
  // What is wrong with an answer's message stands under `data`.
  const sent = { body: data, uploads, form: new Form('data') };
  switch (type) {
    case 4:
      return settle(state, interaction, 'message', {
        message: createMessage(state, sent, whereOf(interaction, data)),
        event: 'MESSAGE_CREATE',
      });
    case 5: {
      const where = whereOf(interaction, data);
      const message = state.addMessage({ authorId: state.bot.id, ...where, flags: where.flags | flagThinking });
      return settle(state, interaction, 'deferred', { message, event: 'MESSAGE_CREATE' });
    }
    case 6:
      return settle(state, interaction, 'deferred-update', { message: sourceOf(state, interaction), event: null });
    case 7: {
      const message = sourceOf(state, interaction);
      editMessage(state, message, sent);
      return settle(state, interaction, 'update', { message, event: 'MESSAGE_UPDATE' });
    }
    case 8:
      interaction.choices = validChoices(data.choices, interaction.focusedType ?? 3, sent.form);
      return settle(state, interaction, 'autocomplete', { message: null, event: null });
    default:
      validateModal(data, sent.form);
      interaction.modal = data;
      return settle(state, interaction, 'modal', { message: null, event: null });
  }
}

/** Where a message that answers an interaction goes, and who sees it. */
export function whereOf(
  interaction: Interaction,
  data: Json,
): Pick<Message, 'channelId' | 'flags' | 'ephemeralFor' | 'interactionId'> {
  const ephemeral = Number(data.flags ?? 0) & flagEphemeral;
  return {
    channelId: interaction.channelId,
    flags: ephemeral,
    ephemeralFor: ephemeral === 0 ? null : interaction.userId,
    interactionId: interaction.id,
  };
}

function settle(
  state: DiscordState,
  interaction: Interaction,
  answered: NonNullable<Interaction['answered']>,
  answer: Answer,
): Answer {
  interaction.answered = answered;
  interaction.originalId = answer.message?.id ?? null;
  state.changed();
  return answer;
}

function sourceOf(state: DiscordState, interaction: Interaction): Message {
  const source = state.messages.get(interaction.sourceId ?? '');
  return source ?? refuse('type', 'INTERACTION_RESPONSE_TYPE_INVALID', 'There is no message to update.');
}

/** Checks the choices that a bot answers to autocomplete with: 25, each with a name and a value of the option's type. */
function validChoices(choices: unknown, optionType: number, form: Form): Json[] {
  const place = form.at('choices');
  if (choices === undefined || choices === null) place.fault('BASE_TYPE_REQUIRED', 'This field is required');
  const list = place.list(choices, 0, 25);
  for (const [index, choice] of list.entries()) checkChoice(choice, optionType, place.at(index));
  form.done();
  return list;
}
