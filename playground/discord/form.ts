import { isObject, type Json } from '../json.ts';
import { Refusal } from './errors.ts';

type Fault = { path: string; code: string; message: string };

/** Collects what is wrong with a body, place by place, as Discord does: all of it comes back in one 50035. */
export class Form {
  readonly #path: string;
  readonly #faults: Fault[];

  constructor(path = '', faults: Fault[] = []) {
    this.#path = path;
    this.#faults = faults;
  }

  /** The place one step further down. */
  at(key: string | number): Form {
    return new Form(this.#path === '' ? String(key) : `${this.#path}.${key}`, this.#faults);
  }

  fault(code: string, message: string): void {
    this.#faults.push({ path: this.#path, code, message });
  }

  /** A text that must be there. Lengths count characters, not UTF-16 units. */
  text(value: unknown, least: number, most: number): void {
    if (typeof value !== 'string') {
      this.fault('BASE_TYPE_REQUIRED', 'This field is required');
      return;
    }
    const length = [...value].length;
    if (length < least || length > most) this.#badLength(least, most);
  }

  optionalText(value: unknown, least: number, most: number): void {
    if (value !== undefined && value !== null) this.text(value, least, most);
  }

  integer(value: unknown, least: number, most: number): void {
    if (value === undefined || value === null) return;
    if (typeof value !== 'number' || !Number.isInteger(value)) {
      this.fault('NUMBER_TYPE_COERCE', `Value "${String(value)}" is not int.`);
      return;
    }
    if (value < least) this.fault('NUMBER_TYPE_MIN', `int value should be greater than or equal to ${least}.`);
    if (value > most) this.fault('NUMBER_TYPE_MAX', `int value should be less than or equal to ${most}.`);
  }

  boolean(value: unknown): void {
    if (value !== undefined && value !== null && typeof value !== 'boolean')
      this.fault('BOOLEAN_TYPE_CONVERT', 'Must be either true or false.');
  }

  /** True when the value is one of those allowed. */
  oneOf(value: unknown, allowed: readonly unknown[]): boolean {
    if (allowed.includes(value)) return true;
    this.fault('BASE_TYPE_CHOICES', `Value must be one of (${allowed.join(', ')}).`);
    return false;
  }

  /** The objects of a list; an absent one is empty, and anything else in it is a fault. */
  list(value: unknown, least: number, most: number): Json[] {
    if (value !== undefined && value !== null && !Array.isArray(value)) {
      this.fault('LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType');
      return [];
    }
    const items: unknown[] = value ?? [];
    if (items.length < least || items.length > most) this.#badLength(least, most);
    return items.map((item, index) => {
      if (isObject(item)) return item;
      this.at(index).fault('MODEL_TYPE_CONVERT', 'Only dictionaries may be used in a ModelType');
      return {};
    });
  }

  /** Throws the 50035 with the nested `errors` object when anything was wrong. */
  done(): void {
    if (this.#faults.length === 0) return;
    const errors: Json = {};
    for (const { path, code, message } of this.#faults) {
      let node = errors;
      for (const key of path === '' ? [] : path.split('.')) {
        const next = node[key];
        const child: Json = isObject(next) ? next : {};
        node[key] = child;
        node = child;
      }
      node._errors = [...(Array.isArray(node._errors) ? node._errors : []), { code, message }];
    }
    throw new Refusal(400, 50035, 'Invalid Form Body', errors);
  }

  #badLength(least: number, most: number): void {
    if (least === 0) this.fault('BASE_TYPE_MAX_LENGTH', `Must be ${most} or fewer in length.`);
    else this.fault('BASE_TYPE_BAD_LENGTH', `Must be between ${least} and ${most} in length.`);
  }
}

/** One fault at one place. */
export function refuse(path: string, code: string, message: string): never {
  const form = new Form(path);
  form.fault(code, message);
  form.done();
  throw new Error('a form with a fault was let through');
}
