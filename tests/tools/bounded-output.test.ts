import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundedOutput, boundedText, largestOutput, longestText } from '../../src/tools/bounded-output.ts';

const size = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
const longestIn = (value: unknown): number => {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((most: number, inner) => Math.max(most, longestIn(inner)), 0);
};
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary', maxLength: 2000 }),
  fc.nat(4000).map((length) => '"\\é😀'.repeat(length)),
);
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 12, withCrossShrink: true },
    text,
    fc.integer(),
    fc.double(),
    fc.constantFrom(null, true, undefined, 10n ** 900n, Number.NaN),
    fc.array(tie('value'), { maxLength: 40 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), tie('value'), { maxKeys: 20 }),
  ),
})).value;

describe('what a tool gives', () => {
  it('is small whatever it was, and stays what it is when bounded again', () => {
    fc.assert(
      fc.property(anything, fc.constantFrom(largestOutput, 6000, 1500, 400, 100), (output, largest) => {
        const bounded = boundedOutput(output, largest);
        expect(size(bounded)).toBeLessThanOrEqual(largest);
        expect(JSON.parse(JSON.stringify(bounded))).toEqual(bounded);
        if (largest === largestOutput) expect(boundedOutput(bounded, largest)).toEqual(bounded);
        const isBeginning = typeof bounded === 'object' && bounded !== null && 'shortened' in bounded;
        if (!isBeginning) expect(longestIn(bounded)).toBeLessThanOrEqual(longestText);
      }),
      { numRuns: 300 },
    );
  });

  it('is left as it is when it fits', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (output) => {
        const plain: unknown = JSON.parse(JSON.stringify(output));
        fc.pre(size(plain) <= largestOutput && longestIn(plain) <= 100 && !JSON.stringify(plain).includes('\\ud'));
        expect(boundedOutput(plain)).toEqual(plain);
      }),
    );
  });

  it('keeps what stands beside a long list, and says how much of the list was left out', () => {
    const items = Array.from({ length: 300 }, (_, id) => ({ id, title: `Film ${id}`, overview: 'x'.repeat(5000) }));
    const bounded = boundedOutput({ items, total: 300, problems: ['Sonarr does not answer.'] });
    expect(bounded).toMatchObject({ total: 300, problems: ['Sonarr does not answer.'] });
    const list = JSON.parse(JSON.stringify(bounded)).items;
    expect(list.length).toBeGreaterThan(20);
    expect(list[0].overview).toHaveLength(200);
    expect(list.at(-1)).toBe(`… and ${300 - (list.length - 1)} more, left out here`);
  });

  it('takes no longer for what is not kept', () => {
    let read = 0;
    const endless = new Proxy([], {
      get: (target, key, receiver) => {
        if (key === 'length') return 1_000_000_000;
        if (key === 'slice') return (from: number, to: number) => Array.from({ length: to - from }, () => endless);
        read++;
        return Reflect.get(target, key, receiver);
      },
    });
    expect(size(boundedOutput(endless))).toBeLessThanOrEqual(largestOutput);
    expect(read).toBeLessThan(1_000_000);
  });

  it('has texts that are well formed and end with "…" where they were cut', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 600 }), (whole, longest) => {
        const cut = boundedText(whole, longest);
        expect(cut.length).toBeLessThanOrEqual(longest);
        expect(cut.isWellFormed()).toBe(true);
        if (whole.length > longest) expect(cut.endsWith('…')).toBe(true);
        else expect(cut).toBe(whole.toWellFormed());
      }),
    );
  });
});
