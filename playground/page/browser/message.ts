import '@skyra/discord-components-core/discord-embed.js';
import '@skyra/discord-components-core/discord-embed-description.js';
import '@skyra/discord-components-core/discord-embed-field.js';
import '@skyra/discord-components-core/discord-embed-fields.js';
import '@skyra/discord-components-core/discord-embed-footer.js';
import { html, nothing, type TemplateResult } from 'lit';
import type { Json, Message } from '../protocol.ts';
import { attempt } from './actions.ts';
import { avatar } from './avatar.ts';
import { component, fileCard } from './components.ts';
import { isObject, objects, text } from './json.ts';
import { markdown } from './markdown-view.ts';
import { ownAddress, pictureAt } from './pictures.ts';
import { redraw } from './redraw.ts';
import { nameOf, store } from './store.ts';
import { exactTime, messageTime } from './times.ts';

/** One message; `isFollowing` leaves the author out, who wrote the one above. */
export function messageView(message: Message, isFollowing: boolean): TemplateResult {
  const author = store.people.find((person) => person.id === message.authorId);
  const isForMe = message.mentions.includes(store.me);
  const failed = store.pending.some((one) => one.sourceId === message.id && one.userId === store.me && one.failed);
  const classes = `message ${isFollowing ? 'following' : ''} ${isForMe ? 'mentions-me' : ''} ${message.ephemeralFor === null ? '' : 'ephemeral'}`;
  return html`<li class=${classes} data-message-id=${message.id}>
    ${above(message)}
    <div class="message-inner">
      ${isFollowing ? html`<time class="beside" title=${exactTime(message.createdAt)}></time>` : avatar(message.authorId, 40)}
      <div class="message-body">
        ${
          isFollowing
            ? nothing
            : html`<div class="author">
                <span class="author-name" style="--name: ${author?.isBot ? 'var(--bot-name)' : 'inherit'}">${nameOf(message.authorId)}</span>
                ${author?.isBot ? html`<span class="app-tag">APP</span>` : nothing}
                <time title=${exactTime(message.createdAt)}>${messageTime(message.createdAt)}</time>
              </div>`
        }
        ${message.isThinking ? thinking() : nothing}
        ${message.content === '' ? nothing : html`<div class="content">${markdown(message.content)}${message.isEdited ? edited() : nothing}</div>`}
        ${attachments(message)}
        ${message.embeds.map(embed)}
        ${message.components.map((part) => component(message, part))}
        ${message.content === '' && message.isEdited ? edited() : nothing}
        ${reactions(message)}
        ${failed ? html`<div class="failed" role="alert">This interaction failed</div>` : nothing}
        ${message.ephemeralFor === null ? nothing : privateLine(message)}
      </div>
      ${message.ephemeralFor === null && !message.isThinking ? tools(message) : nothing}
    </div>
  </li>`;
}

function edited(): TemplateResult {
  return html`<span class="edited">(edited)</span>`;
}

function thinking(): TemplateResult {
  return html`<div class="thinking" role="status"><span class="dots" aria-hidden="true"><i></i><i></i><i></i></span> ${nameOf(botId())} is thinking…</div>`;
}

function botId(): string {
  return store.people.find((person) => person.isBot)?.id ?? '';
}

/** What stands over a message: the command it answers, or the message that it replies to. */
function above(message: Message): TemplateResult | typeof nothing {
  if (message.command !== null)
    return html`<div class="above">
      <span class="spine" aria-hidden="true"></span>${avatar(message.command.userId, 16)}
      <span><b>${nameOf(message.command.userId)}</b> used <span class="command-name">/${message.command.name}</span></span>
    </div>`;
  if (message.replyTo === null) return nothing;
  const replied = (store.messages.get(message.channelId) ?? []).find((one) => one.id === message.replyTo);
  return html`<div class="above">
    <span class="spine" aria-hidden="true"></span>
    ${
      replied === undefined
        ? html`<em>Original message was deleted</em>`
        : html`${avatar(replied.authorId, 16)}<b>${nameOf(replied.authorId)}</b>
            <button class="replied" @click=${() => jumpTo(replied.id)}>${preview(replied)}</button>`
    }
  </div>`;
}

