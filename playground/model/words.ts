import { isObject, type Json, objects } from '../json.ts';

/** A title with its year, as far as they are known. */
export function nameOf(item: Json): string {
  return `${String(item.title)}${typeof item.year === 'number' ? ` (${item.year})` : ''}`;
}

/** What the model says of a result that is a list; what a server failed at is told beside it, and instead of "nothing". */
export function listOf(
  key: string,
  { heading, nothing, line }: { heading: string; nothing: string; line(item: Json): string },
): (result: Json) => string {
  return (result) => {
    const problems = Array.isArray(result.problems) ? result.problems.map(String) : [];
    const lines = objects(result[key]).map((item) => `- ${line(item)}`);
    const said = lines.length > 0 ? [heading, ...lines] : problems.length > 0 ? [] : [nothing];
    return [...said, ...problems].join('\n');
  };
}

/** A title and how it stands, where that is told. */
export function titleLine(item: Json): string {
  const state = item.status ?? item.state ?? '';
  return [nameOf(item), String(state).replaceAll('_', ' ')].filter((part) => part !== '').join(' – ');
}

/** What the model says of titles that it looked for. */
export function found(result: Json): string {
  const titles = objects(result.results).slice(0, 5);
  return titles.length === 0 ? 'I found nothing by that name.' : `I found: ${titles.map(titleLine).join('; ')}.`;
}

/** What the model says of one title. */
export function describe(title: Json): string {
  const state = isObject(title.status) ? String(title.status.state) : 'unknown';
  const words: Record<string, string> = {
    absent: 'not in the library',
    monitored: 'wanted and being looked for',
    available: 'there',
    partial: 'partly there',
    unmonitored: 'in the library, but not wanted',
  };
  const runtime = typeof title.runtimeMinutes === 'number' ? `, ${title.runtimeMinutes} minutes` : '';
  const overview = typeof title.overview === 'string' ? ` ${title.overview}` : '';
  return `**${nameOf(title)}**${runtime}: ${words[state] ?? state}.${overview}`;
}

/** What the model says after a press: the result by its own name. The card above has the bot's words for it. */
export function ended(result: Json): string {
  const name = typeof result.title === 'string' ? `**${nameOf(result)}** – ` : '';
  return `Done: ${name}${String(result.result ?? 'the card above says how it ended').replaceAll('_', ' ')}.`;
}
