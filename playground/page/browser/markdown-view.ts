import '@skyra/discord-components-core/discord-spoiler.js';
import { html, type TemplateResult } from 'lit';
import { type Block, type Inline, parseMarkdown } from './markdown.ts';
import { nameOf, store } from './store.ts';
import { exactTime, styledTime } from './times.ts';

/** A text as Discord shows it. */
export function markdown(text: string): TemplateResult[] {
  return parseMarkdown(text).map(block);
}

function block(part: Block): TemplateResult {
  switch (part.kind) {
    case 'paragraph':
      return html`<div class="paragraph">${part.children.map(inline)}</div>`;
    case 'heading':
      return html`<div class="heading heading-${part.level}" role="heading" aria-level=${part.level + 2}>${part.children.map(inline)}</div>`;
    case 'subtext':
      return html`<div class="subtext">${part.children.map(inline)}</div>`;
    case 'code':
      return html`<pre tabindex="0"><code>${part.text}</code></pre>`;
    case 'quote':
      return html`<blockquote>${part.children.map(block)}</blockquote>`;
    case 'list': {
      const items = part.items.map((item) => html`<li>${item.map(block)}</li>`);
      return part.start === null ? html`<ul>${items}</ul>` : html`<ol start=${part.start}>${items}</ol>`;
    }
  }
}

function inline(part: Inline): TemplateResult | string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'strong':
      return html`<strong>${part.children.map(inline)}</strong>`;
    case 'em':
      return html`<em>${part.children.map(inline)}</em>`;
    case 'underline':
      return html`<u>${part.children.map(inline)}</u>`;
    case 'strike':
      return html`<s>${part.children.map(inline)}</s>`;
    case 'spoiler':
      return html`<discord-spoiler>${part.children.map(inline)}</discord-spoiler>`;
    case 'code':
      return html`<code>${part.text}</code>`;
    case 'link':
      return html`<a href=${part.href} target="_blank" rel="noopener noreferrer">${part.children.map(inline)}</a>`;
    case 'user':
      return html`<span class="mention">@${nameOf(part.id)}</span>`;
    case 'role':
      return html`<span class="mention">@role</span>`;
    case 'channel':
      return html`<span class="mention">#${store.channels.find((channel) => channel.id === part.id)?.name ?? 'unknown'}</span>`;
    case 'command':
      return html`<span class="mention">/${part.name}</span>`;
    case 'everyone':
      return html`<span class="mention">${part.text}</span>`;
    case 'emoji':
      return html`:${part.name}:`;
    case 'time':
      return html`<time class="stamp" title=${exactTime(part.at)}>${styledTime(part.at, part.style)}</time>`;
  }
}
