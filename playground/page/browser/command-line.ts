import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { complete, sendCommand } from './actions.ts';
import { type Command, type Option, typeName, valueFor } from './commands.ts';
import { redraw, redrawAndFocus } from './redraw.ts';

type Typed = { shown: string; value: string | number | boolean | null };
type Line = {
  command: Command;
  /** What was typed into the options that are shown. */
  typed: Map<string, Typed>;
  focused: string | null;
  faults: Map<string, string>;
  choices: { name: string; value: string | number | boolean }[];
  /** What is said instead of choices. */
  choicesNote: string | null;
  at: number;
  asked: number;
};

let line: Line | null = null;
let waiting: ReturnType<typeof setTimeout> | undefined;
const pauseMs = 200;

export function isCommandOpen(): boolean {
  return line !== null;
}

/** Begins to fill in a command; `first` is what was typed for its first option already. */
export function openCommand(command: Command, first = ''): void {
  const required = command.options.filter((option) => option.isRequired);
  line = {
    command,
    typed: new Map(required.map((option, index) => [option.name, { shown: index === 0 ? first : '', value: null }])),
    focused: null,
    faults: new Map(),
    choices: [],
    choicesNote: null,
    at: 0,
    asked: 0,
  };
  focusOn(required[0]?.name ?? null);
}

export function closeCommand(): void {
  line = null;
  redrawAndFocus('#say');
}

function focusOn(name: string | null): void {
  redrawAndFocus(name === null ? '#command-line' : `#option-${name}`);
}

/** The command that is being filled in, in place of the message field. */
export function commandLine(): TemplateResult {
  if (line === null) return html``;
  const { command, typed } = line;
  const shown = command.options.filter((option) => typed.has(option.name));
  return html`<div id="command-line" class="command-line" role="group" aria-label="Slash command ${command.name}" tabindex="-1" @keydown=${keyPressed}>
    <span class="command-pill">/${command.name}</span>
    ${shown.map(optionField)}
    <span class="spacer"></span>
    <button class="icon-button" aria-label="Discard the command" title="Discard (Esc)" @click=${closeCommand}>✕</button>
    <button class="send" aria-label="Send the command" title="Send (Enter)" @click=${() => void send()}>➤</button>
  </div>`;
}

function optionField(option: Option): TemplateResult {
  const fault = line?.faults.get(option.name);
  return html`<label class="option-field ${fault === undefined ? '' : 'wrong'}">
    <span>${option.name}</span>
    <input id="option-${option.name}" autocomplete="off" spellcheck="false" role="combobox" aria-expanded=${(line?.choices.length ?? 0) > 0}
      aria-controls="command-menu" aria-describedby="command-help" aria-invalid=${fault !== undefined} ?required=${option.isRequired}
      .value=${live(line?.typed.get(option.name)?.shown ?? '')}
      @input=${(event: InputEvent) => typedInto(option, event.target instanceof HTMLInputElement ? event.target.value : '')}
      @focus=${() => focused(option)} />
  </label>`;
}

/** What stands over the command: help on the option in focus, its choices, further options. */
export function commandMenu(): TemplateResult | typeof nothing {
  if (line === null) return nothing;
  const { command, typed, focused: name, choices, choicesNote, faults, at } = line;
  const option = command.options.find((one) => one.name === name);
  const more = command.options.filter((one) => !typed.has(one.name));
  const fault = name === null ? undefined : faults.get(name);
  return html`<div class="popup" id="command-menu">
    <div class="popup-title" id="command-help">
      ${option === undefined ? html`<b>/${command.name}</b> ${command.description}` : html`<b>${option.name}</b> ${option.description} <span class="type">${typeName(option)}${option.isRequired ? ', required' : ', optional'}</span>`}
      ${fault === undefined ? nothing : html`<div class="fault" role="alert">${option?.name} ${fault}</div>`}
    </div>
    ${choicesNote === null ? nothing : html`<div class="popup-note" role="status">${choicesNote}</div>`}
    <div role="listbox" aria-label="Choices">
      ${choices.map(
        (choice, index) =>
          html`<div class="popup-row ${index === at ? 'current' : ''}" role="option" aria-selected=${index === at} @mousedown=${(
            event: Event,
          ) => {
            event.preventDefault();
            choose(index);
          }}>${choice.name}</div>`,
      )}
    </div>
    ${
      more.length === 0
        ? nothing
        : html`<div class="more-options"><span>Optional:</span>
            ${more.map((one) => html`<button class="more-option" title=${one.description} @click=${() => add(one)}>+ ${one.name}</button>`)}
          </div>`
    }
  </div>`;
}

