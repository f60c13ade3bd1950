import { isObject, type Json, objects } from '../json.ts';
import type { Form } from './form.ts';
import { type Tally, validateCustomId, validateSelect } from './validate-controls.ts';

const row = 1;
const stringSelect = 3;
const textInput = 4;
const textDisplay = 10;
const label = 18;

/** Checks a modal: a title, and 1 to 5 labels (or old rows) with one field each, or texts. */
export function validateModal(modal: Json, form: Form): void {
  const tally: Tally = { count: 0, customIds: new Set(), ids: new Set() };
  form.at('title').text(modal.title, 1, 45);
  form.at('custom_id').text(modal.custom_id, 1, 100);
  for (const [index, part] of form.at('components').list(modal.components, 1, 5).entries()) {
    const place = form.at('components').at(index);
    if (!place.at('type').oneOf(part.type, [row, textDisplay, label])) continue;
    if (part.type === textDisplay) place.at('content').text(part.content, 1, 4000);
    else if (part.type === label) validateLabel(part, tally, place);
    else validateOldRow(part, tally, place);
  }
  form.done();
}

function validateLabel(part: Json, tally: Tally, form: Form): void {
  form.at('label').text(part.label, 1, 45);
  form.at('description').optionalText(part.description, 1, 100);
  const place = form.at('component');
  const field = part.component;
  if (!isObject(field)) {
    place.fault('BASE_TYPE_REQUIRED', 'This field is required');
    return;
  }
  if (!place.at('type').oneOf(field.type, [stringSelect, textInput])) return;
  if (field.type === textInput) {
    validateTextInput(field, tally, place);
    return;
  }
  if (field.disabled === true)
    place.at('disabled').fault('COMPONENT_DISABLED_IN_MODAL', 'A select cannot be disabled in a modal');
  validateSelect(field, tally, place);
}

function validateOldRow(part: Json, tally: Tally, form: Form): void {
  form.at('components').list(part.components, 1, 1);
  const [field] = objects(part.components);
  const place = form.at('components').at(0);
  if (field === undefined || !place.at('type').oneOf(field.type, [textInput])) return;
  place.at('label').text(field.label, 1, 45);
  validateTextInput(field, tally, place);
}

function validateTextInput(field: Json, tally: Tally, form: Form): void {
  validateCustomId(field, tally, form);
  form.at('style').oneOf(field.style, [1, 2]);
  form.at('placeholder').optionalText(field.placeholder, 0, 100);
  form.at('required').boolean(field.required);
  form.at('min_length').integer(field.min_length, 0, Math.min(4000, Number(field.max_length ?? 4000)));
  form.at('max_length').integer(field.max_length, 1, 4000);
  // A value shorter than the least is refused as well, but an empty one is no value.
  if (field.value !== undefined && field.value !== null && field.value !== '')
    form.at('value').text(field.value, Number(field.min_length ?? 0), Number(field.max_length ?? 4000));
}
