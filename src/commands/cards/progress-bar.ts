/** Beside a poster on a phone there is room for this and " 100 %". */
const width = 10;

/** "▰▰▰▰▱▱▱▱▱▱": full only when all is there, empty only when nothing is. `percent` is 0 to 100. */
export function progressBar(percent: number): string {
  const known = Number.isFinite(percent) ? percent : 0;
  const rounded = Math.round((known / 100) * width);
  const filled = known >= 100 ? width : known <= 0 ? 0 : Math.min(width - 1, Math.max(1, rounded));
  return '▰'.repeat(filled) + '▱'.repeat(width - filled);
}
