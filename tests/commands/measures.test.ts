import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { progressBar } from '../../src/commands/cards/progress-bar.ts';
import { sayInEnglish } from '../../src/messages.ts';
import { formatDuration, formatSize, formatSpeed } from '../../src/tools/measures.ts';

describe('progressBar', () => {
  it.each([
    [0, '▱▱▱▱▱▱▱▱▱▱'],
    [0.4, '▰▱▱▱▱▱▱▱▱▱'],
    [50, '▰▰▰▰▰▱▱▱▱▱'],
    [99.9, '▰▰▰▰▰▰▰▰▰▱'],
    [100, '▰▰▰▰▰▰▰▰▰▰'],
  ])('shows %d percent', (percent, bar) => {
    expect(progressBar(percent)).toBe(bar);
  });

  it('always has the same width, never shrinks, and is full or empty only at exactly 100 or 0 percent', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -50, max: 150, noNaN: true }),
        fc.double({ min: 0, max: 50, noNaN: true }),
        (at, on) => {
          const filled = (percent: number) => [...progressBar(percent)].filter((part) => part === '▰').length;
          expect([...progressBar(at)]).toHaveLength(10);
          expect(filled(at + on)).toBeGreaterThanOrEqual(filled(at));
          expect(filled(at) === 10).toBe(at >= 100);
          expect(filled(at) === 0).toBe(at <= 0);
        },
      ),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('is empty for %d, which a server must not send', (percent) => {
    expect(progressBar(percent)).toBe('▱'.repeat(10));
  });
});

describe('formatSize and formatSpeed', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [8_400_000_000, '8.4 GB'],
    [123_456_789, '123 MB'],
    [999_950, '1 MB'],
    [1_200_000_000_000, '1.2 TB'],
    [-5, '0 B'],
    [Number.NaN, '0 B'],
  ])('writes %d bytes as %s', (bytes, words) => {
    expect(formatSize(bytes, sayInEnglish)).toBe(words);
    expect(formatSpeed(bytes, sayInEnglish)).toBe(`${words}/s`);
  });

  it('stays within a twentieth of the truth, in at most four digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: Number.MAX_SAFE_INTEGER }), (bytes) => {
        const [number = '', unit = ''] = formatSize(bytes, sayInEnglish).split(' ');
        const power = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'].indexOf(unit);
        expect(Math.abs(Number(number) * 1000 ** power - bytes)).toBeLessThanOrEqual(bytes / 20);
        expect(number.replace('.', '').length).toBeLessThanOrEqual(4);
        if (unit !== 'PB') expect(Number(number)).toBeLessThan(1000);
      }),
    );
  });
});

describe('formatDuration', () => {
  it.each([
    [0, 'under a minute'],
    [29, 'under a minute'],
    [30, '1 min'],
    [720, '12 min'],
    [3599, '1 h'],
    [4800, '1 h 20 min'],
    [86_400 + 1800, '1 d'],
    [2 * 86_400 + 3 * 3600, '2 d 3 h'],
    [-1, 'under a minute'],
    [Number.POSITIVE_INFINITY, 'under a minute'],
  ])('writes %d seconds as %s', (seconds, words) => {
    expect(formatDuration(seconds, sayInEnglish)).toBe(words);
  });

  it('says at most two parts, and within half of the smaller one of the truth', () => {
    const units: Record<string, number> = { d: 86_400, h: 3600, min: 60 };
    fc.assert(
      fc.property(fc.integer({ min: 30, max: 40 * 86_400 }), (seconds) => {
        const words = formatDuration(seconds, sayInEnglish).split(' ');
        expect(words.length).toBeLessThanOrEqual(4);
        let said = 0;
        for (let at = 0; at < words.length; at += 2)
          said += Number(words[at]) * (units[words[at + 1] ?? ''] ?? Number.NaN);
        const slack = seconds >= 86_400 ? 3630 : 30;
        expect(Math.abs(said - seconds)).toBeLessThanOrEqual(slack);
      }),
    );
  });
});
