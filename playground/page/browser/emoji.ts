import { html, nothing, type TemplateResult } from 'lit';
import { isObject } from './json.ts';

/** An emoji of a button or option; only those that are characters have a picture here. */
export function emoji(value: unknown): TemplateResult | typeof nothing {
  if (!isObject(value) || typeof value.name !== 'string') return nothing;
  return html`<span class="emoji" aria-hidden="true">${typeof value.id === 'string' ? `:${value.name}:` : value.name}</span>`;
}
