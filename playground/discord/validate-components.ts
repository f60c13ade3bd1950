import { invalidForm } from './errors.ts';
import type { Json } from './state.ts';

/** Discord's rules for components, stricter than convenient: docs "Component Reference" and what the API refuses. */

const row = 1;
const button = 2;
const stringSelect = 3;
const textInput = 4;
const section = 9;
const textDisplay = 10;
const thumbnail = 11;
const gallery = 12;
const separator = 14;
const container = 17;
const label = 18;

const topLevelV2 = new Set([row, section, textDisplay, gallery, 13, separator, container]);
const inContainer = new Set([row, section, textDisplay, gallery, 13, separator]);

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

type Found = { count: number; text: number; customIds: string[] };

/** Checks a message's components. Throws a 50035 Refusal that names the place. */
export function validateComponents(components: unknown, isV2: boolean): void {
  if (components === undefined || components === null) return;
  if (!Array.isArray(components))
    throw invalidForm('components', 'LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType');
  const found: Found = { count: 0, text: 0, customIds: [] };
  if (!isV2 && components.length > 5)
    throw invalidForm('components', 'BASE_TYPE_BAD_LENGTH', 'Must be 5 or fewer in length.');
  for (const [index, component] of objects(components).entries()) {
    const path = `components.${index}`;
    const allowed = isV2 ? topLevelV2 : new Set([row]);
    if (!allowed.has(Number(component.type)))
      throw invalidForm(
        `${path}.type`,
        'BASE_TYPE_CHOICES',
        'Value of field "type" must be one of the allowed components.',
      );
    visit(component, path, found);
  }
  if (found.count > 40)
    throw invalidForm('components', 'BASE_TYPE_BAD_LENGTH', 'The total number of components must be 40 or fewer.');
  if (found.text > 4000)
    throw invalidForm(
      'components',
      'COMPONENT_MAX_TEXT_SIZE_EXCEEDED',
      'The total text of the components exceeds 4000 characters.',
    );
  if (new Set(found.customIds).size !== found.customIds.length)
    throw invalidForm('components', 'COMPONENT_CUSTOM_ID_DUPLICATED', 'Component custom id cannot be duplicated');
}

