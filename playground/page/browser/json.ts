import type { Json } from '../protocol.ts';

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list; nothing when it is none. */
export function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** A text, or nothing when it is none. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
