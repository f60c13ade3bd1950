/**
 * What PostgreSQL calls its types, by number (`pg_type.dat` in its source): each with the number of its arrays, and how a value is
 * read. Whole numbers of 64 bits, decimals, dates and times stay text, which Drizzle's columns read.
 */
const known = [
  { type: 16, array: 1000, read: (text: string) => text === 't' },
  { type: 17, array: 1001, read: (text: string) => Buffer.from(text.slice(2), 'hex') },
  ...[
    [21, 1005],
    [23, 1007],
    [26, 1028],
    [700, 1021],
    [701, 1022],
  ].map(([type = 0, array = 0]) => ({ type, array, read: Number })),
  { type: 114, array: 199, read: (text: string): unknown => JSON.parse(text) },
  { type: 3802, array: 3807, read: (text: string): unknown => JSON.parse(text) },
  // bigint, text, varchar, date, timestamp, timestamptz, numeric, uuid
  ...[
    [20, 1016],
    [25, 1009],
    [1043, 1015],
    [1082, 1182],
    [1114, 1115],
    [1184, 1185],
    [1700, 1231],
    [2950, 2951],
  ].map(([type = 0, array = 0]) => ({ type, array, read: (text: string) => text })),
];

const serialize = (text: string): string => text;

/** The driver's `types`: values leave as the text that `toText` made of them, whatever type the server says a parameter has. */
export const valueTypes = Object.fromEntries(
  known.flatMap(({ type, array, read }) => [
    [type, { to: type, from: [type], serialize, parse: read }],
    [array, { to: array, from: [array], serialize, parse: (text: string) => readArray(text, read) }],
  ]),
);

function readArray(text: string, read: (text: string) => unknown): unknown[] {
  const outside: unknown[] = [];
  const open = [outside];
  // Bounds other than from 1 stand before it.
  const list = text.slice(text.indexOf('{'));
  for (const [token, quoted, bare] of list.matchAll(/[{}]|"((?:[^"\\]|\\.)*)"|([^{},"]+)/gs)) {
    const inside = open.at(-1);
    if (token === '{') {
      const nested: unknown[] = [];
      inside?.push(nested);
      open.push(nested);
    } else if (token === '}') open.pop();
    else if (quoted !== undefined) inside?.push(read(quoted.replace(/\\(.)/gs, '$1')));
    else inside?.push(bare === 'NULL' || bare === undefined ? null : read(bare));
  }
  return [outside[0]].flat();
}

/** Whether a column of this type holds a moment, whose text `new Date` reads. */
export const isMoment = (type: number): boolean => type === 1184;

/** A value as PostgreSQL reads it from text; null is no value. Objects become JSON. */
export function toText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return String(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  return Array.isArray(value) ? toArray(value) : JSON.stringify(value);
}

function toArray(values: unknown[]): string {
  const inside = values.map((value) => {
    if (Array.isArray(value)) return toArray(value);
    const text = toText(value);
    return text === null ? 'null' : `"${text.replace(/["\\]/g, '\\$&')}"`;
  });
  return `{${inside.join(',')}}`;
}

/** Whatever may hold a `$1` that is no parameter: texts, names, comments, dollar-quoted texts; else the parameter's number. */
const notCode = /'(?:[^']|'')*'|"[^"]*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$((?:[a-z_]\w*)?)\$[\s\S]*?\$\1\$|\$(\d+)/gi;

/** How many values a statement asks for. */
export function countParameters(text: string): number {
  let highest = 0;
  for (const [, , number] of text.matchAll(notCode)) highest = Math.max(highest, Number(number ?? 0));
  return highest;
}
