import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Channel, Message } from '../protocol.ts';
import { avatar } from './avatar.ts';
import { behind } from './behind.ts';
import { closeCommand, isCommandOpen } from './command-line.ts';
import { composer } from './composer.ts';
import { messageView } from './message.ts';
import { modalView } from './modal.ts';
import { redraw } from './redraw.ts';
import { nameOf, store, visibleChannels, visibleMessages } from './store.ts';
import { dayName } from './times.ts';

/** The whole page. */
export function app(): TemplateResult {
  return html`<div class="app ${store.isBehindShown ? '' : 'alone'}" data-drawer=${store.drawer ?? 'none'}>
      ${sidebar()}
      <main class="channel">${header()} ${list()} ${composer()}</main>
      ${store.isBehindShown || store.drawer === 'behind' ? behind() : nothing}
      <button class="shade" aria-label="Close the pane" @click=${() => showDrawer(null)}></button>
    </div>
    ${modalView()}`;
}

function sidebar(): TemplateResult {
  const channels = visibleChannels();
  const texts = channels.filter((channel) => channel.recipientId === null);
  const dms = channels.filter((channel) => channel.recipientId !== null);
  return html`<nav class="sidebar" aria-label="Channels">
    <h1>${store.serverName === '' ? 'Playground' : store.serverName}</h1>
    <h2>Text channels</h2>
    <ul>${texts.map(channelLink)}</ul>
    <h2>Direct messages</h2>
    <ul>${dms.map(channelLink)}</ul>
    <div class="people" role="group" aria-label="Act as">
      <h2>Act as</h2>
      ${store.people
        .filter((person) => !person.isBot)
        .map(
          (
            person,
          ) => html`<button class="person ${person.id === store.me ? 'active' : ''}" aria-pressed=${person.id === store.me} @click=${() => actAs(person.id)}>
            ${avatar(person.id, 32)}<span><b>${person.name}</b><small>${person.note}</small></span>
          </button>`,
        )}
    </div>
  </nav>`;
}