function visit(component: Json, path: string, found: Found): void {
  found.count++;
  switch (component.type) {
    case row:
      visitRow(component, path, found);
      return;
    case section: {
      const texts = objects(component.components);
      if (texts.length < 1 || texts.length > 3)
        throw invalidForm(`${path}.components`, 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 3 in length.');
      for (const [index, text] of texts.entries()) visitText(text, `${path}.components.${index}`, found);
      const { accessory } = component;
      if (!isObject(accessory) || (accessory.type !== thumbnail && accessory.type !== button))
        throw invalidForm(`${path}.accessory`, 'BASE_TYPE_REQUIRED', 'This field is required');
      if (accessory.type === button) {
        visitButton(accessory, `${path}.accessory`, found);
        return;
      }
      found.count++;
      checkMedia(accessory.media, `${path}.accessory.media`);
      return;
    }
    case textDisplay:
      found.count--;
      visitText(component, path, found);
      return;
    case gallery: {
      const items = objects(component.items);
      if (items.length < 1 || items.length > 10)
        throw invalidForm(`${path}.items`, 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 10 in length.');
      for (const [index, item] of items.entries()) checkMedia(item.media, `${path}.items.${index}.media`);
      return;
    }
    case container: {
      const inner = objects(component.components);
      if (inner.length < 1)
        throw invalidForm(`${path}.components`, 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 39 in length.');
      for (const [index, child] of inner.entries()) {
        if (!inContainer.has(Number(child.type)))
          throw invalidForm(`${path}.components.${index}.type`, 'BASE_TYPE_CHOICES', 'Not allowed here.');
        visit(child, `${path}.components.${index}`, found);
      }
    }
  }
}

function visitRow(component: Json, path: string, found: Found): void {
  const children = objects(component.components);
  const isButtons = children.every((child) => child.type === button);
  if (children.length < 1 || children.length > 5 || (!isButtons && children.length > 1))
    throw invalidForm(`${path}.components`, 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 5 in length.');
  for (const [index, child] of children.entries()) {
    if (child.type === button) visitButton(child, `${path}.components.${index}`, found);
    else visitSelect(child, `${path}.components.${index}`, found);
  }
}

function visitText(component: Json, path: string, found: Found): void {
  found.count++;
  if (component.type !== textDisplay) throw invalidForm(`${path}.type`, 'BASE_TYPE_CHOICES', 'Must be a text display.');
  checkText(component.content, `${path}.content`, 1, 4000);
  found.text += String(component.content).length;
}

function visitButton(component: Json, path: string, found: Found): void {
  found.count++;
  if (![1, 2, 3, 4, 5].includes(Number(component.style)))
    throw invalidForm(`${path}.style`, 'BASE_TYPE_CHOICES', 'Value must be one of (1, 2, 3, 4, 5).');
  if (component.label === undefined && component.emoji === undefined)
    throw invalidForm(path, 'BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED', 'A button must have a label or an emoji.');
  if (component.label !== undefined) checkText(component.label, `${path}.label`, 1, 80);
  if (component.style === 5) checkText(component.url, `${path}.url`, 1, 512);
  else checkCustomId(component, path, found);
}

function visitSelect(component: Json, path: string, found: Found): void {
  found.count++;
  if (![3, 5, 6, 7, 8].includes(Number(component.type)))
    throw invalidForm(`${path}.type`, 'BASE_TYPE_CHOICES', 'Not allowed here.');
  checkCustomId(component, path, found);
  if (component.type !== stringSelect) return;
  checkOptions(component, path);
}

function checkOptions(component: Json, path: string): void {
  const options = objects(component.options);
  if (options.length < 1 || options.length > 25)
    throw invalidForm(`${path}.options`, 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 25 in length.');
  const values = options.map((option) => option.value);
  if (new Set(values).size !== values.length)
    throw invalidForm(
      `${path}.options`,
      'SELECT_COMPONENT_OPTION_VALUE_DUPLICATED',
      'The specified option value is already used',
    );
  for (const [index, option] of options.entries()) {
    checkText(option.label, `${path}.options.${index}.label`, 1, 100);
    checkText(option.value, `${path}.options.${index}.value`, 1, 100);
    if (option.description !== undefined && option.description !== null)
      checkText(option.description, `${path}.options.${index}.description`, 1, 100);
  }
  if (component.placeholder !== undefined) checkText(component.placeholder, `${path}.placeholder`, 0, 150);
  const most = Number(component.max_values ?? 1);
  const least = Number(component.min_values ?? 1);
  if (most < 1 || most > options.length || least < 0 || least > most)
    throw invalidForm(
      `${path}.max_values`,
      'NUMBER_TYPE_MAX',
      `int value should be less than or equal to ${options.length}.`,
    );
  if (options.filter((option) => option.default === true).length > most)
    throw invalidForm(`${path}.options`, 'SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES', 'Too many default values.');
}

function checkCustomId(component: Json, path: string, found: Found): void {
  checkText(component.custom_id, `${path}.custom_id`, 1, 100);
  found.customIds.push(String(component.custom_id));
}

function checkMedia(media: unknown, path: string): void {
  const url = isObject(media) ? media.url : undefined;
  if (typeof url !== 'string' || !/^(https?|attachment):\/\/./.test(url))
    throw invalidForm(
      `${path}.url`,
      'URL_TYPE_INVALID_SCHEME',
      "Scheme must be one of ('http', 'https', 'attachment').",
    );
}

export function checkText(value: unknown, path: string, least: number, most: number): void {
  if (typeof value !== 'string') throw invalidForm(path, 'BASE_TYPE_REQUIRED', 'This field is required');
  const length = [...value].length;
  if (length < least || length > most)
    throw invalidForm(path, 'BASE_TYPE_BAD_LENGTH', `Must be between ${least} and ${most} in length.`);
}

/** Checks a modal: a title, and 1 to 5 labels or rows with one field each. */
export function validateModal(modal: Json): void {
  checkText(modal.title, 'title', 1, 45);
  checkText(modal.custom_id, 'custom_id', 1, 100);
  const parts = objects(modal.components);
  if (parts.length < 1 || parts.length > 5)
    throw invalidForm('components', 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 5 in length.');
  const ids: string[] = [];
  for (const [index, part] of parts.entries()) {
    const path = `components.${index}`;
    if (part.type === textDisplay) continue;
    const field = part.type === label ? part.component : objects(part.components)[0];
    if ((part.type !== label && part.type !== row) || !isObject(field))
      throw invalidForm(`${path}.type`, 'BASE_TYPE_CHOICES', 'Not allowed here.');
    if (part.type === label) checkText(part.label, `${path}.label`, 1, 45);
    if (part.type === label && part.description !== undefined)
      checkText(part.description, `${path}.description`, 0, 100);
    checkText(field.custom_id, `${path}.custom_id`, 1, 100);
    ids.push(String(field.custom_id));
    if (field.type === stringSelect) checkOptions(field, path);
    else if (field.type === textInput) validateTextInput(field, part, path);
    else throw invalidForm(`${path}.type`, 'BASE_TYPE_CHOICES', 'Not allowed here.');
  }
  if (new Set(ids).size !== ids.length)
    throw invalidForm('components', 'COMPONENT_CUSTOM_ID_DUPLICATED', 'Component custom id cannot be duplicated');
}

function validateTextInput(field: Json, part: Json, path: string): void {
  if (part.type === row) checkText(field.label, `${path}.label`, 1, 45);
  if (field.style !== 1 && field.style !== 2)
    throw invalidForm(`${path}.style`, 'BASE_TYPE_CHOICES', 'Value must be one of (1, 2).');
  if (field.placeholder !== undefined) checkText(field.placeholder, `${path}.placeholder`, 0, 100);
  if (field.value !== undefined) checkText(field.value, `${path}.value`, 0, Number(field.max_length ?? 4000));
}
