import { html, nothing, type TemplateResult } from 'lit';
import type { FaultSwitch, HttpCall, Line, ServerView } from '../protocol.ts';
import { attempt } from './actions.ts';
import { modelPane, rowsPane } from './behind-model.ts';
import { redraw } from './redraw.ts';
import { nameOf, type Store, store } from './store.ts';
import { exactClock } from './times.ts';

const tabs: { id: Store['tab']; label: string; view: () => TemplateResult }[] = [
  { id: 'servers', label: 'Servers', view: serversPane },
  { id: 'calls', label: 'Calls', view: callsPane },
  { id: 'model', label: 'Model', view: () => modelPane(faultSwitches) },
  { id: 'rows', label: 'Actions', view: rowsPane },
  { id: 'bot', label: 'Bot', view: botPane },
];

/** What is behind the messages: the servers, the calls, the model, the ledger's rows, the bot. */
export function behind(): TemplateResult {
  const shown = tabs.find((tab) => tab.id === store.tab) ?? tabs[0];
  const open = (id: Store['tab']) => {
    store.tab = id;
    redraw();
  };
  const moved = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const index = tabs.findIndex((tab) => tab.id === store.tab);
    open(tabs[(index + step + tabs.length) % tabs.length]?.id ?? 'servers');
    setTimeout(() => document.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus(), 30);
  };
  return html`<aside class="behind" aria-label="Behind the messages">
    <div class="tabs" role="tablist" aria-label="Behind the messages" @keydown=${moved}>
      ${tabs.map(
        ({
          id,
          label,
        }) => html`<button id="tab-${id}" role="tab" aria-selected=${id === store.tab} aria-controls="behind-pane" tabindex=${id === store.tab ? 0 : -1}
          @click=${() => open(id)}>${label}</button>`,
      )}
    </div>
    <button class="icon-button narrow-only close-pane" aria-label="Close" @click=${closePane}>✕</button>
    <div id="behind-pane" class="pane" role="tabpanel" aria-labelledby="tab-${store.tab}" tabindex="0">${shown?.view()}</div>
  </aside>`;
}

/** What became of **Set up for me**: the bot's own words are in the person's messages, and seldom in view. */
let setUpWords = '';

async function setUp(server: string | null, name: string): Promise<void> {
  const person = nameOf(store.me);
  setUpWords = `Setting up ${name} for ${person}…`;
  redraw();
  const isDone = await attempt({ do: 'set-up', as: store.me, server });
  setUpWords = isDone ? `Done: the bot’s answers are in ${person}’s direct messages.` : '';
  redraw();
}

/** The servers whose faults are unfolded. */
const openFaults = new Set<string>();

function closePane(): void {
  store.drawer = null;
  redraw();
}

/** Buttons of which at most one is on. */
function faultSwitches(server: string, faults: readonly FaultSwitch[], on: string | null): TemplateResult {
  const toggled = ({ target }: Event) => {
    if (target instanceof HTMLDetailsElement && target.open) openFaults.add(server);
    else openFaults.delete(server);
  };
  return html`<details class="faults" ?open=${openFaults.has(server)} @toggle=${toggled}>
    <summary>Faults${on === null ? '' : html` <b class="fault">${faults.find(({ id }) => id === on)?.label ?? on}</b>`}</summary>
    <div class="switches">
      ${faults.map(({ id, label }) => {
        const isOn = id === on;
        return html`<button class="switch ${isOn ? 'on' : ''}" aria-pressed=${isOn}
          @click=${() => void attempt({ do: 'fault', server, fault: isOn ? null : id })}>${label}</button>`;
      })}
    </div>
  </details>`;
}

function serversPane(): TemplateResult {
  const { isClockRunning } = store;
  return html`
    <p class="hint">Five media servers of the playground. Give them to the bot with <code>/services configure</code>, or let this do it:</p>
    <div class="buttons">
      <button class="button primary" @click=${() => void setUp(null, 'all five')}>Set all up for me</button>
      <button class="button secondary" @click=${() => void attempt({ do: 'tick' })}>Clock + 10 %</button>
      <button class="button ${isClockRunning ? 'success' : 'secondary'}" aria-pressed=${isClockRunning} @click=${() => void attempt({ do: 'clock', isRunning: !isClockRunning })}>${isClockRunning ? 'Clock runs' : 'Run the clock'}</button>
    </div>
    <p class="hint" role="status">${setUpWords}</p>
    ${store.servers.map(serverCard)}`;
}

