/** Markdown's escapes taken away, and times in words, as Discord shows them; without what would steer the terminal. */
export function readable(text: string): string {
  return text
    .replace(/[^\P{Cc}\n]/gu, '')
    .replace(/<t:(\d+):R>/g, (_match, seconds: string) => relative(Number(seconds) - Date.now() / 1000))
    .replace(/\\([^\w\s])/g, '$1');
}

function relative(seconds: number): string {
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  const [unit, size] =
    Math.abs(seconds) < 60
      ? (['second', 1] as const)
      : Math.abs(seconds) < 3600
        ? (['minute', 60] as const)
        : (['hour', 3600] as const);
  return words.format(Math.round(seconds / size), unit);
}
