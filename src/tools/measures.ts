const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** "8.4 GB": bytes in steps of a thousand, one decimal where it says something. */
export function formatSize(bytes: number): string {
  const size = Number.isFinite(bytes) ? Math.max(0, bytes) : 0;
  let power = 0;
  // By what would be written: 999,950 bytes are 1 MB and not 1000 kB.
  while (power < units.length - 1 && Math.round(size / 1000 ** power) >= 1000) power++;
  const value = size / 1000 ** power;
  return `${value.toFixed(power > 0 && value < 100 ? 1 : 0).replace(/\.0$/, '')} ${units[power]}`;
}

/** "5.2 MB/s": bytes a second. */
export function formatSpeed(bytesPerSecond: number): string {
  return `${formatSize(bytesPerSecond)}/s`;
}

/** "2 d 3 h", "1 h 20 min", "12 min", "under a minute": the two largest parts of some seconds. */
export function formatDuration(seconds: number): string {
  const minutes = Math.round(Number.isFinite(seconds) ? Math.max(0, seconds) / 60 : 0);
  if (minutes < 1) return 'under a minute';
  const parts = [
    { value: Math.floor(minutes / 1440), unit: 'd' },
    { value: Math.floor(minutes / 60) % 24, unit: 'h' },
    { value: minutes % 60, unit: 'min' },
  ];
  const first = parts.findIndex(({ value }) => value > 0);
  return parts
    .slice(first, first + 2)
    .filter(({ value }) => value > 0)
    .map(({ value, unit }) => `${value} ${unit}`)
    .join(' ');
}
