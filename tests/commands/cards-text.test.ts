import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutAtSentence } from '../../src/commands/cards/overview.ts';
import { escaped, oneLine } from '../../src/commands/cards/server-text.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 900 }),
  fc.string({ unit: 'grapheme', maxLength: 900 }),
);

describe('an overview', () => {
  it('is left alone when it fits', () => {
    expect(cutAtSentence('Short. And whole.', 300)).toBe('Short. And whole.');
  });

  it('ends at the last sentence that fits', () => {
    expect(cutAtSentence('One is here. Two follows it. Three is too much.', 32)).toBe('One is here. Two follows it.');
  });

  it('does not end at a title before a name', () => {
    expect(cutAtSentence('He is sent away. There Dr. Bloodmoney rules the whole town.', 40)).toBe('He is sent away.');
  });

  it('ends at a word with an ellipsis when the first sentence is too long', () => {
    expect(cutAtSentence('A very long sentence without any end in sight', 20)).toBe('A very long…');
  });

  it('never grows over its length, never splits a character, and begins like the text', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 300 }), (overview, length) => {
        const cut = cutAtSentence(overview, length);
        expect(cut.length).toBeLessThanOrEqual(length);
        expect(cut.isWellFormed()).toBe(true);
        const plain = oneLine(overview, 4000);
        expect(plain.startsWith(cut.replace(/…$/, '')) || plain === cut).toBe(true);
      }),
    );
  });
});

describe('a media server’s text', () => {
  it('shows markdown, links, mentions and time stamps as the characters they are', () => {
    expect(escaped('**Dune** [x](http://e.vil) <@1> @everyone `a`', 200)).toBe(
      '\\*\\*Dune\\*\\* \\[x\\](http:\\//e.vil) \\<@1\\> @\u200Beveryone \\`a\\`',
    );
  });

  it('makes no heading, quote or list of a line', () => {
    expect(escaped('# Alive', 50)).toBe('\\# Alive');
    expect(escaped('- one', 50)).toBe('\\- one');
    expect(escaped('1. FC', 50)).toBe('1\\. FC');
    expect(escaped('> said', 50)).toBe('\\> said');
    expect(escaped('Spider-Man: 2099', 50)).toBe('Spider-Man: 2099');
  });

  it('is one well-formed line without control characters, within its length', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 200 }), (text, length) => {
        const line = oneLine(text, length);
        expect(line.length).toBeLessThanOrEqual(length);
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u);
        expect(line.isWellFormed()).toBe(true);
      }),
    );
  });

  it.each([
    '',
    ' ',
    '\u200b',
    '\u3164\u115f',
    '\u2800',
    '\u2060\u00ad',
    '\u{e0041}',
    '\u0301',
  ])('is empty when nothing of it shows, so that a name can take its place: %j', (text) => {
    expect(escaped(text, 100)).toBe('');
  });

  it.each(['👩‍👩‍👧', 'é', '한', '.', 'नि'])('is kept when anything shows: %s', (text) => {
    expect(oneLine(text, 100)).toBe(text);
  });
});
