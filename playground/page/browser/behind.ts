import { html, nothing, type TemplateResult } from 'lit';
import { attempt } from './actions.ts';
import { redraw } from './redraw.ts';
import { store } from './store.ts';

/** What is behind the messages: the servers, the calls, the model, the bot. */
export function behind(): TemplateResult {
  return html`<aside class="behind" aria-label="Behind the messages">
    <h2>The bot</h2>
    <p>${store.bot.state}</p>
    <button class="button danger" ?disabled=${store.bot.state !== 'ready'} @click=${() => void attempt({ do: 'bot', to: 'kill' })}>Kill</button>
    <button class="button success" ?disabled=${store.bot.state !== 'stopped'} @click=${() => void attempt({ do: 'bot', to: 'start' })}>Start</button>
    <pre class="log">${store.bot.log.join('\n')}</pre>
    ${nothing}
    <button class="narrow-only button secondary" @click=${() => {
      store.drawer = null;
      redraw();
    }}>Close</button>
  </aside>`;
}
