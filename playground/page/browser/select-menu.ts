import { html, nothing, type TemplateResult } from 'lit';
import type { Json, Message } from '../protocol.ts';
import { use } from './actions.ts';
import { emoji } from './emoji.ts';
import { objects, text } from './json.ts';
import { redraw, redrawAndFocus } from './redraw.ts';
import { store } from './store.ts';

/** The one select that is open, and what is ticked in it. */
let opened: { key: string; chosen: Set<string>; at: number } | null = null;

type Menu = {
  key: string;
  options: Json[];
  least: number;
  most: number;
  isOff: boolean;
  name: string;
  choose: (values: string[]) => void;
};

/** A select on a message: one choice is sent at once, several when the list is closed. */
export function selectMenu(message: Message, part: Json): TemplateResult {
  const waits = store.pending.some((one) => one.sourceId === message.id && one.userId === store.me && !one.failed);
  return menu({
    key: `${message.id}:${text(part.custom_id)}`,
    options: objects(part.options),
    least: Number(part.min_values ?? 1),
    most: Number(part.max_values ?? 1),
    isOff: part.disabled === true || waits,
    name: text(part.placeholder) || 'Make a selection',
    choose: (values) => use(message, part, values),
  });
}

/** A list to choose from, wherever it stands. */
export function menu(given: Menu): TemplateResult {
  const isOpen = opened?.key === given.key;
  const preset = given.options.filter((option) => option.default === true).map((option) => text(option.value));
  const chosen = isOpen && opened !== null ? opened.chosen : new Set(preset);
  const labels = given.options.filter((option) => chosen.has(text(option.value))).map((option) => text(option.label));
  const listId = `list-${given.key}`;
  const open = () => {
    if (isOpen) return close(given);
    const first = given.options.findIndex((option) => chosen.has(text(option.value)));
    opened = { key: given.key, chosen: new Set(preset), at: Math.max(0, first) };
    redrawAndFocus(`#${CSS.escape(listId)}`);
  };
  return html`<div class="select ${isOpen ? 'open' : ''}" @focusout=${(event: FocusEvent) => left(event, given)}>
    <button class="select-button" type="button" role="combobox" aria-haspopup="listbox" aria-expanded=${isOpen} aria-controls=${listId}
      aria-label=${given.name} ?disabled=${given.isOff} @click=${open}
      @keydown=${(event: KeyboardEvent) => {
        if (!['ArrowDown', 'ArrowUp'].includes(event.key) || isOpen) return;
        event.preventDefault();
        open();
      }}>
      <span class=${labels.length === 0 ? 'placeholder' : 'chosen'}>${labels.length === 0 ? given.name : labels.join(', ')}</span>
      <span class="arrow" aria-hidden="true"></span>
    </button>
    ${isOpen ? list(given, listId) : nothing}
  </div>`;
}

function list(given: Menu, listId: string): TemplateResult {
  const isMultiple = given.most > 1;
  return html`<div class="select-list">
    <div id=${listId} class="options" role="listbox" tabindex="0" aria-label=${given.name} aria-multiselectable=${isMultiple}
      aria-activedescendant=${`${listId}-${opened?.at ?? 0}`} @keydown=${(event: KeyboardEvent) => keyPressed(event, given)}>
      ${given.options.map((option, index) => {
        const isChosen = opened?.chosen.has(text(option.value)) === true;
        return html`<div id=${`${listId}-${index}`} class="option ${opened?.at === index ? 'current' : ''}" role="option" aria-selected=${isChosen}
          @click=${() => pick(given, index)}>
          ${emoji(option.emoji)}
          <span class="option-words">
            <span>${text(option.label)}</span>
            ${text(option.description) === '' ? nothing : html`<small>${text(option.description)}</small>`}
          </span>
          ${isMultiple ? html`<span class="tick ${isChosen ? 'on' : ''}" aria-hidden="true">${isChosen ? '✓' : ''}</span>` : nothing}
        </div>`;
      })}
    </div>
    ${isMultiple ? html`<button class="select-done" type="button" @click=${() => close(given)}>Done</button>` : nothing}
  </div>`;
}

/** Puts the open list beside its button, where there is more room, over whatever is there. */
export function placeSelect(): void {
  const list = document.querySelector<HTMLElement>('.select.open > .select-list');
  const button = list?.parentElement?.querySelector('.select-button')?.getBoundingClientRect();
  if (list == null || button === undefined) return;
  const below = innerHeight - button.bottom;
  const isBelow = below > 320 || below > button.top;
  list.style.left = `${button.left}px`;
  list.style.width = `${button.width}px`;
  list.style.top = isBelow ? `${button.bottom + 2}px` : 'auto';
  list.style.bottom = isBelow ? 'auto' : `${innerHeight - button.top + 2}px`;
  list.style.setProperty('--room', `${Math.min(320, (isBelow ? below : button.top) - 12)}px`);
}

function pick(given: Menu, index: number): void {
  const value = text(given.options[index]?.value);
  if (opened === null) return;
  opened.at = index;
  if (given.most <= 1) {
    opened = null;
    given.choose([value]);
  } else if (opened.chosen.has(value)) opened.chosen.delete(value);
  else if (opened.chosen.size < given.most) opened.chosen.add(value);
  redraw();
}

/** Closes the list; of several, what is ticked is sent when it changed and is enough. */
function close(given: Menu): void {
  const chosen = opened?.chosen;
  opened = null;
  redraw();
  if (chosen === undefined || given.most <= 1 || chosen.size < given.least) return;
  const values = given.options.map((option) => text(option.value)).filter((value) => chosen.has(value));
  const before = given.options.filter((option) => option.default === true).map((option) => text(option.value));
  if (values.join('\n') !== before.join('\n')) given.choose(values);
}

function left(event: FocusEvent, given: Menu): void {
  const here = event.currentTarget;
  const next = event.relatedTarget;
  if (!(here instanceof HTMLElement) || (next instanceof Node && here.contains(next))) return;
  // A list that is drawn anew loses its focus without anybody leaving it.
  if (opened?.key === given.key && document.hasFocus()) close(given);
}

function keyPressed(event: KeyboardEvent, given: Menu): void {
  if (opened === null) return;
  const last = given.options.length - 1;
  const to = { ArrowDown: opened.at + 1, ArrowUp: opened.at - 1, Home: 0, End: last }[event.key];
  const listElement = event.currentTarget;
  if (to !== undefined) opened.at = Math.min(last, Math.max(0, to));
  else if (event.key === 'Enter' || event.key === ' ') pick(given, opened.at);
  else if (event.key === 'Escape') close(given);
  else if (event.key.length === 1) {
    const found = given.options.findIndex((option) =>
      text(option.label).toLowerCase().startsWith(event.key.toLowerCase()),
    );
    if (found >= 0) opened.at = found;
  } else return;
  event.preventDefault();
  redraw();
  if (listElement instanceof HTMLElement)
    setTimeout(() => listElement.querySelector('.current')?.scrollIntoView({ block: 'nearest' }), 30);
}
