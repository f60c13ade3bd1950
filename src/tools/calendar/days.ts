/** Days as "2026-11-27", in a time zone of IANA's; UTC where none is known. */

const dayMs = 24 * 60 * 60 * 1000;

/** The day that a moment is in, where the person is. */
export function dayIn(timeZone: string | null, moment: Date): string {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: timeZone ?? 'UTC',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(moment);
  const part = (wanted: Intl.DateTimeFormatPartTypes) => parts.find(({ type }) => type === wanted)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
}

/** The day that is so many days later, or earlier. */
export function dayAfter(day: string, days: number): string {
  return new Date(midnightOf(day).getTime() + days * dayMs).toISOString().slice(0, 10);
}

/** Midnight UTC of a day. */
export function midnightOf(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}
