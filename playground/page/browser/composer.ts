import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { attempt, complain } from './actions.ts';
import { commandLine, commandMenu, isCommandOpen, openCommand } from './command-line.ts';
import { type Command, filterCommands, offeredCommands } from './commands.ts';
import { redraw } from './redraw.ts';
import { nameOf, store, visibleChannels } from './store.ts';

let draft = '';
let files: File[] = [];
let at = 0;

type Row = { label: string; note: string; options?: string[]; pick: () => void };

/** The message field: words, files, mentions, and commands after "/". */
export function composer(): TemplateResult {
  const rows = isCommandOpen() ? [] : suggestions();
  const channel = visibleChannels().find((one) => one.id === store.channelId);
  const where = channel?.recipientId == null ? `#${channel?.name ?? ''}` : '@Assistarr';
  return html`<div class="composer">
    ${isCommandOpen() ? commandMenu() : popup(rows)}
    ${notice()}
    ${replyLine()}
    ${files.length === 0 ? nothing : html`<ul class="chosen-files">${files.map((file, index) => html`<li>${file.name} <button class="icon-button" aria-label="Leave out ${file.name}" @click=${() => drop(index)}>✕</button></li>`)}</ul>`}
    ${
      isCommandOpen()
        ? commandLine()
        : html`<div class="field">
            <label class="icon-button" title="Attach a file">
              <span aria-hidden="true">+</span><input class="hidden-input" type="file" multiple aria-label="Attach files" @change=${attach} />
            </label>
            <textarea id="say" rows="1" maxlength="2000" placeholder="Message ${where}" aria-label="Message ${where}"
              role="combobox" aria-expanded=${rows.length > 0} aria-controls="suggestions" aria-autocomplete="list"
              .value=${live(draft)} @input=${typed} @keydown=${keyPressed}></textarea>
            <button class="send" aria-label="Send" title="Send (Enter)" @click=${() => void send()}>➤</button>
          </div>`
    }
    <div class="typing" role="status">${typing()}</div>
  </div>`;
}

function replyLine(): TemplateResult | typeof nothing {
  const replied = (store.messages.get(store.channelId) ?? []).find((message) => message.id === store.replyTo);
  if (replied === undefined) return nothing;
  const stop = () => {
    store.replyTo = null;
    redraw();
  };
  return html`<div class="reply-line">Replying to <b>${nameOf(replied.authorId)}</b>
    <button class="icon-button" aria-label="Do not reply" @click=${stop}>✕</button></div>`;
}

function typing(): TemplateResult | typeof nothing {
  const now = Date.now();
  const isTyping = store.typing.some((one) => one.channelId === store.channelId && one.until > now);
  if (!isTyping) return nothing;
  return html`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span> <b>Assistarr</b> is typing…`;
}

function popup(rows: readonly Row[]): TemplateResult | typeof nothing {
  if (rows.length === 0) return nothing;
  return html`<div class="popup" id="suggestions" role="listbox" aria-label="Suggestions">
    ${rows.map(
      (row, index) =>
        html`<div class="popup-row ${index === at ? 'current' : ''}" role="option" aria-selected=${index === at} @mousedown=${(
          event: Event,
        ) => {
          event.preventDefault();
          row.pick();
        }}><b>${row.label}</b> <span class="popup-words">${row.note}</span>${(row.options ?? []).map((option) => html` <span class="option-name">${option}</span>`)}</div>`,
    )}
  </div>`;
}

/** Commands for what begins with "/", people for what ends in "@…". */
function suggestions(): Row[] {
  if (draft.startsWith('/') && !draft.includes('\n'))
    return filterCommands(offeredCommands(), draft.slice(1))
      .slice(0, 25)
      .map((command) => ({
        label: `/${command.name}`,
        note: command.description,
        options: command.options.map(({ name, isRequired }) => (isRequired ? name : `${name}?`)),
        pick: () => begin(command, ''),
      }));
  const mention = /(?:^|\s)@([\p{L}\d]*)$/u.exec(draft)?.[1];
  if (mention === undefined) return [];
  return store.people
    .filter((person) => person.name.toLowerCase().startsWith(mention.toLowerCase()))
    .map((person) => ({
      label: `@${person.name}`,
      note: person.note,
      pick: () => write(`${draft.slice(0, draft.length - mention.length)}${person.name} `),
    }));
}