function add(option: Option): void {
  line?.typed.set(option.name, { shown: '', value: null });
  focusOn(option.name);
}

function focused(option: Option): void {
  if (line === null) return;
  line.focused = option.name;
  line.at = 0;
  offer(option);
  redraw();
}

function typedInto(option: Option, shown: string): void {
  if (line === null) return;
  line.typed.set(option.name, { shown, value: null });
  line.faults.delete(option.name);
  line.at = 0;
  offer(option);
  redraw();
}

/** Shows the choices of an option: its own, or what the bot answers after a short pause in typing. */
function offer(option: Option): void {
  if (line === null) return;
  const shown = line.typed.get(option.name)?.shown ?? '';
  clearTimeout(waiting);
  line.choicesNote = null;
  if (!option.hasAutocomplete) {
    line.choices = option.choices
      .filter((choice) => choice.name.toLowerCase().includes(shown.toLowerCase()))
      .slice(0, 25);
    return;
  }
  const number = ++line.asked;
  if (line.choices.length === 0) line.choicesNote = 'Loading options…';
  waiting = setTimeout(() => void askForChoices(option, number), pauseMs);
}

async function askForChoices(option: Option, number: number): Promise<void> {
  if (line === null) return;
  const here = line;
  const isCurrent = () => line === here && here.asked === number && here.focused === option.name;
  try {
    const found = await complete(here.command.name, given(here, option.name), option.name);
    if (!isCurrent()) return;
    here.choices = found;
    here.choicesNote = found.length === 0 ? 'No options match your search.' : null;
  } catch {
    // Discord's client says no more than this either; what is typed stays and can be sent.
    if (!isCurrent()) return;
    here.choices = [];
    here.choicesNote = 'Loading options failed';
  }
  redraw();
}

/** What is typed so far, as an autocompletion sends it: unfinished values as text. */
function given({ command, typed }: Line, focusedName: string): Record<string, string | number | boolean> {
  return Object.fromEntries(
    command.options.flatMap((option) => {
      const one = typed.get(option.name);
      if (one === undefined || (one.shown === '' && option.name !== focusedName)) return [];
      const sent = valueFor(option, one);
      return [[option.name, 'value' in sent ? sent.value : one.shown]];
    }),
  );
}

function choose(index: number): void {
  if (line === null || line.focused === null) return;
  const choice = line.choices[index];
  if (choice === undefined) return;
  line.typed.set(line.focused, { shown: choice.name, value: choice.value });
  line.faults.delete(line.focused);
  line.choices = [];
  line.choicesNote = null;
  line.asked++;
  clearTimeout(waiting);
  const next = line.command.options.find((option) => line?.typed.get(option.name)?.shown === '');
  if (next !== undefined) focusOn(next.name);
  redraw();
}

async function send(): Promise<void> {
  if (line === null) return;
  const { command, typed, faults } = line;
  const options: Record<string, string | number | boolean> = {};
  for (const option of command.options) {
    const one = typed.get(option.name);
    if (one === undefined || one.shown === '') {
      if (option.isRequired) faults.set(option.name, 'is required');
      continue;
    }
    const sent = valueFor(option, one);
    if ('fault' in sent) faults.set(option.name, sent.fault);
    else options[option.name] = sent.value;
  }
  const [wrong] = faults.keys();
  if (wrong !== undefined) {
    redraw();
    return focusOn(wrong);
  }
  closeCommand();
  await sendCommand(command.name, options);
}

function keyPressed(event: KeyboardEvent): void {
  if (line === null) return;
  const { choices, at, focused: name } = line;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === 'Escape') closeCommand();
  else if (step !== undefined && choices.length > 0) line.at = (at + step + choices.length) % choices.length;
  else if ((event.key === 'Enter' || (event.key === 'Tab' && !event.shiftKey)) && choices.length > 0 && isOption(event))
    choose(at);
  else if (event.key === 'Enter' && isOption(event)) void send();
  else if (event.key === 'Backspace' && name !== null && line.typed.get(name)?.shown === '') {
    const option = line.command.options.find((one) => one.name === name);
    if (option?.isRequired) closeCommand();
    else line.typed.delete(name);
  } else return;
  event.preventDefault();
  redraw();
}

/** Enter on a button is the button's. */
function isOption(event: KeyboardEvent): boolean {
  return !(event.target instanceof HTMLButtonElement);
}
