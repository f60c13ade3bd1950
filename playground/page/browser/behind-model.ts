import { html, nothing, type TemplateResult } from 'lit';
import type { FaultSwitch, ModelRequest, ToolCallRow } from '../protocol.ts';
import { store } from './store.ts';
import { exactClock } from './times.ts';

type Switches = (server: string, faults: readonly FaultSwitch[], on: string | null) => TemplateResult;

/** What the bot asked its model, the newest first. */
export function modelPane(switches: Switches): TemplateResult {
  const { requests, faults, fault, name } = store.model;
  return html`
    <p class="hint">The model is ${name}. It sees what the servers answer, and never a key.</p>
    ${switches('model', faults, fault)}
    ${requests.length === 0 ? html`<p class="hint">Nothing was asked yet. Slash commands need no model: write to the bot.</p>` : nothing}
    ${requests.toReversed().map(requestCard)}`;
}

function requestCard(request: ModelRequest): TemplateResult {
  const { tokens, status, ms } = request;
  const isWrong = ms !== null && status !== 200;
  return html`<section class="server">
    <h3>${exactClock(request.at)} <span class="line-note ${isWrong ? 'fault' : ''}">${ms === null ? 'is answering…' : `${status ?? 'cut off'}, ${ms} ms`}</span></h3>
    <p class="line-note">${request.messages} messages, ${request.tools.length} tools${tokens === null ? '' : `, ${tokens.isEstimate ? 'about ' : ''}${tokens.input} tokens in, ${tokens.output} out`}</p>
    <p class="words">${request.lastMessage}</p>
    ${request.text === '' ? nothing : html`<p class="words answer">${request.text}</p>`}
    ${request.calls.map((call) => html`<p class="words answer"><b>${call.name}</b> <code>${call.input}</code></p>`)}
    <details><summary>Tools it may call</summary><p class="line-note">${request.tools.join(', ')}</p></details>
  </section>`;
}

/** The ledger: whatever was looked up or changed, and what came of it. */
export function rowsPane(): TemplateResult {
  return html`
    <p class="hint">The rows of the table <code>ToolCall</code>: whatever the bot looked up or changed. A button that waits for its press is a <code>queued</code> row.</p>
    ${store.rows.length === 0 ? html`<p class="hint">There are none yet.</p>` : nothing}
    ${store.rows.map(rowCard)}`;
}

function rowCard(row: ToolCallRow): TemplateResult {
  const took = row.finishedAt === null ? '' : `, ended after ${row.finishedAt - row.queuedAt} ms`;
  return html`<section class="server" data-tool=${row.toolName}>
    <h3>${row.toolName} <span class="status ${row.status}">${row.status}</span></h3>
    <p class="line-note">${row.effect}, ${exactClock(row.queuedAt)}${took}</p>
    <p class="words"><code>${row.input}</code></p>
    ${row.error === null ? nothing : html`<p class="words fault">${row.error}</p>`}
  </section>`;
}
