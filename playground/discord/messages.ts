import { type Json, objects } from '../json.ts';
import { emptyMessage } from './errors.ts';
import { Form } from './form.ts';
import type { Gateway } from './gateway.ts';
import { messagePayload } from './payloads.ts';
import { botSees } from './permissions.ts';
import type { DiscordState, Message } from './state.ts';
import { attachmentsAfter, resolveMedia, type Upload, validateAttachments } from './uploads.ts';
import {
  flagComponentsV2,
  flagSuppressEmbeds,
  flagsOfBots,
  flagThinking,
  validateMessage,
} from './validate-message.ts';

export type Sent = { body: Json; uploads: readonly Upload[]; form?: Form };
type Where = Pick<Message, 'channelId'> & Partial<Message>;

/** Makes a message of the bot from what it sent. Throws a Refusal: 50035, or 50006. */
export function createMessage(state: DiscordState, { body, uploads, form = new Form() }: Sent, where: Where): Message {
  validateAttachments(body, uploads, [], form.at('attachments'));
  const fileNames = uploads.map((file) => file.name);
  validateMessage(body, { isEdit: false, wasV2: false, hasFiles: uploads.length > 0, fileNames, form });
  const attachments = attachmentsAfter(state, { channelId: where.channelId, body, uploads, before: [] });
  return state.addMessage({
    authorId: state.bot.id,
    content: typeof body.content === 'string' ? body.content.trim() : '',
    embeds: resolveMedia(objects(body.embeds), attachments),
    components: resolveMedia(objects(body.components), attachments),
    attachments,
    allowedMentions: body.allowed_mentions ?? null,
    ...where,
    flags: (Number(body.flags ?? 0) & flagsOfBots) | (where.flags ?? 0),
  });
}

/** Applies an edit. A deferred message stops being "thinking". Throws a Refusal for what Discord refuses. */
export function editMessage(state: DiscordState, message: Message, { body, uploads, form = new Form() }: Sent): void {
  const wasV2 = (message.flags & flagComponentsV2) !== 0;
  const before = message.attachments;
  const fileNames = [...uploads.map((file) => file.name), ...before.map((attachment) => String(attachment.filename))];
  validateAttachments(body, uploads, before, form.at('attachments'));
  const after = {
    content: body.content === undefined ? message.content : String(body.content ?? '').trim(),
    embeds: body.embeds === undefined ? message.embeds : objects(body.embeds),
    components: body.components === undefined ? message.components : objects(body.components),
  };
  const becomesV2 = !wasV2 && (Number(body.flags ?? 0) & flagComponentsV2) !== 0;
  // What is not sent stays: content that stays does not go with Components V2, and must be sent as null.
  if (becomesV2 && body.content === undefined && after.content !== '')
    form
      .at('content')
      .fault(
        'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
        'The content field cannot be used when using MessageFlags.IS_COMPONENTS_V2',
      );
  validateMessage(body, { isEdit: true, wasV2, hasFiles: uploads.length > 0, fileNames, form });
  const attachments = attachmentsAfter(state, { channelId: message.channelId, body, uploads, before });
  const isEmpty =
    after.content === '' && [after.embeds, after.components, attachments].every((list) => list.length === 0);
  if (isEmpty) throw emptyMessage();
  const wasThinking = (message.flags & flagThinking) !== 0;
  message.content = after.content;
  message.embeds = resolveMedia(after.embeds, attachments);
  message.components = resolveMedia(after.components, attachments);
  message.attachments = attachments;
  message.flags = flagsAfter(message.flags, body.flags);
  if (body.allowed_mentions !== undefined) message.allowedMentions = body.allowed_mentions;
  if (!wasThinking) {
    message.editCount++;
    message.editedAt = Date.now();
  }
  state.changed();
}

/** An edit without flags keeps them; one with flags sets SUPPRESS_EMBEDS or takes it away. All others stay as they are. */
function flagsAfter(before: number, sent: unknown): number {
  const kept = before & ~flagThinking;
  if (sent === undefined || sent === null) return kept;
  return (kept & ~flagSuppressEmbeds) | (Number(sent) & (flagSuppressEmbeds | flagComponentsV2));
}

/** Tells the bot of a message. Ephemeral ones and channels that it does not see give no event. */
export function announce(
  place: { state: DiscordState; gateway: Gateway },
  event: 'MESSAGE_CREATE' | 'MESSAGE_UPDATE' | 'MESSAGE_DELETE',
  message: Message,
  more: Json = {},
): void {
  const { state, gateway } = place;
  const channel = state.channels.get(message.channelId);
  if (message.ephemeralFor !== null || channel === undefined || !botSees(state, channel)) return;
  const { id, channelId } = message;
  const guild = channel.guildId === null ? {} : { guild_id: channel.guildId };
  if (event === 'MESSAGE_DELETE') gateway.dispatch(event, { id, channel_id: channelId, ...guild });
  else gateway.dispatch(event, { ...messagePayload(state, message), ...more });
}
