/** Times as Discord writes them, in the reader's own zone and language. */
const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const longTime = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'short' });
const longDay = new Intl.DateTimeFormat(undefined, { dateStyle: 'long' });
const both = new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeStyle: 'short' });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

/** When a message was written: only the time today, else with the day. */
export function messageTime(at: number): string {
  const isToday = new Date(at).toDateString() === new Date().toDateString();
  return isToday ? time.format(at) : `${day.format(at)} ${time.format(at)}`;
}

/** For a line between two days. */
export function dayName(at: number): string {
  return longDay.format(at);
}

export function exactTime(at: number): string {
  return isShown(at) ? whole.format(at) : '';
}

/** `<t:…:style>`: R is relative, the others are dates and times of different length. */
export function styledTime(at: number, style: string): string {
  if (!isShown(at)) return 'Invalid date';
  const format = { t: time, T: longTime, d: day, D: longDay, f: both, F: whole }[style];
  return format === undefined ? ago(at) : format.format(at);
}

/** Dates beyond what a calendar can hold. */
function isShown(at: number): boolean {
  return Math.abs(at) <= 8.64e15;
}

const units = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

function ago(at: number): string {
  const seconds = Math.round((at - Date.now()) / 1000);
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit);
  }
  return relative.format(seconds, 'second');
}

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** To the second, for lists of what happened. */
export function exactClock(at: number): string {
  return clock.format(at);
}
