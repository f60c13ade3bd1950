import { messages, type Say } from '../messages.ts';

export const seasonMessages = messages('season_numbers', {
  numbered: '{count, plural, one {season {numbers}} other {seasons {numbers}}}',
  numberedAndSpecials:
    '{count, plural, one {season {numbers} and the specials} other {seasons {numbers} and the specials}}',
  specials: 'the specials',
});

/** "seasons 1–3, 5 and the specials": whatever numbers as a person would say them; nothing for none. */
export function seasonNumbers(all: readonly number[], say: Say): string {
  const sorted = [...new Set(all)].filter((number) => number > 0).sort((a, b) => a - b);
  const hasSpecials = all.includes(0);
  if (sorted.length === 0) return hasSpecials ? say(seasonMessages.specials) : '';
  const named = { count: sorted.length, numbers: runsOf(sorted) };
  return say(hasSpecials ? seasonMessages.numberedAndSpecials : seasonMessages.numbered, named);
}

/** "1–3, 5", of ascending numbers. */
function runsOf(sorted: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of sorted) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] === number - 1) run[1] = number;
    else runs.push([number, number]);
  }
  const shown = runs.slice(0, 30).map(([from, to]) => {
    if (from === to) return String(from);
    return to === from + 1 ? `${from}, ${to}` : `${from}–${to}`;
  });
  if (runs.length > shown.length) shown.push('…');
  return shown.join(', ');
}
