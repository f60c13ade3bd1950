import { isObject, type Json, objects } from '../json.ts';
import type { Form } from './form.ts';
import { type DiscordState, snowflake } from './state.ts';

/** A file of a multipart request: `files[3]` has the index 3. */
export type Upload = { index: number; name: string; type: string; bytes: Buffer };

/** Keeps a file and gives the attachment that a message shows. */
export function storeFile(state: DiscordState, channelId: string, file: Upload, description?: unknown): Json {
  const id = snowflake();
  state.files.set(id, { bytes: file.bytes, type: file.type });
  const url = `${state.baseUrl}/attachments/${channelId}/${id}/${encodeURIComponent(file.name)}`;
  return {
    id,
    filename: file.name,
    size: file.bytes.length,
    content_type: file.type,
    url,
    proxy_url: url,
    ...(typeof description === 'string' ? { description } : {}),
  };
}

/**
 * The attachments of a message after a request: those of the uploads that `attachments` names (all, without it), and
 * those of the message before that it keeps.
 */
export function attachmentsAfter(
  state: DiscordState,
  request: { channelId: string; body: Json; uploads: readonly Upload[]; before: readonly Json[] },
): Json[] {
  const { body, uploads, before, channelId } = request;
  const named = Array.isArray(body.attachments) ? objects(body.attachments) : null;
  const kept = named === null ? before : before.filter((there) => named.some(({ id }) => String(id) === there.id));
  const added = uploads.map((file) => {
    const entry = named?.find(({ id }) => Number(id) === file.index);
    const name = typeof entry?.filename === 'string' ? entry.filename : file.name;
    return storeFile(state, channelId, { ...file, name }, entry?.description);
  });
  return [...kept, ...added];
}

/** Checks that `attachments` names only files that came along, or that the message has. */
export function validateAttachments(body: Json, uploads: readonly Upload[], before: readonly Json[], form: Form): void {
  for (const [index, entry] of form.list(body.attachments, 0, 10).entries()) {
    const isUpload = uploads.some((file) => file.index === Number(entry.id));
    if (!isUpload && !before.some((there) => there.id === String(entry.id)))
      form.at(index).at('id').fault('MESSAGE_ATTACHMENT_NOT_FOUND', 'Attachment was not found.');
    form.at(index).at('description').optionalText(entry.description, 0, 1024);
  }
}

/** Components with `attachment://name` replaced by the attachment's address, as Discord gives them back. */
export function resolveMedia(components: readonly Json[], attachments: readonly Json[]): Json[] {
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve);
    if (!isObject(value)) return value;
    const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner)]));
    if (typeof copy.url !== 'string' || !copy.url.startsWith('attachment://')) return copy;
    const name = copy.url.slice('attachment://'.length);
    const found = attachments.find((attachment) => attachment.filename === name);
    return found === undefined ? copy : { ...copy, url: found.url };
  };
  return components.map(resolve).filter(isObject);
}