function begin(command: Command, rest: string): void {
  write('');
  openCommand(command, rest);
}

function write(text: string): void {
  draft = text;
  at = 0;
  redraw();
}

function typed(event: InputEvent): void {
  if (!(event.target instanceof HTMLTextAreaElement)) return;
  // What was said of the words before is no longer about these.
  store.notice = null;
  write(event.target.value);
  event.target.style.height = 'auto';
  event.target.style.height = `${Math.min(event.target.scrollHeight, 200)}px`;
  // A whole command and a space after it: its options come next, as if it had been picked.
  const command = offeredCommands().find((one) => draft.startsWith(`/${one.name} `));
  if (command !== undefined) begin(command, draft.slice(command.name.length + 2).replace(/^\w+:/, ''));
}

function keyPressed(event: KeyboardEvent): void {
  // Made anew: what is shown may be a key behind what is typed.
  const rows = suggestions();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step !== undefined && rows.length > 0) {
    at = (at + step + rows.length) % rows.length;
    setTimeout(() => document.querySelector('#suggestions .current')?.scrollIntoView({ block: 'nearest' }), 30);
  } else if ((event.key === 'Enter' && !event.shiftKey) || (event.key === 'Tab' && rows.length > 0)) {
    if (event.isComposing) return;
    const row = rows[at];
    if (row === undefined) void send();
    else row.pick();
  } else if (event.key === 'Escape' && store.replyTo !== null) store.replyTo = null;
  else return;
  event.preventDefault();
  redraw();
}

async function send(): Promise<void> {
  if (draft.startsWith('/') && offeredCommands().length > 0 && files.length === 0) {
    return complain(`There is no command ${shortened(draft.split(' ')[0] ?? '')} here. Type / to see what there is.`);
  }
  if (draft.trim() === '' && files.length === 0) return;
  const sent = { text: mentioned(draft), files, replyTo: store.replyTo };
  const before = draft;
  document.querySelector<HTMLElement>('#say')?.style.removeProperty('height');
  draft = '';
  files = [];
  store.replyTo = null;
  store.notice = null;
  redraw();
  const isSent = await attempt({
    do: 'say',
    as: store.me,
    channelId: store.channelId,
    text: sent.text,
    replyTo: sent.replyTo,
    files: await Promise.all(sent.files.map(read)),
  });
  if (isSent) return;
  // What could not be sent is not lost.
  if (draft === '') draft = before;
  if (files.length === 0) files = sent.files;
  redraw();
}

/** "@Ada" as Discord sends it. */
function mentioned(text: string): string {
  return store.people.reduce((so, { name, id }) => so.replaceAll(new RegExp(`@${name}\\b`, 'gi'), `<@${id}>`), text);
}

async function read(file: File): Promise<{ name: string; type: string; base64: string }> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  for (let start = 0; start < bytes.length; start += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  return { name: file.name, type: file.type, base64: btoa(binary) };
}

function attach(event: Event): void {
  if (!(event.target instanceof HTMLInputElement)) return;
  files = [...files, ...(event.target.files ?? [])].slice(0, 10);
  event.target.value = '';
  redraw();
}

function drop(index: number): void {
  files = files.filter((_file, place) => place !== index);
  redraw();
}

function notice(): TemplateResult | typeof nothing {
  if (store.notice === null) return nothing;
  const { words, isWrong } = store.notice;
  return html`<div class="notice ${isWrong ? 'wrong' : ''}" role=${isWrong ? 'alert' : 'status'}>
    <span>${words}</span> <button class="text-button" @click=${hideNotice}>OK</button>
  </div>`;
}

function shortened(word: string): string {
  return word.length > 40 ? `${word.slice(0, 40)}…` : word;
}

function hideNotice(): void {
  store.notice = null;
  redraw();
}
