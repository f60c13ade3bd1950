/** A stretch of a message: text, or what Discord shows as code (between one backtick or more, or between fences of three). */
export type Stretch =
  | { kind: 'text'; text: string }
  | { kind: 'inline'; text: string }
  | { kind: 'block'; language: string; text: string };

/** Longer code is written in several pieces, so that `splitMessage` can keep each whole. */
export const longestCode = 500;

const fence = '```';
const languageLine = /([a-z0-9_+\-.#]+)\n/iy;
const next = /\\[^0-9A-Za-z\s]|`/g;

/**
 * Takes a message apart as Discord's clients do, from left to right: an escaped backtick begins no code, and backticks that do
 * not close are text. A block that begins its line and does not close goes on to the end: the rest of it is still to come.
 * Linear in the text's length.
 */
export function stretchesOf(text: string): Stretch[] {
  const stretches: Stretch[] = [];
  const runs = new BacktickRuns(text);
  const marks = new RegExp(next);
  let at = 0;
  for (let match = marks.exec(text); match !== null; match = marks.exec(text)) {
    if (match[0] !== '`') continue;
    const start = match.index;
    const length = runs.lengthAt(start);
    const found = (length >= 3 ? blockAt(text, start) : null) ?? inlineAt(text, { start, length }, runs);
    if (found === null) {
      marks.lastIndex = start + length;
      continue;
    }
    if (start > at) stretches.push({ kind: 'text', text: text.slice(at, start) });
    stretches.push(found.code);
    at = found.end;
    marks.lastIndex = at;
  }
  if (at < text.length) stretches.push({ kind: 'text', text: text.slice(at) });
  return stretches;
}

type Found = { code: Stretch; end: number };

function blockAt(text: string, start: number): Found | null {
  const inside = start + fence.length;
  languageLine.lastIndex = inside;
  const language = languageLine.exec(text)?.[1];
  if (language !== undefined) {
    const whole = blockWith(text, { language, from: inside + language.length + 1 });
    if (whole !== null) return whole;
  }
  const plain = blockWith(text, { language: '', from: inside });
  if (plain !== null) return plain;
  if (!/(?:^|\n)[ \t]*$/.test(text.slice(Math.max(0, start - 20), start)) || text.indexOf(fence, inside) !== -1)
    return null;
  const from = language === undefined ? inside : inside + language.length + 1;
  const rest = trimLines(text.slice(from));
  return rest === '' ? null : { code: { kind: 'block', language: language ?? '', text: rest }, end: text.length };
}

/** A closed block has at least one character between its fences that is no line break. */
function blockWith(text: string, { language, from }: { language: string; from: number }): Found | null {
  let first = from;
  while (text[first] === '\n') first++;
  const close = first < text.length ? text.indexOf(fence, first + 1) : -1;
  if (close === -1) return null;
  return { code: { kind: 'block', language, text: trimLines(text.slice(first, close)) }, end: close + fence.length };
}

function trimLines(text: string): string {
  let end = text.length;
  while (text[end - 1] === '\n') end--;
  let begin = 0;
  while (begin < end && text[begin] === '\n') begin++;
  return text.slice(begin, end);
}

function inlineAt(
  text: string,
  { start, length }: { start: number; length: number },
  runs: BacktickRuns,
): Found | null {
  const from = start + length;
  const close = runs.startOfNext(from, length);
  if (close === null) return null;
  return { code: { kind: 'inline', text: text.slice(from, close) }, end: close + length };
}

/** Where the backticks of a text are. It must be asked for ascending places, so that all questions take one pass together. */
class BacktickRuns {
  readonly #ends: { start: number; end: number }[] = [];
  readonly #byLength = new Map<number, { starts: number[]; at: number }>();
  #at = 0;

  constructor(text: string) {
    for (const { 0: run, index: start } of text.matchAll(/`+/g)) {
      this.#ends.push({ start, end: start + run.length });
      const known = this.#byLength.get(run.length) ?? { starts: [], at: 0 };
      known.starts.push(start);
      this.#byLength.set(run.length, known);
    }
  }

  /** How many backticks there are from here on. */
  lengthAt(place: number): number {
    while ((this.#ends[this.#at]?.end ?? Number.POSITIVE_INFINITY) <= place) this.#at++;
    return (this.#ends[this.#at]?.end ?? place) - place;
  }

  /** Where the next run of exactly so many backticks begins, or null. */
  startOfNext(from: number, length: number): number | null {
    const known = this.#byLength.get(length);
    if (known === undefined) return null;
    while ((known.starts[known.at] ?? Number.POSITIVE_INFINITY) < from) known.at++;
    return known.starts[known.at] ?? null;
  }
}
