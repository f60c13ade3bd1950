/**
 * Starts to measure, and gives a function for the milliseconds since. Of two clocks the one that says more is believed: the steady one
 * stands still while the machine sleeps, the other may be set back.
 */
export function startClock(): () => number {
  const [steady, wall] = [performance.now(), Date.now()];
  return () => Math.max(performance.now() - steady, Date.now() - wall);
}
