import type { Json } from '../../json.ts';
import { unknownWebhook } from '../errors.ts';
import { type Answer, answerInteraction } from '../interactions.ts';
import { announce } from '../messages.ts';
import { messagePayload } from '../payloads.ts';
import type { DiscordState } from '../state.ts';
import { flagEphemeral, flagThinking } from '../validate-message.ts';
import { editWebhookMessage, followUp, webhookMessage } from '../webhooks.ts';
import type { Place, Route } from './route.ts';

const webhookPath = '/webhooks/:application/:token';
const messagePath = `${webhookPath}/messages/:message`;

export const interactionRoutes: Route[] = [
  {
    method: 'POST',
    path: '/interactions/:id/:token/callback',
    run: (place, { body, uploads, query }, { id = '', token = '' }) => {
      const answer = answerInteraction(place.state, { id, token }, { body, uploads });
      if (answer.message !== null && answer.event !== null) announce(place, answer.event, answer.message);
      return query.get('with_response') === 'true' ? callbackPayload(place.state, id, body.type, answer) : null;
    },
  },
  {
    method: 'POST',
    path: webhookPath,
    run: (place, sent, params) => {
      const { message, isNew } = followUp(place.state, tokenOf(place, params), sent);
      announce(place, isNew ? 'MESSAGE_CREATE' : 'MESSAGE_UPDATE', message);
      return messagePayload(place.state, message);
    },
  },
  {
    method: 'GET',
    path: messagePath,
    run: (place, _request, params) =>
      messagePayload(place.state, webhookMessage(place.state, tokenOf(place, params), params.message ?? '')),
  },
  {
    method: 'PATCH',
    path: messagePath,
    run: (place, sent, params) => {
      const token = tokenOf(place, params);
      const message = webhookMessage(place.state, token, params.message ?? '');
      editWebhookMessage(place.state, token, message, sent);
      announce(place, 'MESSAGE_UPDATE', message);
      return messagePayload(place.state, message);
    },
  },
  {
    method: 'DELETE',
    path: messagePath,
    run: (place, _request, params) => {
      const message = webhookMessage(place.state, tokenOf(place, params), params.message ?? '');
      message.deleted = true;
      place.state.changed();
      announce(place, 'MESSAGE_DELETE', message);
      return null;
    },
  },
];

function tokenOf({ state }: Place, params: Record<string, string>): string {
  if (params.application !== state.applicationId) throw unknownWebhook();
  return params.token ?? '';
}

function callbackPayload(state: DiscordState, id: string, type: unknown, { message, event }: Answer): Json {
  const interaction = state.interactions.get(id);
  const made = event === 'MESSAGE_CREATE' ? message : null;
  return {
    interaction: {
      id,
      type: interaction?.type,
      ...(made === null
        ? {}
        : {
            response_message_id: made.id,
            response_message_loading: (made.flags & flagThinking) !== 0,
            response_message_ephemeral: (made.flags & flagEphemeral) !== 0,
          }),
    },
    ...(message === null || event === null ? {} : { resource: { type, message: messagePayload(state, message) } }),
  };
}
