import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  JsonProjection,
  type Kept,
  ProjectionError,
  type ProjectionLimits,
} from '../../src/services/json-projection.ts';
import { keptBy } from '../../src/services/kept-fields.ts';
import { listOf } from '../../src/services/list-of.ts';

const wide: ProjectionLimits = { keptBytes: 1e7, values: 1e6, items: 1e6, text: 1e6 };

/** Reads a text in pieces of these sizes, in turn, and gives what is kept, parsed. */
function project(text: string, kept: Kept, { sizes = [64_000], isList = false, limits = wide } = {}): unknown {
  const bytes = Buffer.from(text);
  const projection = new JsonProjection(kept, limits, { isList });
  const parts: string[] = [];
  const take = (isEnd: boolean) => {
    const part = Buffer.from(projection.take(isEnd)).toString();
    if (part !== '') parts.push(part);
  };
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    projection.write(bytes.subarray(at, at + size));
    take(false);
    at += size;
  }
  projection.end();
  take(true);
  return isList ? parts.flatMap((part) => JSON.parse(`[${part}]`)) : JSON.parse(parts.join(''));
}

/** The same by JSON.parse: what the reader must agree with. */
function projected(value: unknown, kept: Kept | null): unknown {
  if (kept === 'whole' || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = kept === null || kept === 'scalar' ? null : kept.items;
    return items === null ? [] : value.map((item) => projected(item, items));
  }
  const fields = kept === null || kept === 'scalar' ? null : kept.fields;
  const there = Object.entries(value).filter(([name]) => fields?.has(name));
  return Object.fromEntries(there.map(([name, inner]) => [name, projected(inner, fields?.get(name) ?? null)]));
}

const names = ['id', 'title', 'images', 'a"b', 'tïtle', '', 'constructor'];
const name = fc.oneof(fc.constantFrom(...names), fc.string({ unit: 'binary', maxLength: 6 }));
const { document } = fc.letrec((tie) => ({
  document: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.double({ noDefaultInfinity: true, noNaN: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('document'), { maxLength: 4 }),
    fc.array(fc.tuple(name, tie('document')), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
  ),
}));
const { kept } = fc.letrec<{ kept: Kept }>((tie) => ({
  kept: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Kept>('whole', 'scalar'),
    fc.record({
      fields: fc.option(
        fc
          .array(fc.tuple(fc.constantFrom('id', 'title', 'images', 'constructor'), tie('kept')), { maxLength: 3 })
          .map((entries) => new Map(entries)),
      ),
      items: fc.option(tie('kept')),
    }),
  ),
}));
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
/** JSON as others write it: with spaces, and every letter of a text or key escaped or not. */
const written = fc
  .tuple(document, fc.constantFrom(undefined, 1, '\t', '\r\n '), fc.boolean())
  .map(([value, space, isEscaped]) => {
    const text = JSON.stringify(value, null, space);
    return isEscaped ? text.replace(/[ti\u0080-\uffff]/g, (letter) => escaped(letter, text)) : text;
  });