function preview(message: Message): string {
  const words = message.content.replace(/\s+/g, ' ').replace(/<@!?(\d+)>/g, (_whole, id: string) => `@${nameOf(id)}`);
  return words === '' ? 'Click to see attachment' : words.length > 90 ? `${words.slice(0, 90)}…` : words;
}

function jumpTo(id: string): void {
  const found = document.querySelector(`[data-message-id="${CSS.escape(id)}"]`);
  found?.scrollIntoView({ block: 'center' });
  found?.animate([{ background: 'var(--flash)' }, {}], 1500);
}

function privateLine(message: Message): TemplateResult {
  const dismiss = () => void attempt({ do: 'dismiss', as: store.me, messageId: message.id });
  return html`<div class="private-line">
    <svg width="16" height="16" viewBox="0 0 24 24" aria-hidden="true"><path fill="currentColor" d="M12 5C5.65 5 2 12 2 12s3.65 7 10 7 10-7 10-7-3.65-7-10-7Zm0 11a4 4 0 1 1 0-8 4 4 0 0 1 0 8Z"/></svg>
    Only you can see this • <button class="text-button" @click=${dismiss}>Dismiss message</button>
  </div>`;
}

function attachments(message: Message): TemplateResult[] {
  // A Components V2 message shows its files where its components name them.
  const named = JSON.stringify(message.components);
  return message.attachments
    .filter((attachment) => !named.includes(text(attachment.url)))
    .map((attachment) =>
      text(attachment.content_type).startsWith('image/') && ownAddress(attachment.url) !== null
        ? html`<img class="attached-picture" src=${pictureAt(attachment.url)} alt=${text(attachment.description) || text(attachment.filename)} />`
        : fileCard(attachment),
    );
}

function embed(part: Json): TemplateResult {
  const isLight = store.theme === 'light';
  const picture = (value: unknown) => (isObject(value) ? pictureAt(value.url) : undefined);
  const colour = typeof part.color === 'number' ? `#${part.color.toString(16).padStart(6, '0')}` : undefined;
  const fields = objects(part.fields);
  const footer = isObject(part.footer) ? text(part.footer.text) : '';
  return html`<discord-embed .lightTheme=${isLight} .color=${colour} .embedTitle=${text(part.title) || undefined} .url=${text(part.url) || undefined}
    .authorName=${isObject(part.author) ? text(part.author.name) : undefined} .image=${picture(part.image)} .thumbnail=${picture(part.thumbnail)}>
    ${text(part.description) === '' ? nothing : html`<discord-embed-description slot="description">${markdown(text(part.description))}</discord-embed-description>`}
    ${
      fields.length === 0
        ? nothing
        : html`<discord-embed-fields slot="fields">
            ${fields.map((field) => html`<discord-embed-field .lightTheme=${isLight} .fieldTitle=${text(field.name)} ?inline=${field.inline === true}>${markdown(text(field.value))}</discord-embed-field>`)}
          </discord-embed-fields>`
    }
    ${footer === '' ? nothing : html`<discord-embed-footer .lightTheme=${isLight} slot="footer">${footer}</discord-embed-footer>`}
  </discord-embed>`;
}

function reactions(message: Message): TemplateResult | typeof nothing {
  if (message.reactions.length === 0) return nothing;
  return html`<div class="reactions">
    ${message.reactions.map(({ emoji, userIds }) => {
      const isMine = userIds.includes(store.me);
      return html`<button class="reaction ${isMine ? 'mine' : ''}" aria-pressed=${isMine} title=${userIds.map(nameOf).join(', ')}
        @click=${() => react(message, emoji)}>${emoji} <b>${userIds.length}</b></button>`;
    })}
  </div>`;
}

function react(message: Message, emoji: string): void {
  void attempt({ do: 'react', as: store.me, messageId: message.id, emoji });
}

function tools(message: Message): TemplateResult {
  const reply = () => {
    store.replyTo = message.id;
    redraw();
    document.querySelector<HTMLElement>('#say')?.focus();
  };
  return html`<div class="message-tools">
    <button title="React with 👍" aria-label="React with thumbs up" @click=${() => react(message, '👍')}>👍</button>
    <button title="Reply" aria-label="Reply" @click=${reply}>↩</button>
  </div>`;
}
