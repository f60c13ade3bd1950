import type { Json } from '../json.ts';
import { isObject } from '../json.ts';
import type { Form } from './form.ts';
import { type Tally, validateButton, validateSelect } from './validate-controls.ts';
import { validateMedia } from './validate-media.ts';

/** Discord's rules for components: docs "Component Reference", its OpenAPI document, and what the API refuses. */

const row = 1;
const button = 2;
const section = 9;
const textDisplay = 10;
const thumbnail = 11;
const gallery = 12;
const file = 13;
const separator = 14;
const container = 17;

const inContainer = [row, section, textDisplay, gallery, file, separator];
const topLevelV2 = [...inContainer, container];

type Look = Tally & { text: number; fileNames: readonly string[] };

/** Checks a message's components: their kinds, places, lengths, and what they add up to. */
export function validateComponents(
  components: unknown,
  { isV2, fileNames }: { isV2: boolean; fileNames: readonly string[] },
  form: Form,
): void {
  const look: Look = { count: 0, text: 0, customIds: new Set(), ids: new Set(), fileNames };
  for (const [index, component] of form.list(components, 0, isV2 ? 40 : 5).entries())
    visit(component, isV2 ? topLevelV2 : [row], look, form.at(index));
  if (look.count > 40) form.fault('BASE_TYPE_BAD_LENGTH', 'The total number of components must be 40 or fewer.');
  if (look.text > 4000)
    form.fault('COMPONENT_MAX_TEXT_SIZE_EXCEEDED', 'The total text of the components exceeds 4000 characters.');
}

function visit(component: Json, allowed: readonly number[], look: Look, form: Form): void {
  if (!form.at('type').oneOf(component.type, allowed)) return;
  look.count++;
  form.at('id').integer(component.id, 0, 2 ** 31 - 1);
  if (typeof component.id === 'number' && component.id > 0) {
    if (look.ids.has(component.id)) form.at('id').fault('COMPONENT_ID_DUPLICATED', 'Component id cannot be duplicated');
    look.ids.add(component.id);
  }
  switch (component.type) {
    case row:
      visitRow(component, look, form);
      return;
    case section:
      visitSection(component, look, form);
      return;
    case textDisplay:
      form.at('content').text(component.content, 1, 4000);
      look.text += typeof component.content === 'string' ? [...component.content].length : 0;
      return;
    case gallery:
      for (const [index, item] of form.at('items').list(component.items, 1, 10).entries()) {
        const place = form.at('items').at(index);
        validateMedia(item.media, look.fileNames, place.at('media'));
        place.at('description').optionalText(item.description, 1, 1024);
        place.at('spoiler').boolean(item.spoiler);
      }
      return;
    case file:
      if (!isObject(component.file) || !String(component.file.url).startsWith('attachment://'))
        form.at('file').at('url').fault('URL_TYPE_INVALID_SCHEME', "Scheme must be one of ('attachment',).");
      else validateMedia(component.file, look.fileNames, form.at('file'));
      return;
    case separator:
      form.at('divider').boolean(component.divider);
      if (component.spacing !== undefined) form.at('spacing').oneOf(component.spacing, [1, 2]);
      return;
    case container:
      form.at('accent_color').integer(component.accent_color, 0, 0xffffff);
      form.at('spoiler').boolean(component.spoiler);
      for (const [index, child] of form.at('components').list(component.components, 1, 39).entries())
        visit(child, inContainer, look, form.at('components').at(index));
  }
}

function visitSection(component: Json, look: Look, form: Form): void {
  for (const [index, text] of form.at('components').list(component.components, 1, 3).entries())
    visit(text, [textDisplay], look, form.at('components').at(index));
  const { accessory } = component;
  const place = form.at('accessory');
  if (!isObject(accessory)) {
    place.fault('BASE_TYPE_REQUIRED', 'This field is required');
    return;
  }
  if (!place.at('type').oneOf(accessory.type, [button, thumbnail])) return;
  look.count++;
  if (accessory.type === button) {
    validateButton(accessory, look, place);
    return;
  }
  validateMedia(accessory.media, look.fileNames, place.at('media'));
  place.at('description').optionalText(accessory.description, 1, 1024);
}

function visitRow(component: Json, look: Look, form: Form): void {
  const children = form.at('components').list(component.components, 1, 5);
  const selects = children.filter((child) => child.type !== button).length;
  if (selects > 0 && children.length > 1)
    form.at('components').fault('COMPONENT_LAYOUT_WIDTH_EXCEEDED', 'The specified component exceeds the maximum width');
  for (const [index, child] of children.entries()) {
    const place = form.at('components').at(index);
    if (!place.at('type').oneOf(child.type, [button, 3, 5, 6, 7, 8])) continue;
    look.count++;
    if (child.type === button) validateButton(child, look, place);
    else validateSelect(child, look, place);
  }
}
