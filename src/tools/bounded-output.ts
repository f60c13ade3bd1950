/** What a tool gives the model at most: 2,000 tokens at four bytes each, which also fits the 8 KB that the ledger keeps. */
export const largestOutput = 8000;
/** The longest text of a server that is passed on, in characters. */
export const longestText = 500;

const deepest = 8;
const mostKeys = 60;
const longestKey = 100;
const mostItems = 100;
/** A result that holds more values than this, however they are nested, is cut there before anything is measured. */
const mostValues = 3000;
/** How short texts become, one after the other, before list items are left out. */
const textLengths = [longestText, 200] as const;

/** At most `longest` characters of a text (at least 1), well formed; a text that was cut ends with "…". */
export function boundedText(text: string, longest = longestText): string {
  if (text.length <= longest) return text.toWellFormed();
  const end = /[\uD800-\uDBFF]/.test(text.charAt(longest - 2)) ? longest - 2 : longest - 1;
  return `${text.slice(0, Math.max(end, 0)).toWellFormed()}…`;
}

/**
 * A copy of a tool's result as plain JSON data of at most `largest` bytes (as UTF-8), each text at most 500 characters. What does not fit is
 * cut in this order: texts to 200 characters, then the ends of lists, which say how many items were left out, then all texts. Takes
 * time for what it keeps, not for what it is given.
 */
export function boundedOutput(output: unknown, largest = largestOutput): unknown {
  let shortest: unknown = null;
  for (const textLength of textLengths) {
    const whole = copied(output, { textLength, listLength: mostItems });
    shortest = whole;
    if (sizeOf(whole) <= largest) return whole;
  }
  for (const textLength of [200, 60, 20]) {
    const found = longestListsThatFit(output, { textLength, largest });
    if (found !== null) return found;
  }
  const text = JSON.stringify(shortest);
  return { shortened: bytesOf(text, Math.max(largest - 20, 0)) };
}

/** The copy with the longest lists, each of at least one item, that is small enough; null when there is none. */
function longestListsThatFit(
  output: unknown,
  { textLength, largest }: { textLength: number; largest: number },
): unknown {
  let best: unknown = null;
  let [low, high] = [1, mostItems - 1];
  while (low <= high) {
    const listLength = Math.floor((low + high) / 2);
    const copy = copied(output, { textLength, listLength });
    if (sizeOf(copy) <= largest) {
      best = copy;
      low = listLength + 1;
    } else high = listLength - 1;
  }
  return best;
}

function copied(output: unknown, { textLength, listLength }: { textLength: number; listLength: number }): unknown {
  let left = mostValues;
  const copy = (value: unknown, depth: number): unknown => {
    left--;
    if (typeof value === 'string') return boundedText(value, textLength);
    // JSON has neither infinity nor a negative zero.
    if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null;
    if (typeof value === 'boolean' || value === null) return value;
    if (typeof value === 'bigint') return boundedText(value.toString(), textLength);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
    if (typeof value !== 'object') return null;
    if (depth >= deepest || left <= 0) return '…';
    return Array.isArray(value) ? list(value, depth) : record(value, depth);
  };
  const list = (items: readonly unknown[], depth: number): unknown[] => {
    const kept: unknown[] = [];
    for (const item of items.slice(0, listLength)) {
      if (left <= 0) break;
      kept.push(copy(item, depth + 1));
    }
    const leftOut = items.length - kept.length;
    return leftOut === 0 ? kept : [...kept, leftOutMark(leftOut)];
  };
  const record = (object: object, depth: number): unknown => {
    const entries: [string, unknown][] = [];
    for (const [key, value] of Object.entries(object)) {
      if (value === undefined || typeof value === 'function') continue;
      if (left <= 0 || entries.length >= mostKeys) {
        entries.push(['…', 'more is left out here']);
        break;
      }
      entries.push([boundedText(key, longestKey), copy(value, depth + 1)]);
    }
    // Not by assignment: a key named __proto__ would change the copy.
    return Object.fromEntries(entries);
  };
  return copy(output, 0);
}

function leftOutMark(count: number): string {
  return `… and ${count} more, left out here`;
}

/** A bounded output without what its lists say of items that were left out: it then is what the tool gave, with shorter lists. */
export function withoutMarks(output: unknown): unknown {
  if (typeof output !== 'object' || output === null) return output;
  if (!Array.isArray(output))
    return Object.fromEntries(Object.entries(output).map(([key, value]) => [key, withoutMarks(value)]));
  const isMark = (item: unknown) => typeof item === 'string' && /^… and \d+ more, left out here$/.test(item);
  return output.filter((item) => !isMark(item)).map(withoutMarks);
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}

/** The beginning of a text that is at most so many bytes long, also with quotation marks escaped. */
function bytesOf(text: string, most: number): string {
  let [end, size] = [0, 0];
  for (const character of text) {
    size += Math.max(Buffer.byteLength(JSON.stringify(character)) - 2, 1);
    if (size > most) break;
    end += character.length;
  }
  return text.slice(0, end);
}
