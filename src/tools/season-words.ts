/** "seasons 1–3, 5 and the specials": whatever numbers as a person would say them. */
export function seasonNumbers(numbers: readonly number[]): string {
  const sorted = [...new Set(numbers)].filter((number) => number > 0).sort((a, b) => a - b);
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
  const numbered = shown.length === 0 ? '' : `${sorted.length === 1 ? 'season' : 'seasons'} ${shown.join(', ')}`;
  if (!numbers.includes(0)) return numbered;
  return numbered === '' ? 'the specials' : `${numbered} and the specials`;
}
