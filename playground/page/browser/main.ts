import { render } from 'lit';
import { app } from './app.ts';
import { connect } from './connection.ts';
import { showModal } from './modal.ts';
import { drawWith, redraw } from './redraw.ts';
import { apply, store } from './store.ts';

/** The newest message stays in view, unless the reader scrolled up. */
let isAtEnd = true;
let shownChannel = '';

drawWith(() => {
  document.documentElement.dataset.theme = store.theme;
  render(app(), document.body);
  showModal();
  const list = document.querySelector('#messages');
  if (list === null) return;
  if (shownChannel !== `${store.me}${store.channelId}`) isAtEnd = true;
  shownChannel = `${store.me}${store.channelId}`;
  if (isAtEnd) list.scrollTop = list.scrollHeight;
});

document.addEventListener(
  'scroll',
  ({ target }) => {
    if (target instanceof HTMLElement && target.id === 'messages')
      isAtEnd = target.scrollHeight - target.scrollTop - target.clientHeight < 60;
  },
  { capture: true, passive: true },
);

connect(
  (told) => {
    apply(told);
    redraw();
  },
  (isConnected) => {
    store.isConnected = isConnected;
    redraw();
  },
);
// Relative times and "is typing" change by themselves.
setInterval(redraw, 5000);
redraw();
