import { render } from 'lit';
import { app, closeDrawer } from './app.ts';
import { connect } from './connection.ts';
import { showModal } from './modal.ts';
import { drawWith, redraw } from './redraw.ts';
import { placeSelect } from './select-menu.ts';
import { apply, store } from './store.ts';

let shownChannel = '';

drawWith(() => {
  document.documentElement.dataset.theme = store.theme;
  render(app(), document.body);
  showModal();
  placeSelect();
  const shown = `${store.me}${store.channelId}`;
  if (shown !== shownChannel) document.querySelector('#messages')?.scrollTo({ top: 0 });
  shownChannel = shown;
});

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
document.addEventListener('scroll', placeSelect, { capture: true, passive: true });
addEventListener('resize', placeSelect);
addEventListener('keydown', closeDrawer);
redraw();