function serverCard(server: ServerView): TemplateResult {
  return html`<section class="server">
    <div class="server-head">
      <h3>${server.name}${server.fault === null ? nothing : html` <span class="fault">●</span>`}</h3>
      <button class="text-button" @click=${() => void setUp(server.id, server.name)}>Set <span class="hidden-words">${server.name} </span>up for me</button>
    </div>
    <dl>
      ${server.credentials.map(
        ({ label, value, isSecret }) => html`<dt>${label}</dt>
          <dd><code>${isSecret ? `${value.slice(0, 6)}…` : value}</code>
            <button class="text-button" aria-label="Copy ${label.toLowerCase()} of ${server.name}" @click=${(event: Event) => void copy(event, value)}>Copy</button></dd>`,
      )}
    </dl>
    ${server.groups.filter(({ lines }) => lines.length > 0).map(({ title, lines }) => group(title, lines))}
    ${faultSwitches(server.id, server.faults, server.fault)}
  </section>`;
}

function group(title: string, lines: readonly Line[]): TemplateResult {
  return html`<h4>${title}</h4>
    <ul class="lines">${lines.map(
      ({ title: name, note, percent, requestId }) => html`<li>
        <span class="line-title">${name}</span><span class="line-note">${note}</span>
        ${requestId === undefined ? nothing : decision(name, requestId)}
        ${percent === undefined ? nothing : html`<progress max="100" value=${percent} aria-label=${name}></progress>`}
      </li>`,
    )}</ul>`;
}

/** What who manages requests does in Seerr itself. */
function decision(name: string, requestId: number): TemplateResult {
  const decide = (isApproved: boolean) => () => void attempt({ do: 'decide', requestId, isApproved });
  return html`<span class="decision">
    <button class="text-button" aria-label="Approve ${name}" @click=${decide(true)}>Approve</button>
    <button class="text-button" aria-label="Decline ${name}" @click=${decide(false)}>Decline</button>
  </span>`;
}

async function copy(event: Event, value: string): Promise<void> {
  const button = event.currentTarget;
  // Browsers have no clipboard for pages over plain http, such as this one opened from a phone.
  if (!isSecureContext) return void prompt('Copy this:', value);
  await navigator.clipboard.writeText(value);
  if (!(button instanceof HTMLElement)) return;
  button.classList.add('copied');
  setTimeout(() => button.classList.remove('copied'), 1200);
}

let withDiscord = false;

function callsPane(): TemplateResult {
  const calls = store.calls.filter(({ server }) => withDiscord || server !== 'discord').toReversed();
  const toggle = () => {
    withDiscord = !withDiscord;
    redraw();
  };
  return html`
    <label class="check"><input type="checkbox" .checked=${withDiscord} @change=${toggle} /> Discord’s too</label>
    ${calls.length === 0 ? html`<p class="hint">The bot has asked no server yet.</p>` : nothing}
    <table class="calls">
      <caption class="hidden-words">HTTP calls, the newest first</caption>
      <thead><tr><th scope="col">When</th><th scope="col">Call</th><th scope="col">Status</th><th scope="col">ms</th></tr></thead>
      <tbody>${calls.map(callRow)}</tbody>
    </table>`;
}

function callRow(call: HttpCall): TemplateResult {
  const isWrong = call.status === 0 || call.status >= 400;
  return html`<tr>
    <td>${exactClock(call.at)}</td>
    <td><b>${call.server}</b> ${call.method} <span class="path">${breakable(call.path)}</span></td>
    <td class=${isWrong ? 'fault' : ''}>${call.status === 0 ? 'no answer' : call.status}</td>
    <td>${call.ms}</td>
  </tr>`;
}

/** A path may break after its separators, so that no word of it is cut. */
function breakable(path: string): TemplateResult[] {
  return path.split(/(?<=[/?&=])/).map((part) => html`${part}<wbr />`);
}

function botPane(): TemplateResult {
  const { state, log } = store.bot;
  const to = (what: 'kill' | 'stop' | 'start') => () => void attempt({ do: 'bot', to: what });
  return html`
    <p class="hint">The process that <code>npm start</code> starts, with a database that stays. It is <b>${state}</b>.</p>
    <div class="buttons">
      <button class="button danger" ?disabled=${state !== 'ready'} @click=${to('kill')}>Kill it</button>
      <button class="button secondary" ?disabled=${state !== 'ready'} @click=${to('stop')}>Stop it</button>
      <button class="button success" ?disabled=${state !== 'stopped'} @click=${to('start')}>Start it</button>
    </div>
    <h4>Its log</h4>
    <pre class="log" tabindex="0">${log.join('\n')}</pre>`;
}
