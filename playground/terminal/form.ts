import type { Modal } from '../discord/handle.ts';
import { isObject, type Json, objects } from '../json.ts';

type Field = { id: string; label: string; hint: string; isChoice: boolean };

/** A form that is being filled in, field after field. */
export class Form {
  readonly modal: Modal;
  readonly title: string;
  readonly #fields: Field[];
  readonly #typed: Record<string, string | string[]> = {};
  #at = 0;

  constructor(modal: Modal) {
    this.modal = modal;
    this.title = String(modal.data.title);
    this.#fields = objects(modal.data.components).flatMap(fieldOf);
  }

  /** What the next field asks; null when all are filled in. */
  get question(): string | null {
    const field = this.#fields[this.#at];
    return field === undefined ? null : `  ${field.label}${field.hint}: `;
  }

  /** Takes a line for the field that was asked; an empty one keeps what stands there. */
  answer(line: string): void {
    const field = this.#fields[this.#at];
    if (field === undefined) return;
    if (line.trim() !== '')
      this.#typed[field.id] = field.isChoice ? line.split(',').map((part) => part.trim()) : line.trim();
    this.#at++;
  }

  get typed(): Readonly<Record<string, string | string[]>> {
    return this.#typed;
  }

  /** Asks anew; what was typed stays where an empty line is given. */
  again(): void {
    this.#at = 0;
  }
}

/** A field stands in a label of its own, or, as older forms have it, in a row and is its own label. */
function fieldOf(part: Json): Field[] {
  const field = isObject(part.component) ? part.component : objects(part.components)[0];
  if (field?.custom_id === undefined) return [];
  const options = objects(field.options).map((option) => String(option.label));
  const hint = [
    ...(field.required === false ? ['may stay empty'] : []),
    ...(typeof field.value === 'string' && field.value !== '' ? [`now ${field.value}`] : []),
    ...(options.length > 0 ? [`one of ${options.join(', ')}`] : []),
    ...(typeof field.placeholder === 'string' && options.length === 0 ? [`such as ${field.placeholder}`] : []),
  ];
  return [
    {
      id: String(field.custom_id),
      label: String(part.label ?? field.label),
      hint: hint.length === 0 ? '' : ` (${hint.join('; ')})`,
      isChoice: options.length > 0,
    },
  ];
}
