import { isObject, type Json } from '../../json.ts';
import type { ApiRequest } from '../api-request.ts';
import {
  cannotReadHistory,
  cannotSendToUser,
  missingAccess,
  missingPermissions,
  notYourMessage,
  unknownChannel,
  unknownMessage,
} from '../errors.ts';
import { refuse } from '../form.ts';
import { announce, createMessage, editMessage } from '../messages.ts';
import { channelPayload, messagePayload } from '../payloads.ts';
import { attachFiles, botSees, permissionsOfBot, readHistory, sendMessages } from '../permissions.ts';
import { setReaction } from '../reactions.ts';
import type { Channel, DiscordState, Message } from '../state.ts';
import type { Place, Route } from './route.ts';

type Params = Record<string, string>;
/** How long Discord shows that someone types. */
const typingMs = 10_000;
const channelPath = '/channels/:channel';
const messagesPath = `${channelPath}/messages`;
const reactionPath = `${messagesPath}/:message/reactions/:emoji/@me`;
const messagePath = `${messagesPath}/:message`;

export const channelRoutes: Route[] = [
  {
    method: 'GET',
    path: channelPath,
    run: ({ state }, _request, params) => channelPayload(state, channelOf(state, params)),
  },
  {
    method: 'POST',
    path: `${channelPath}/typing`,
    run: ({ state }, _request, params) => {
      const channel = channelOf(state, params);
      assertMaySend(state, channel);
      state.typing.set(channel.id, Date.now() + typingMs);
      state.changed();
      return null;
    },
  },
  {
    method: 'GET',
    path: messagesPath,
    run: ({ state }, request, params) => history(state, channelOf(state, params), request),
  },
  {
    method: 'POST',
    path: messagesPath,
    run: (place, request, params) =>
      messagePayload(place.state, create(place, channelOf(place.state, params), request)),
  },
  {
    method: 'GET',
    path: messagePath,
    run: ({ state }, _request, params) => messagePayload(state, messageOf(state, params)),
  },
  {
    method: 'PATCH',
    path: messagePath,
    run: (place, sent, params) => {
      const message = ownMessageOf(place.state, params);
      editMessage(place.state, message, sent);
      announce(place, 'MESSAGE_UPDATE', message);
      return messagePayload(place.state, message);
    },
  },
  {
    method: 'DELETE',
    path: messagePath,
    run: (place, _request, params) => {
      const message = ownMessageOf(place.state, params);
      message.deleted = true;
      place.state.changed();
      announce(place, 'MESSAGE_DELETE', message);
      return null;
    },
  },
  { method: 'PUT', path: reactionPath, run: ({ state }, _request, params) => react(state, params, true) },
  { method: 'DELETE', path: reactionPath, run: ({ state }, _request, params) => react(state, params, false) },
];

function react(state: DiscordState, params: Params, isThere: boolean): null {
  const message = messageOf(state, params);
  setReaction(state, message, { emoji: params.emoji ?? '', userId: state.bot.id, isThere });
  return null;
}

function channelOf(state: DiscordState, params: Params): Channel {
  const channel = state.channels.get(params.channel ?? '');
  if (channel === undefined) throw unknownChannel();
  if (!botSees(state, channel)) throw missingAccess();
  return channel;
}

/** Ephemeral messages are for their reader and the interaction's token: the bot's token does not find them. */
function messageOf(state: DiscordState, params: Params): Message {
  const channel = channelOf(state, params);
  const message = state.messages.get(params.message ?? '');
  if (message === undefined || message.deleted || message.channelId !== channel.id || message.ephemeralFor !== null)
    throw unknownMessage();
  return message;
}

function ownMessageOf(state: DiscordState, params: Params): Message {
  const message = messageOf(state, params);
  if (message.authorId !== state.bot.id) throw notYourMessage();
  return message;
}

function assertMaySend(state: DiscordState, channel: Channel): void {
  if ((permissionsOfBot(state, channel) & sendMessages) === 0n) throw missingPermissions();
  if (state.accounts.get(channel.recipientId ?? '')?.dmsClosed) throw cannotSendToUser();
}

function create(place: Place, channel: Channel, { body, uploads }: ApiRequest): Message {
  const { state } = place;
  assertMaySend(state, channel);
  const permissions = permissionsOfBot(state, channel);
  if (uploads.length > 0 && (permissions & attachFiles) === 0n) throw missingPermissions();
  const nonce = body.nonce === undefined || body.nonce === null ? null : String(body.nonce);
  const there = nonce === null || body.enforce_nonce !== true ? undefined : state.messageOfNonce(channel.id, nonce);
  if (there !== undefined) return there;
  const replied = repliedTo(state, channel, body.message_reference);
  if (replied !== null && (permissions & readHistory) === 0n) throw cannotReadHistory();
  const message = createMessage(
    state,
    { body, uploads },
    { channelId: channel.id, nonce, replyTo: replied?.id ?? null },
  );
  announce(place, 'MESSAGE_CREATE', message);
  return message;
}

/** The message that is replied to. Throws 50035 when it is gone, unless the reply may then stand alone. */
function repliedTo(state: DiscordState, channel: Channel, reference: unknown): Message | null {
  if (!isObject(reference)) return null;
  const message = state.messages.get(String(reference.message_id));
  const isThere = message !== undefined && !message.deleted && message.channelId === channel.id;
  if (isThere && message.ephemeralFor === null) return message;
  if (reference.fail_if_not_exists === false) return null;
  return refuse('message_reference', 'REPLIES_UNKNOWN_MESSAGE', 'Unknown message');
}

/** The newest messages, newest first; without the permission to read history there are none. */
function history(state: DiscordState, channel: Channel, { query }: ApiRequest): Json[] {
  const limit = Number(query.get('limit') ?? 50);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    refuse('limit', 'NUMBER_TYPE_MAX', 'int value should be between 1 and 100.');
  if ((permissionsOfBot(state, channel) & readHistory) === 0n) return [];
  const before = query.get('before');
  const after = query.get('after');
  return [...state.messages.values()]
    .filter((message) => message.channelId === channel.id && !message.deleted && message.ephemeralFor === null)
    .filter(
      ({ id }) => (before === null || BigInt(id) < BigInt(before)) && (after === null || BigInt(id) > BigInt(after)),
    )
    .reverse()
    .slice(0, limit)
    .map((message) => messagePayload(state, message));
}
