import { html, nothing, type TemplateResult } from 'lit';
import type { Json, Message } from '../protocol.ts';
import { use } from './actions.ts';
import { emoji } from './emoji.ts';
import { isObject, objects, text } from './json.ts';
import { markdown } from './markdown-view.ts';
import { ownAddress, pictureAt } from './pictures.ts';
import { selectMenu } from './select-menu.ts';
import { store } from './store.ts';

type Shown = TemplateResult | typeof nothing;

/** A component of a message, with those inside it. */
export function component(message: Message, part: Json): Shown {
  const inner = () => objects(part.components).map((child) => component(message, child));
  switch (part.type) {
    case 1:
      return html`<div class="action-row">${inner()}</div>`;
    case 2:
      return button(message, part);
    case 3:
      return selectMenu(message, part);
    case 9:
      return html`<div class="section">
        <div class="section-text">${inner()}</div>
        ${isObject(part.accessory) ? html`<div class="accessory">${component(message, part.accessory)}</div>` : nothing}
      </div>`;
    case 10:
      return html`<div class="text-display">${markdown(text(part.content))}</div>`;
    case 11:
      return picture(part, 'thumbnail');
    case 12:
      return html`<div class="gallery" data-count=${objects(part.items).length}>
        ${objects(part.items).map((item) => picture(item, 'gallery-picture'))}
      </div>`;
    case 13:
      return file(message, part);
    case 14: {
      const size = part.spacing === 2 ? 'large' : 'small';
      return part.divider === false ? html`<div class="space ${size}"></div>` : html`<hr class="separator ${size}" />`;
    }
    case 17:
      return container(part, inner());
    default:
      return html`<div class="unknown">(a component of type ${String(part.type)} that the playground does not show)</div>`;
  }
}

const styles: Record<number, string> = {
  1: 'primary',
  2: 'secondary',
  3: 'success',
  4: 'danger',
  5: 'link',
  6: 'premium',
};

function button(message: Message, part: Json): TemplateResult {
  const style = styles[Number(part.style)] ?? 'secondary';
  const isOff = part.disabled === true;
  const content = html`${emoji(part.emoji)}${text(part.label) === '' ? nothing : html`<span>${text(part.label)}</span>`}`;
  if (style === 'link')
    return isOff
      ? html`<button class="button link" disabled>${content} ↗</button>`
      : html`<a class="button link" href=${safeAddress(part.url)} target="_blank" rel="noopener noreferrer">${content} <span aria-hidden="true">↗</span></a>`;
  const waits = store.pending.some(
    (one) =>
      one.sourceId === message.id &&
      one.userId === store.me &&
      !one.failed &&
      pressed.get(message.id) === part.custom_id,
  );
  const press = () => {
    pressed.set(message.id, text(part.custom_id));
    use(message, part, null);
  };
  return html`<button class="button ${style} ${waits ? 'waits' : ''}" ?disabled=${isOff} data-custom-id=${text(part.custom_id)} @click=${press}>
    ${waits ? html`<span class="dots" role="status" aria-label="Waiting for the bot"><i></i><i></i><i></i></span>` : content}
  </button>`;
}

/** Which button of a message was pressed last. */
const pressed = new Map<string, string>();

function safeAddress(value: unknown): string {
  return typeof value === 'string' && /^(https?|discord):\/\//.test(value) ? value : '#';
}

function container(part: Json, inner: Shown[]): TemplateResult {
  const colour = typeof part.accent_color === 'number' ? `#${part.accent_color.toString(16).padStart(6, '0')}` : null;
  return html`<div class="container ${colour === null ? '' : 'accented'}" style=${colour === null ? '' : `--accent: ${colour}`}>${inner}</div>`;
}

function picture(part: Json, kind: string): TemplateResult {
  const address = isObject(part.media) ? part.media.url : undefined;
  return html`<img class=${kind} src=${pictureAt(address)} alt=${text(part.description)} loading="lazy" />`;
}

function file(message: Message, part: Json): TemplateResult {
  const address = isObject(part.file) ? text(part.file.url) : '';
  const attachment = message.attachments.find((one) => one.url === address);
  return fileCard(attachment ?? { filename: address.split('/').at(-1), url: address });
}

/** A file to save. */
export function fileCard(attachment: Json): TemplateResult {
  const own = ownAddress(attachment.url);
  const name = text(attachment.filename);
  return html`<div class="file">
    <span class="file-icon" aria-hidden="true">📄</span>
    <div>
      ${own === null ? html`<span>${name}</span>` : html`<a href=${own} download=${name}>${name}</a>`}
      ${typeof attachment.size === 'number' ? html`<div class="subtext">${sizeOf(attachment.size)}</div>` : nothing}
    </div>
  </div>`;
}

function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1_048_576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`;
}