function channelLink(channel: Channel): TemplateResult {
  const isOpen = channel.id === store.channelId;
  const isDm = channel.recipientId !== null;
  const isUnread = store.unread.has(channel.id);
  return html`<li>
    <button class="channel-link ${isOpen ? 'active' : ''} ${isUnread ? 'unread' : ''}" aria-current=${isOpen ? 'page' : 'false'} @click=${() => openChannel(channel.id)}>
      ${isDm ? avatar(botId(), 32) : html`<span class="hash" aria-hidden="true">#</span>`}
      <span>${isDm ? 'Assistarr' : channel.name}</span>
      ${isUnread ? html`<span class="unread-mark"><span class="hidden-words">unread</span></span>` : nothing}
    </button>
  </li>`;
}

function botId(): string {
  return store.people.find((person) => person.isBot)?.id ?? '';
}

function header(): TemplateResult {
  const channel = visibleChannels().find((one) => one.id === store.channelId);
  const isDm = channel?.recipientId != null;
  const toggleTheme = () => {
    store.theme = store.theme === 'dark' ? 'light' : 'dark';
    redraw();
  };
  const toggleBehind = () => {
    if (isNarrow()) return showDrawer(store.drawer === 'behind' ? null : 'behind');
    store.isBehindShown = !store.isBehindShown;
    redraw();
  };
  return html`<header class="channel-header">
    <button class="icon-button narrow-only" aria-label="Channels and people" @click=${() => showDrawer('channels')}>☰</button>
    <h2>${isDm ? html`<span class="hash" aria-hidden="true">@</span>Assistarr` : html`<span class="hash" aria-hidden="true">#</span>${channel?.name ?? ''}`}</h2>
    <span class="acting">as <b>${nameOf(store.me)}</b></span>
    <span class="spacer"></span>
    ${botMark()}
    <button class="icon-button" aria-label="Use the ${store.theme === 'dark' ? 'light' : 'dark'} theme" @click=${toggleTheme}>${store.theme === 'dark' ? '☀' : '☾'}</button>
    <button class="icon-button" aria-label="What is behind: servers, calls, model" aria-expanded=${isNarrow() ? store.drawer === 'behind' : store.isBehindShown} @click=${toggleBehind}>⚙</button>
  </header>`;
}

function botMark(): TemplateResult {
  const state = store.isConnected ? store.bot.state : 'stopped';
  const words = { starting: 'Bot is starting…', ready: 'Bot online', stopped: 'Bot offline' }[state];
  return html`<span class="bot-mark ${state}" role="status"><span class="dot" aria-hidden="true"></span><span class="bot-words">${store.isConnected ? words : 'Playground not running'}</span></span>`;
}

/** A list that grows upwards has its beginning where browsers look for the end. */
function toAnEnd(event: KeyboardEvent): void {
  const list = event.currentTarget;
  if (event.target !== list || !(list instanceof HTMLElement)) return;
  if (event.key === 'Home') list.querySelector('.messages')?.scrollIntoView({ block: 'start' });
  else if (event.key === 'End') list.scrollTo({ top: 0 });
  else return;
  event.preventDefault();
}

/** Messages of one author within this time stand under one name. */
const togetherMs = 7 * 60_000;

function list(): TemplateResult {
  const messages = visibleMessages();
  return html`<div id="messages" class="scroller" tabindex="0" role="log" aria-label="Messages" @keydown=${toAnEnd}><ol class="messages">
    ${messages.length === 0 ? html`<li class="empty">${emptyWords()}</li>` : nothing}
    ${repeat(
      messages,
      (message) => message.id,
      (message, index) => row(message, messages[index - 1]),
    )}
    ${commandsWaiting()}
  </ol></div>`;
}

function row(message: Message, before: Message | undefined): unknown {
  const isNewDay =
    before === undefined || new Date(before.createdAt).toDateString() !== new Date(message.createdAt).toDateString();
  const isFollowing =
    !isNewDay &&
    before.authorId === message.authorId &&
    message.createdAt - before.createdAt < togetherMs &&
    message.command === null &&
    message.replyTo === null &&
    before.ephemeralFor === message.ephemeralFor;
  // Only what changed is drawn anew: a channel may hold a thousand messages.
  const pending = store.pending
    .filter((one) => one.sourceId === message.id)
    .map((one) => `${one.id}${one.failed}`)
    .join();
  const open = drawnAlways(message) ? {} : null;
  return guard(
    [message, isFollowing, pending, store.me, store.people, open],
    () => html`
    ${isNewDay ? html`<li class="day"><span>${dayName(message.createdAt)}</span></li>` : nothing}
    ${messageView(message, isFollowing)}`,
  );
}

/** A select holds its open list outside of the message, so that a message with one cannot be left as it was. */
function drawnAlways(message: Message): boolean {
  return message.components.length > 0 && JSON.stringify(message.components).includes('"type":3');
}

function emptyWords(): TemplateResult {
  const isDm = store.channels.find((channel) => channel.id === store.channelId)?.recipientId != null;
  return isDm
    ? html`<b>This is a private conversation with the bot.</b><br />Begin with <code>/services configure</code>, or say what you want to watch. Servers to give it, with their addresses and keys, stand behind ⚙.`
    : html`<b>Nothing here yet.</b><br />Begin with <code>/help</code>, or let ⚙ set the servers up for you. Then type <code>/</code> to see what the bot can do, or write <code>@Assistarr</code> and what you want.`;
}

/** Commands that the bot has not answered, and those that it never did. */
function commandsWaiting(): TemplateResult[] {
  return store.pending
    .filter((one) => one.command !== null && one.channelId === store.channelId && one.userId === store.me)
    .map(
      (one) => html`<li class="message waiting-command">
        <div class="above"><span class="spine" aria-hidden="true"></span>${avatar(one.userId, 16)}<span><b>${nameOf(one.userId)}</b> used <span class="command-name">/${one.command}</span></span></div>
        <div class="message-inner">${avatar(botId(), 40)}<div class="message-body"><div class="author"><span class="author-name">Assistarr</span><span class="app-tag">APP</span></div>
        ${one.failed ? html`<div class="failed" role="alert">The application did not respond</div>` : html`<div class="thinking" role="status">Sending command…</div>`}</div></div>
      </li>`,
    );
}

function actAs(id: string): void {
  const wasDm = store.channels.find((channel) => channel.id === store.channelId)?.recipientId != null;
  store.me = id;
  const mine = visibleChannels();
  if (wasDm) store.channelId = mine.find((channel) => channel.recipientId === id)?.id ?? store.channelId;
  store.unread.delete(store.channelId);
  leave();
}

function openChannel(id: string): void {
  store.channelId = id;
  store.unread.delete(id);
  leave();
}

function leave(): void {
  store.replyTo = null;
  store.notice = null;
  store.drawer = null;
  if (isCommandOpen()) closeCommand();
  redraw();
}

function showDrawer(drawer: typeof store.drawer): void {
  store.drawer = drawer;
  redraw();
}

/** Escape closes the pane that lies over the messages. */
export function closeDrawer(event: KeyboardEvent): void {
  if (event.key !== 'Escape' || event.defaultPrevented || store.drawer === null || store.modal !== null) return;
  showDrawer(null);
}

export function isNarrow(): boolean {
  return matchMedia('(max-width: 900px)').matches;
}
