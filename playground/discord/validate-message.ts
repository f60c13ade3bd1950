import { isObject, type Json, objects } from '../json.ts';
import { emptyMessage } from './errors.ts';
import { Form } from './form.ts';
import { validateComponents } from './validate-components.ts';
import { validateEmbeds } from './validate-embeds.ts';

export const flagSuppressEmbeds = 1 << 2;
export const flagEphemeral = 1 << 6;
export const flagThinking = 1 << 7;
export const flagComponentsV2 = 1 << 15;
/** The flags that a bot may set on a message: SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS, IS_COMPONENTS_V2. */
export const flagsOfBots = flagSuppressEmbeds | (1 << 12) | flagComponentsV2;

export type MessageRules = {
  isEdit: boolean;
  /** The message that is edited has Components V2 already: that cannot be undone. */
  wasV2: boolean;
  hasFiles: boolean;
  /** What `attachment://` may name. */
  fileNames?: readonly string[];
  /** Where in the body the message stands: callbacks of interactions have it under `data`. */
  form?: Form;
};

/** Checks what a bot sends as a message or an edit. Throws a Refusal: 50035, or 50006 for an empty message. */
export function validateMessage(body: Json, rules: MessageRules): void {
  const form = rules.form ?? new Form();
  const { content } = body;
  form.at('flags').integer(body.flags, 0, 2 ** 31);
  const isV2 = (Number(body.flags ?? 0) & flagComponentsV2) !== 0 || rules.wasV2;
  form.at('content').optionalText(content, 0, 2000);
  if (isV2) refuseLegacyFields(body, form);
  const fileNames = rules.fileNames ?? [];
  validateEmbeds(body.embeds, fileNames, form.at('embeds'));
  validateComponents(body.components, { isV2, fileNames }, form.at('components'));
  if (body.nonce !== undefined && body.nonce !== null && String(body.nonce).length > 25)
    form.at('nonce').fault('NONCE_TYPE_TOO_LONG', 'Must be 25 or fewer in length.');
  form.at('enforce_nonce').boolean(body.enforce_nonce);
  form.at('tts').boolean(body.tts);
  validateMentions(body.allowed_mentions, form.at('allowed_mentions'));
  form.done();
  const hasContent =
    (typeof content === 'string' && content.trim() !== '') ||
    objects(body.embeds).length > 0 ||
    objects(body.components).length > 0;
  if (!rules.isEdit && !hasContent && !rules.hasFiles) throw emptyMessage();
}

function refuseLegacyFields(body: Json, form: Form): void {
  const used: Record<string, boolean> = {
    content: typeof body.content === 'string' && body.content !== '',
    embeds: objects(body.embeds).length > 0,
    poll: isObject(body.poll),
    sticker_ids: Array.isArray(body.sticker_ids) && body.sticker_ids.length > 0,
  };
  for (const [field, isUsed] of Object.entries(used)) {
    if (isUsed)
      form
        .at(field)
        .fault(
          'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
          `The ${field} field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
        );
  }
}

function validateMentions(mentions: unknown, form: Form): void {
  if (mentions === undefined || mentions === null) return;
  if (!isObject(mentions)) {
    form.fault('DICT_TYPE_CONVERT', 'Only dictionaries may be used in a DictType');
    return;
  }
  const parse: unknown[] = Array.isArray(mentions.parse) ? mentions.parse : [];
  for (const [index, kind] of parse.entries()) form.at('parse').at(index).oneOf(kind, ['roles', 'users', 'everyone']);
  for (const kind of ['users', 'roles']) {
    const list: unknown[] = Array.isArray(mentions[kind]) ? mentions[kind] : [];
    if (list.length > 100) form.at(kind).fault('BASE_TYPE_MAX_LENGTH', 'Must be 100 or fewer in length.');
    if (list.length > 0 && parse.includes(kind))
      form
        .at('parse')
        .fault(
          'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
          `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`,
        );
  }
  form.at('replied_user').boolean(mentions.replied_user);
}
