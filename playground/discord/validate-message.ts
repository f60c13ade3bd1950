import { invalidForm, Refusal } from './errors.ts';
import type { Json } from './state.ts';
import { checkText, isObject, objects, validateComponents } from './validate-components.ts';

export const flagEphemeral = 1 << 6;
export const flagComponentsV2 = 1 << 15;

/** Checks what a bot sends as a message or an edit. `wasV2`: the message that is edited has Components V2 already. */
export function validateMessage(body: Json, options: { isEdit: boolean; wasV2: boolean; hasFiles: boolean }): void {
  const flags = Number(body.flags ?? 0);
  const isV2 = (flags & flagComponentsV2) !== 0 || options.wasV2;
  const { content } = body;
  if (content !== undefined && content !== null) checkText(content, 'content', 0, 2000);
  const embeds = objects(body.embeds);
  if (isV2 && ((typeof content === 'string' && content !== '') || embeds.length > 0))
    throw invalidForm(
      'content',
      'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
      'The content field cannot be used when using MessageFlags.IS_COMPONENTS_V2',
    );
  validateEmbeds(embeds);
  validateComponents(body.components, isV2);
  if (body.nonce !== undefined && body.nonce !== null && String(body.nonce).length > 25)
    throw invalidForm('nonce', 'NONCE_TYPE_TOO_LONG', 'Must be 25 or fewer in length.');
  validateMentions(body.allowed_mentions);
  const hasContent =
    (typeof content === 'string' && content.trim() !== '') || embeds.length > 0 || objects(body.components).length > 0;
  if (!options.isEdit && !hasContent && !options.hasFiles)
    throw new Refusal(400, 50006, 'Cannot send an empty message');
}

function validateEmbeds(embeds: Json[]): void {
  if (embeds.length > 10) throw invalidForm('embeds', 'BASE_TYPE_MAX_LENGTH', 'Must be 10 or fewer in length.');
  let total = 0;
  for (const [index, embed] of embeds.entries()) {
    for (const [field, most] of [
      ['title', 256],
      ['description', 4096],
    ] as const) {
      if (embed[field] === undefined || embed[field] === null) continue;
      checkText(embed[field], `embeds.${index}.${field}`, 0, most);
      total += String(embed[field]).length;
    }
    for (const field of objects(embed.fields)) total += String(field.name).length + String(field.value).length;
    if (isObject(embed.footer)) total += String(embed.footer.text).length;
  }
  if (total > 6000) throw invalidForm('embeds', 'MAX_EMBED_SIZE_EXCEEDED', 'Embed size exceeds maximum size of 6000');
}

function validateMentions(mentions: unknown): void {
  if (mentions === undefined || mentions === null) return;
  if (!isObject(mentions))
    throw invalidForm('allowed_mentions', 'DICT_TYPE_CONVERT', 'Only dictionaries may be used in a DictType');
  const parse = Array.isArray(mentions.parse) ? mentions.parse : [];
  for (const kind of parse) {
    if (!['roles', 'users', 'everyone'].includes(String(kind)))
      throw invalidForm('allowed_mentions.parse', 'BASE_TYPE_CHOICES', 'Not a kind of mention.');
  }
}
