import type { Json } from '../json.ts';
import { invalidToken, tooManyFollowUps, unknownMessage, unknownWebhook } from './errors.ts';
import { whereOf } from './interactions.ts';
import { createMessage, editMessage } from './messages.ts';
import type { DiscordState, Interaction, Message } from './state.ts';
import type { Upload } from './uploads.ts';
import { flagThinking } from './validate-message.ts';

type Sent = { body: Json; uploads: readonly Upload[] };

/** Where the bot is no member, a person's command may be followed up five times. */
const mostFollowUps = 5;

/** Finds the answered interaction of a webhook's token. Throws 50027 once the token is too old, 10015 before an answer. */
function interactionOf(state: DiscordState, token: string): Interaction {
  const interaction = state.interactionOfToken(token);
  if (interaction === undefined) throw unknownWebhook();
  if (Date.now() - interaction.createdAt > state.limits.tokenMs) throw invalidToken();
  if (interaction.answered === null || interaction.answered === 'autocomplete') throw unknownWebhook();
  return interaction;
}

/** POST /webhooks/{application}/{token}: a further message; the first after a deferral takes the place of "thinking". */
export function followUp(state: DiscordState, token: string, sent: Sent): { message: Message; isNew: boolean } {
  const interaction = interactionOf(state, token);
  const channel = state.channels.get(interaction.channelId);
  if (channel !== undefined && !state.isMember(channel) && interaction.followUps >= mostFollowUps)
    throw tooManyFollowUps();
  const original = state.messages.get(interaction.originalId ?? '');
  const isThinking = original !== undefined && !original.deleted && (original.flags & flagThinking) !== 0;
  if (isThinking) editMessage(state, original, sent);
  const message = isThinking ? original : createMessage(state, sent, whereOf(interaction, sent.body));
  interaction.followUps++;
  return { message, isNew: !isThinking };
}

/** The message that `@original` or an id names for a webhook's token. Throws 10008 when there is none. */
export function webhookMessage(state: DiscordState, token: string, id: string): Message {
  const interaction = interactionOf(state, token);
  const message = state.messages.get(id === '@original' ? (interaction.originalId ?? '') : id);
  const isOwn = message?.interactionId === interaction.id || message?.id === interaction.originalId;
  if (message === undefined || message.deleted || !isOwn || message.authorId !== state.bot.id) throw unknownMessage();
  return message;
}

/** PATCH of such a message. */
export function editWebhookMessage(state: DiscordState, token: string, message: Message, sent: Sent): void {
  const interaction = interactionOf(state, token);
  if (interaction.answered === 'deferred-update' && message.id === interaction.originalId)
    interaction.answered = 'update';
  editMessage(state, message, sent);
}
