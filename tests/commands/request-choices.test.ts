import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choiceName, choiceValue, choosable } from '../../src/commands/request/title-choices.ts';
import { pickedId, titleKindOf } from '../../src/commands/request/title-kinds.ts';
import { sayInEnglish } from '../../src/messages.ts';
import type { Title } from '../../src/services/titles.ts';

const dune: Title = {
  title: 'Dune',
  year: 2021,
  overview: null,
  posterUrl: null,
  runtimeMinutes: null,
  genres: [],
  rating: null,
  libraryId: null,
  status: { state: 'absent' },
};

describe('a choice', () => {
  it('names title and year, and marks what is there', () => {
    expect(choiceName(dune, sayInEnglish)).toBe('Dune (2021)');
    expect(choiceName({ ...dune, year: null }, sayInEnglish)).toBe('Dune');
    expect(choiceName({ ...dune, libraryId: 1, status: { state: 'available' } }, sayInEnglish)).toBe('Dune (2021) ✓');
    expect(choiceName({ ...dune, libraryId: 1, status: { state: 'unmonitored' } }, sayInEnglish)).toBe('Dune (2021)');
  });

  it('keeps year and mark whole within 100 characters, whatever the title', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (title) => {
        const name = choiceName({ ...dune, title, status: { state: 'monitored' } }, sayInEnglish);
        expect(name.length).toBeLessThanOrEqual(100);
        expect(name.endsWith(' (2021) ✓')).toBe(true);
        expect(name.isWellFormed()).toBe(true);
      }),
    );
    expect(choiceName({ ...dune, title: '\u0000', year: null }, sayInEnglish)).toBe('Untitled');
  });

  it('is there once, and 25 at most', () => {
    const found = Array.from({ length: 60 }, (_, at) => ({ id: Math.floor(at / 2), title: dune }));
    const ids = choosable(found).map(({ id }) => id);
    expect(ids).toHaveLength(25);
    expect(new Set(ids).size).toBe(25);
    expect(ids).not.toContain(0);
  });

  it('is told apart from free text', () => {
    const movie = titleKindOf('movie');
    const tv = titleKindOf('tv');
    if (movie === undefined || tv === undefined) throw new Error('a kind is gone');
    expect(pickedId(movie, choiceValue(movie, 438631))).toBe(438631);
    for (const words of ['dune', 'tvdb:5', 'tmdb:', 'tmdb:0', 'tmdb:1:2', 'tmdb:1e3', 'tmdb:99999999999'])
      expect(pickedId(movie, words)).toBeNull();
    expect(pickedId(tv, 'tvdb:5')).toBe(5);
  });
});
