import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { Json } from '../protocol.ts';
import { open } from './actions.ts';
import { ask } from './connection.ts';
import { isObject, objects, text } from './json.ts';
import { markdown } from './markdown-view.ts';
import { redraw } from './redraw.ts';
import { menu } from './select-menu.ts';
import { type OpenModal, store } from './store.ts';

/** What was chosen in the selects of the open form. */
const chosen = new Map<string, string[]>();

/** The form that the bot opened. */
export function modalView(): TemplateResult | typeof nothing {
  const { modal } = store;
  if (modal === null) return nothing;
  return html`${keyed(modal.interactionId, dialog(modal))}`;
}

function dialog(modal: OpenModal): TemplateResult {
  return html`<dialog class="modal" aria-labelledby="modal-title" @cancel=${close}>
    <form @submit=${(event: SubmitEvent) => void submit(event, modal)}>
      <header>
        <span class="modal-app" aria-hidden="true">▶</span>
        <h2 id="modal-title">${text(modal.data.title)}</h2>
        <button type="button" class="icon-button" aria-label="Close" @click=${close}>✕</button>
      </header>
      <div class="modal-fields">
        <p class="modal-warning">This form will be submitted to <b>Assistarr</b>. Do not share passwords or other sensitive information.</p>
        ${objects(modal.data.components).map(part)}
        ${modal.error === null ? nothing : html`<p class="fault" role="alert">${modal.error}</p>`}
      </div>
      <footer>
        <button type="button" class="button secondary" @click=${close}>Cancel</button>
        <button type="submit" class="button primary" ?disabled=${modal.isSending}>Submit</button>
      </footer>
    </form>
  </dialog>`;
}

/** A dialog must be opened by a call, to keep the keyboard inside it. */
export function showModal(): void {
  const dialog = document.querySelector('dialog');
  if (dialog !== null && !dialog.open) {
    chosen.clear();
    dialog.showModal();
    dialog.querySelector<HTMLElement>('input, textarea')?.focus();
  }
}

function part(given: Json): TemplateResult {
  if (given.type === 10) return html`<div class="text-display">${markdown(text(given.content))}</div>`;
  const field = isObject(given.component) ? given.component : objects(given.components)[0];
  if (field === undefined) return html``;
  const label = text(given.label) || text(field.label);
  const required = field.required !== false;
  return html`<label class="modal-field">
    <span class="modal-label">${label}${required ? html`<span class="required" aria-hidden="true"> *</span>` : nothing}</span>
    ${text(given.description) === '' ? nothing : html`<span class="modal-description">${text(given.description)}</span>`}
    ${control(field, label, required)}
  </label>`;
}

function control(field: Json, label: string, required: boolean): TemplateResult {
  const name = text(field.custom_id);
  if (field.type === 3) {
    const options = objects(field.options).map((option) => {
      const picked = chosen.get(name);
      return picked === undefined ? option : { ...option, default: picked.includes(text(option.value)) };
    });
    return menu({
      key: `modal:${name}`,
      options,
      least: required ? Number(field.min_values ?? 1) : 0,
      most: Number(field.max_values ?? 1),
      isOff: field.disabled === true,
      name: text(field.placeholder) || label,
      choose: (values) => {
        chosen.set(name, values);
        redraw();
      },
    });
  }
  const least = Number(field.min_length ?? 0);
  const most = Number(field.max_length ?? 4000);
  const hint = text(field.placeholder);
  return field.style === 2
    ? html`<textarea name=${name} rows="4" minlength=${least} maxlength=${most} placeholder=${hint} ?required=${required}>${text(field.value)}</textarea>`
    : html`<input name=${name} autocomplete="off" spellcheck="false" minlength=${least} maxlength=${most} placeholder=${hint} ?required=${required} value=${text(field.value)} />`;
}

async function submit(event: SubmitEvent, modal: OpenModal): Promise<void> {
  event.preventDefault();
  if (!(event.target instanceof HTMLFormElement)) return;
  const typed = [...new FormData(event.target)].map(([name, value]) => [name, String(value)]);
  modal.isSending = true;
  redraw();
  try {
    const fields = { ...Object.fromEntries(typed), ...Object.fromEntries(chosen) };
    const answer = await ask({ do: 'submit', as: store.me, interactionId: modal.interactionId, fields });
    store.modal = null;
    open(answer);
  } catch (error) {
    modal.error =
      error instanceof Error && error.message !== 'The application did not respond'
        ? error.message
        : 'Something went wrong. Try again.';
    modal.isSending = false;
  }
  redraw();
}

function close(): void {
  store.modal = null;
  redraw();
}