/** A letter of a word such as `true` stays: only in texts it may be escaped. */
function escaped(letter: string, text: string): string {
  const isInWord = /(^|[[:,\s])(true|false|null)/.test(text) && /[a-z]/.test(letter);
  return isInWord ? letter : `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}`;
}

describe('the reader of replies', () => {
  it('keeps of any JSON, in pieces of any size, what JSON.parse and a filter would', () => {
    fc.assert(
      fc.property(written, kept, sizes, (text, what, pieces) => {
        expect(project(text, what, { sizes: pieces })).toEqual(projected(JSON.parse(text), what));
      }),
      { numRuns: 2000 },
    );
  });

  it('gives a list’s items in parts, each once and in order', () => {
    fc.assert(
      fc.property(fc.array(document, { maxLength: 8 }), kept, sizes, (list, items, pieces) => {
        const given = project(JSON.stringify(list), { fields: null, items }, { sizes: pieces, isList: true });
        expect(given).toEqual(list.map((item) => projected(JSON.parse(JSON.stringify(item)), items)));
      }),
      { numRuns: 500 },
    );
    const long = Array.from({ length: 5000 }, (_, id) => ({ id, title: `Film number ${id} with words`, more: [id] }));
    const film: Kept = {
      fields: new Map<string, Kept>([
        ['id', 'scalar'],
        ['title', 'scalar'],
      ]),
      items: null,
    };
    const given = project(
      JSON.stringify(long),
      { fields: null, items: film },
      { sizes: [1000, 70_000, 3], isList: true },
    );
    expect(given).toEqual(long.map(({ id, title }) => ({ id, title })));
  });

  it('takes for JSON what JSON.parse does, also where nothing is kept', () => {
    const piece = fc.constantFrom(
      ...'{}[]:,"0123456789.-+eEtrufalsn\\/ \n\t'.split(''),
      'true',
      'null',
      '\\u00e9',
      '"a"',
      '\u0001',
    );
    const damaged = fc.tuple(written, fc.nat(), piece, fc.nat({ max: 2 })).map(([text, at, more, gone]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + more + text.slice(place + gone);
    });
    const any = fc.oneof(
      damaged,
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(any, fc.constantFrom<Kept>('whole', 'scalar'), sizes, (text, what, pieces) => {
        const whole = Buffer.from(text).toString();
        expect(outcome(() => project(whole, what, { sizes: pieces }))).toBe(outcome(() => JSON.parse(whole)));
      }),
      { numRuns: 3000 },
    );
  });

  it('takes the last of a key that is there twice, and makes of __proto__ nothing but a name', () => {
    const film: Kept = { fields: new Map<string, Kept>([['id', 'scalar']]), items: null };
    expect(project('{"id":1,"__proto__":{"id":7},"id":2,"\\u0069d":3}', film)).toEqual({ id: 3 });
    expect(Object.getPrototypeOf(project('{"__proto__":{"polluted":1}}', film))).toBe(Object.prototype);
    expect('polluted' in {}).toBe(false);
  });

  it.each([
    ['deep lists', '['.repeat(65), 'scalar'],
    ['deep objects', '{"a":'.repeat(65), 'whole'],
    ['a long number', `[${'1'.repeat(101)}]`, 'scalar'],
    ['too many values', `[${'0,'.repeat(11)}0]`, 'whole'],
    ['a long text', `["${'x'.repeat(51)}"]`, 'whole'],
    ['much that is kept', `[${'"0123456789012345678901234567890123456789",'.repeat(9)}0]`, 'whole'],
  ] as const)('refuses %s', (_, text, what) => {
    const limits = { keptBytes: 300, values: 10, items: 100, text: 50 };
    expect(outcome(() => project(text, what, { limits }))).toBe('too_large');
  });

  it('refuses more items than a list may have, and does not count what is not kept', () => {
    const limits = { keptBytes: 300, values: 10, items: 100, text: 50 };
    const text = `[${'0,'.repeat(100)}0]`;
    expect(outcome(() => project(text, 'scalar', { limits }))).toBe('too_large');
    expect(
      project(
        `{"a":[${'"long text",'.repeat(900)}0],"id":1}`,
        { fields: new Map([['id', 'scalar']]), items: null },
        { limits },
      ),
    ).toEqual({ id: 1 });
    expect(outcome(() => project('{}', 'whole', { isList: true }))).toBe('not_a_list');
    expect(outcome(() => project('<html>', 'whole', { isList: true }))).toBe('not_json');
  });
});

/** How a reading ends: the reader's reason, and the same word for what JSON.parse refuses. */
function outcome(read: () => unknown): string {
  try {
    read();
    return 'read';
  } catch (error) {
    if (error instanceof ProjectionError) return error.reason;
    if (error instanceof SyntaxError) return 'not_json';
    throw error;
  }
}

describe('what a schema keeps', () => {
  it('is what it reads, through unions and what may be missing', () => {
    const schema = z.union([
      z.looseObject({ id: z.number(), images: listOf(z.looseObject({ url: z.string() })).nullish() }),
      z.looseObject({ message: z.string().optional(), images: z.looseObject({ poster: z.string() }) }),
    ]);
    const text = '{"id":1,"other":2,"message":"m","images":[{"url":"u","poster":"p","x":1}]}';
    expect(project(text, keptBy(schema))).toEqual({ id: 1, message: 'm', images: [{ url: 'u' }] });
  });

  it('is not left to a schema that looks at everything', () => {
    for (const schema of [z.array(z.string()), z.record(z.string(), z.string()), z.unknown(), z.any()])
      expect(() => keptBy(z.object({ field: schema }))).toThrow('not to be checked by');
  });

  it('is a list that is checked no further than its first wrong item', () => {
    let looked = 0;
    const item = z.number().refine((number) => {
      looked++;
      return number > 0;
    });
    const parsed = listOf(item).safeParse([1, ...Array(1000).fill(0)]);
    expect(parsed.error?.issues).toMatchObject([{ path: [1] }]);
    expect(looked).toBe(2);
    expect(listOf(item).safeParse({}).success).toBe(false);
    expect(listOf(item).safeParse(Array(20_001).fill(1)).success).toBe(false);
    expect(z.object({ list: listOf(item) }).safeParse({}).success).toBe(false);
  });
});
