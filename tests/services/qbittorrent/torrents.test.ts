import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isAmong,
  torrentFilters,
  torrentHash,
  torrentOf,
  torrentSchema,
} from '../../../src/services/qbittorrent/torrents.ts';

const hash = 'a'.repeat(40);
const torrent = (raw: Record<string, unknown>) => torrentOf(torrentSchema.parse({ hash, ...raw }));

describe('a torrent', () => {
  it.each([
    ['downloading', 'downloading'],
    ['metaDL', 'downloading'],
    ['forcedMetaDL', 'downloading'],
    ['stalledDL', 'stalled'],
    ['queuedDL', 'queued'],
    ['pausedDL', 'paused'],
    ['stoppedDL', 'paused'],
    ['pausedUP', 'paused'],
    ['stoppedUP', 'paused'],
    ['checkingDL', 'checking'],
    ['checkingResumeData', 'checking'],
    ['moving', 'checking'],
    ['uploading', 'seeding'],
    ['stalledUP', 'seeding'],
    ['forcedUP', 'seeding'],
    ['error', 'errored'],
    ['missingFiles', 'errored'],
    ['unknown', 'unknown'],
    ['aStateOfVersion7', 'unknown'],
  ])('in the state %s is %s in every version', (state, normal) => {
    expect(torrent({ state }).state).toBe(normal);
  });

  it.each([
    [8_640_000, null],
    [8_640_001, null],
    [-1, null],
    [null, null],
    [0, 0],
    [300, 300],
  ])('with an eta of %s has %s seconds left', (eta, secondsLeft) => {
    expect(torrent({ eta }).secondsLeft).toBe(secondsLeft);
  });

  it('is whole and sane, whatever numbers and names a server sends', () => {
    const number = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: null });
    const raw = fc.record({
      name: fc.option(fc.string({ maxLength: 900 }), { nil: null }),
      progress: number,
      eta: number,
    });
    fc.assert(
      fc.property(raw, (sent) => {
        const { name, percent, secondsLeft } = torrent(sent);
        expect(name).not.toBe('');
        expect(name.length).toBeLessThanOrEqual(300);
        expect(percent >= 0 && percent <= 100).toBe(true);
        expect(secondsLeft === null || (secondsLeft >= 0 && secondsLeft < 8_640_000)).toBe(true);
      }),
    );
  });

  it.each([
    ['downloading', ['downloading', 'stalledDL', 'queuedDL', 'checkingDL']],
    ['seeding', ['uploading']],
    ['completed', ['uploading', 'stoppedUP']],
    ['paused', ['pausedDL', 'stoppedUP']],
    ['stalled', ['stalledDL']],
    ['errored', ['error']],
  ] as const)('is found by the filter %s', (filter, expected) => {
    const all = ['downloading', 'stalledDL', 'queuedDL', 'checkingDL', 'uploading', 'pausedDL', 'stoppedUP', 'error'];
    const found = all.filter((state) =>
      isAmong(torrent({ state, progress: state.endsWith('UP') || state === 'uploading' ? 1 : 0.5 }), filter),
    );
    expect(torrentFilters).toContain(filter);
    expect(found).toEqual(expected);
  });
});

it('takes 40 or 64 hexadecimal digits for a hash, in lower case, and nothing else', () => {
  expect(torrentHash.parse('AB'.repeat(20))).toBe('ab'.repeat(20));
  expect(torrentHash.safeParse('ab'.repeat(32)).success).toBe(true);
  const isHash = (text: string) => torrentHash.safeParse(text).success;
  for (const text of ['all', '', `${hash}|all`, `${hash}\n`, ` ${hash}`, 'g'.repeat(40), 'a'.repeat(41)])
    expect(isHash(text), JSON.stringify(text)).toBe(false);
  const foreign = fc.string({ minLength: 1, maxLength: 3 }).filter((text) => /[^\da-f]/i.test(text));
  fc.assert(
    fc.property(foreign, fc.nat(40), (text, at) => {
      expect(isHash(hash.slice(0, at) + text + hash.slice(Math.min(40, at + text.length)))).toBe(false);
    }),
  );
});
