/** One measured figure, against what it is to reach. */
export type Figure = {
  what: string;
  value: number;
  unit: string;
  /** `null` for what is only reported. */
  target: { most: number } | { least: number } | null;
  /** What the figure was made of: the bare bot's, percentiles, counts. */
  of?: Record<string, number | string>;
};

/** Whether a figure is reached; what is only reported always is. */
export function isReached({ value, target }: Figure): boolean {
  if (target === null) return true;
  return 'most' in target ? value <= target.most : value >= target.least;
}

/** The value below which `share` (0 to 1) of `values` lie. Throws when there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (value === undefined) throw new Error('nothing was measured');
  return value;
}

export const median = (values: readonly number[]) => percentile(values, 0.5);

/** A number as a person reads it: three digits that count. */
export function shown(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : Number(value.toPrecision(3)).toString();
}

/** The figures as a table in Markdown. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { what, value, unit, target, of = {} } = figure;
    const goal = target === null ? '' : 'most' in target ? `≤ ${shown(target.most)}` : `≥ ${shown(target.least)}`;
    const parts = Object.entries(of).map(([name, part]) => `${name} ${typeof part === 'number' ? shown(part) : part}`);
    const verdict = target === null ? 'reported' : isReached(figure) ? 'reached' : '**missed**';
    const measured = `${shown(value)} ${unit}`.trimEnd();
    return `| ${what} | ${measured} | ${goal} | ${verdict} | ${parts.join(', ')} |`;
  });
  return ['| what | measured | to reach | | of it |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}
