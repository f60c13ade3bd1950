import { describe, expect, it } from 'vitest';
import { nextLook } from '../../src/commands/cards/followed-card.ts';
import { justState } from '../../src/tools/progress.ts';

const seconds = (state: 'waiting_for_approval' | 'searching' | 'downloading', quiet: number) =>
  nextLook({ progress: justState(state), quiet }, { progressMs: 15_000 }) / 1000;

describe('the time until a followed request is looked at again', () => {
  it('stays at 15 seconds for half an hour while the request waits for approval, and is never over a minute', () => {
    for (const quiet of [0, 1, 5, 119]) expect(seconds('waiting_for_approval', quiet)).toBe(15);
    expect(seconds('waiting_for_approval', 10_000)).toBe(60);
  });

  it('grows to a minute while a download stands still, and to five minutes while nothing is found', () => {
    expect([0, 1, 2, 3].map((quiet) => seconds('downloading', quiet))).toEqual([15, 30, 60, 60]);
    expect([0, 1, 4, 5].map((quiet) => seconds('searching', quiet))).toEqual([15, 30, 240, 300]);
  });
});
