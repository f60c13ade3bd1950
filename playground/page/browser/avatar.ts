import { html, type TemplateResult } from 'lit';
import { colourOf } from './pictures.ts';
import { store } from './store.ts';

/** Someone's round picture: their initial. It says nothing that their name beside it does not. */
export function avatar(id: string, size: 16 | 32 | 40): TemplateResult {
  const person = store.people.find((one) => one.id === id);
  const initial = (person?.name ?? '?').slice(0, 1);
  return html`<span class="avatar avatar-${size}" style="--colour: ${colourOf(id)}" aria-hidden="true">${person?.isBot ? '▶' : initial}</span>`;
}
