const width = 12;

/** "▰▰▰▰▰▱▱▱▱▱▱▱": full only when all is there, empty only when nothing is. `percent` is 0 to 100. */
export function progressBar(percent: number): string {
  const share = Math.min(100, Math.max(0, Number.isFinite(percent) ? percent : 0)) / 100;
  const rounded = Math.round(share * width);
  const filled = share >= 1 ? width : share <= 0 ? 0 : Math.min(width - 1, Math.max(1, rounded));
  return '▰'.repeat(filled) + '▱'.repeat(width - filled);
}
