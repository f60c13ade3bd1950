import { isObject, type Json } from '../json.ts';
import type { Form } from './form.ts';

/** What the controls of one message or modal add up to. */
export type Tally = { count: number; customIds: Set<string>; ids: Set<number> };

const stringSelect = 3;
const link = 5;

/** Checks a button: a style, a label or an emoji, and a custom_id or (links) an address. */
export function validateButton(component: Json, tally: Tally, form: Form): void {
  form.at('style').oneOf(component.style, [1, 2, 3, 4, link]);
  const hasLabel = typeof component.label === 'string' && component.label !== '';
  if (!hasLabel && !isObject(component.emoji))
    form.fault('BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED', 'A button must have a label or an emoji.');
  form.at('label').optionalText(component.label, 0, 80);
  form.at('disabled').boolean(component.disabled);
  validateEmoji(component.emoji, form.at('emoji'));
  if (component.style !== link) {
    if (component.url !== undefined)
      form.fault('BUTTON_COMPONENT_INVALID_URL', 'A url can only be used with a link button.');
    validateCustomId(component, tally, form);
    return;
  }
  if (component.custom_id !== undefined)
    form.fault('BUTTON_COMPONENT_CUSTOM_ID_AND_URL', 'A custom id and url cannot both be specified');
  form.at('url').text(component.url, 1, 512);
  if (typeof component.url === 'string' && !/^(https?|discord):\/\/./i.test(component.url))
    form.at('url').fault('URL_TYPE_INVALID_SCHEME', "Scheme must be one of ('http', 'https', 'discord').");
}

/** Checks a select of a message. Only string selects have options of their own. */
export function validateSelect(component: Json, tally: Tally, form: Form): void {
  validateCustomId(component, tally, form);
  form.at('placeholder').optionalText(component.placeholder, 0, 150);
  form.at('disabled').boolean(component.disabled);
  if (component.type === stringSelect) validateOptions(component, form);
}

/** Checks a string select's options: 1 to 25, distinct, and as many chosen as may be. */
function validateOptions(component: Json, form: Form): void {
  const options = form.at('options').list(component.options, 1, 25);
  const values = new Set<unknown>();
  for (const [index, option] of options.entries()) {
    const place = form.at('options').at(index);
    place.at('label').text(option.label, 1, 100);
    place.at('value').text(option.value, 1, 100);
    place.at('description').optionalText(option.description, 0, 100);
    place.at('default').boolean(option.default);
    validateEmoji(option.emoji, place.at('emoji'));
    if (values.has(option.value))
      place.at('value').fault('SELECT_COMPONENT_OPTION_VALUE_DUPLICATED', 'The specified option value is already used');
    values.add(option.value);
  }
  const most = component.max_values ?? 1;
  form.at('min_values').integer(component.min_values, 0, Math.min(25, Number(most)));
  form.at('max_values').integer(component.max_values, 1, Math.min(25, Math.max(1, options.length)));
  if (options.filter((option) => option.default === true).length > Number(most))
    form.at('options').fault('SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES', `Must be ${most} or fewer default values.`);
}

/** Checks a custom_id: 1 to 100 characters, and no other control has it. */
export function validateCustomId(component: Json, tally: Tally, form: Form): void {
  const place = form.at('custom_id');
  place.text(component.custom_id, 1, 100);
  if (typeof component.custom_id !== 'string') return;
  if (tally.customIds.has(component.custom_id))
    place.fault('COMPONENT_CUSTOM_ID_DUPLICATED', 'Component custom id cannot be duplicated');
  tally.customIds.add(component.custom_id);
}

function validateEmoji(emoji: unknown, form: Form): void {
  if (emoji === undefined || emoji === null) return;
  const isKnown =
    isObject(emoji) &&
    (typeof emoji.id === 'string' ||
      (typeof emoji.name === 'string' && /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u.test(emoji.name)));
  if (!isKnown) form.fault('COMPONENT_INVALID_EMOJI', 'Invalid emoji');
}
