let draw: () => void = () => undefined;
let isAsked = false;

/** Sets what draws the page. */
export function drawWith(how: () => void): void {
  draw = how;
}

/** Draws the page anew before the browser's next picture, once however often it was asked. */
export function redraw(): void {
  if (isAsked) return;
  isAsked = true;
  // A page in the background gets no pictures to draw; a message is drawn all the same.
  const later = document.hidden ? (run: () => void) => setTimeout(run, 50) : requestAnimationFrame;
  later(() => {
    isAsked = false;
    draw();
  });
}

/** Draws at once and gives the keyboard to what was drawn: a key pressed a moment later must not be lost. */
export function redrawAndFocus(selector: string): void {
  draw();
  document.querySelector<HTMLElement>(selector)?.focus();
}
