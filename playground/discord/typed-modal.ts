import { isObject, type Json, objects } from '../json.ts';
import { flatten } from './flatten.ts';
import type { Modal } from './handle.ts';

const select = 3;
const textInput = 4;

/** What a modal sends when it is submitted; a field that is not named keeps what it was opened with. */
export function typedModal(modal: Modal, typed: Record<string, string | readonly string[]>): Json {
  const parts = objects(modal.data.components);
  const known = flatten(parts).map((part) => part.custom_id);
  for (const name of Object.keys(typed)) {
    if (!known.includes(name)) throw new Error(`the modal has no field ${name}`);
  }
  const components = parts.flatMap((part) => {
    const field = isObject(part.component) ? part.component : objects(part.components)[0];
    if (field === undefined) return [];
    const answer = answerOf(field, typed[String(field.custom_id)]);
    return [part.component === undefined ? { type: 1, components: [answer] } : { type: 18, component: answer }];
  });
  return { custom_id: modal.data.custom_id, components };
}

function answerOf(field: Json, typed: string | readonly string[] | undefined): Json {
  const { custom_id } = field;
  if (field.type === select) return { type: select, custom_id, values: chosenOf(field, typed) };
  const value = String(typed ?? field.value ?? '');
  if (field.required !== false && value === '') throw new Error(`the field ${custom_id} is required`);
  if (value !== '' && value.length < Number(field.min_length ?? 0))
    throw new Error(`the field ${custom_id} is too short`);
  if (value.length > Number(field.max_length ?? 4000)) throw new Error(`the field ${custom_id} is too long`);
  return { type: textInput, custom_id, value };
}

function chosenOf(field: Json, typed: string | readonly string[] | undefined): string[] {
  const preset = objects(field.options).filter((option) => option.default === true);
  const wanted = typed === undefined ? preset.map((option) => String(option.value)) : [typed].flat();
  if (wanted.length === 0 && field.required === false) return [];
  return chooseOptions(field, wanted);
}

/** The values for what a person chooses in a select, by value or label. Throws what they could not choose. */
export function chooseOptions(field: Json, wanted: readonly string[]): string[] {
  const options = objects(field.options);
  const name = String(field.placeholder ?? field.custom_id);
  const values = wanted.map((value) => {
    const option = options.find((candidate) => candidate.value === value || candidate.label === value);
    if (option === undefined)
      throw new Error(`no option ${value} in ${name}: ${options.map((candidate) => candidate.label).join(', ')}`);
    return String(option.value);
  });
  if (new Set(values).size !== values.length) throw new Error(`an option is chosen twice in ${name}`);
  const least = Number(field.min_values ?? 1);
  const most = Number(field.max_values ?? 1);
  if (values.length < least || values.length > most)
    throw new Error(`${name} takes ${least} to ${most} options, not ${values.length}`);
  return values;
}
