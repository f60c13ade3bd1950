import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitMessage } from '../../src/bot/split-message.ts';

const limit = 200;
/** What is left of a text when it does not matter where it was cut: no white space, no edges of code blocks. */
const content = (text: string) => text.replace(/```[\w+\-.#]*\n?/g, '').replace(/\s/g, '');
const fences = (text: string) => text.split('```').length - 1;

const word = fc.string({
  unit: fc.constantFrom(...'abcdefgh.,!?:äß漢字。🎬👩‍🚀*_|~#-'),
  minLength: 1,
  maxLength: 12,
});
const link = fc
  .tuple(fc.array(word, { minLength: 1, maxLength: 4 }), fc.stringMatching(/^[a-z0-9/]{1,30}$/))
  .map(([words, path]) => `[${words.join(' ')}](https://example.org/${path})`);
const paragraph = fc
  .array(fc.oneof({ weight: 6, arbitrary: word }, { weight: 1, arbitrary: link }), { minLength: 1, maxLength: 60 })
  .map((words) => words.join(' '));
const code = fc
  .tuple(
    fc.constantFrom('', 'js', 'c++', 'yaml'),
    fc.array(fc.stringMatching(/^ {0,4}[a-z(){};= ]{1,40}$/), { minLength: 1, maxLength: 30 }),
  )
  .map(([language, lines]) => `\`\`\`${language}\n${lines.join('\n')}\n\`\`\``);
const prose = fc.array(paragraph, { minLength: 1, maxLength: 8 }).map((blocks) => blocks.join('\n\n'));
const mixed = fc.array(fc.oneof(paragraph, code), { minLength: 1, maxLength: 8 }).map((blocks) => blocks.join('\n\n'));

describe('splitting a message', () => {
  it('keeps a word whole that fits, though little stands before it', () => {
    const long = 'x'.repeat(limit - 6);
    expect(splitMessage(`some words ${long}`, limit)).toEqual(['some words', long]);
  });

  it('leaves a text alone that fits, but for the white space around it', () => {
    expect(splitMessage(' hello\n')).toEqual(['hello']);
    expect(splitMessage('a'.repeat(2000))).toEqual(['a'.repeat(2000)]);
    expect(splitMessage(' \n ')).toEqual([]);
  });

  it('never gives a piece that is empty or too long, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 1500 }), (text) => {
        for (const piece of splitMessage(text, limit)) {
          expect(piece.length).toBeLessThanOrEqual(limit);
          expect(piece.trim()).not.toBe('');
        }
      }),
    );
  });

  it('ends for texts of nothing but marks', () => {
    const marks = fc.string({ unit: fc.constantFrom('`', '```', '\n', ' ', '[', '](', ')', 'x'), maxLength: 1500 });
    fc.assert(
      fc.property(marks, (text) => {
        for (const piece of splitMessage(text, limit)) expect(piece.length).toBeLessThanOrEqual(limit);
      }),
    );
  });

  it('keeps every word and every link of prose whole', () => {
    fc.assert(
      fc.property(prose, (text) => {
        const pieces = splitMessage(text, limit);
        expect(pieces.flatMap((piece) => piece.split(/\s+/)).join(' ')).toBe(text.split(/\s+/).join(' '));
        const links = text.match(/\[[^\]]*\]\([^)]*\)/g) ?? [];
        expect(pieces.flatMap((piece) => piece.match(/\[[^\]]*\]\([^)]*\)/g) ?? [])).toEqual(links);
      }),
    );
  });

  it('keeps all content, and closes in each piece every code block that it opens', () => {
    fc.assert(
      fc.property(mixed, (text) => {
        const pieces = splitMessage(text, limit);
        expect(content(pieces.join('\n'))).toBe(content(text));
        for (const piece of pieces) expect(fences(piece) % 2).toBe(0);
      }),
    );
  });

  it('never cuts a pair of surrogates', () => {
    const long = fc.string({ unit: fc.constantFrom('🎬', 'a'), minLength: limit, maxLength: 900 });
    fc.assert(
      fc.property(long, (text) => {
        const pieces = splitMessage(text, limit);
        for (const piece of pieces) expect(piece.isWellFormed()).toBe(true);
        expect(pieces.join('')).toBe(text);
      }),
    );
  });

  it('needs no fewer messages for a longer text, so that none that is on screen is left over', () => {
    fc.assert(
      fc.property(mixed, fc.nat(1000), (text, at) => {
        const beginning = text.slice(0, at);
        expect(splitMessage(beginning, limit).length).toBeLessThanOrEqual(splitMessage(text, limit).length);
      }),
    );
  });

  it('opens a cut code block again with its language, and keeps the indentation', () => {
    const lines = Array.from({ length: 12 }, (_, index) => `    line ${index} of the code;`);
    const pieces = splitMessage(`Look:\n\`\`\`js\n${lines.join('\n')}\n\`\`\`\nThat is all.`, limit);
    expect(pieces.length).toBeGreaterThan(1);
    for (const piece of pieces.slice(1)) expect(piece).toMatch(/^```js\n {4}line/);
    for (const piece of pieces.slice(0, -1)) expect(piece).toMatch(/of the code;\n```$/);
    expect(pieces.at(-1)).toContain('```\nThat is all.');
  });

  it('prefers the end of a paragraph, then of a line, then of a sentence', () => {
    const filler = 'word '.repeat(20).trim();
    expect(splitMessage(`${filler}\n\n${filler}\n${filler}`, limit)[0]).toBe(filler);
    expect(splitMessage(`${filler}\n${filler}. ${filler}`, limit)[0]).toBe(filler);
    expect(splitMessage(`${filler}. ${filler} ${filler}`, limit)[0]).toBe(`${filler}.`);
    expect(splitMessage(`${'漢'.repeat(150)}。${'字'.repeat(150)}`, limit)[0]).toBe(`${'漢'.repeat(150)}。`);
  });

  it('takes a code block whole to the next message when it begins late in this one', () => {
    const pieces = splitMessage(`${'word '.repeat(30)}\n\`\`\`\n${'code '.repeat(20)}\n\`\`\``, limit);
    expect(pieces).toHaveLength(2);
    expect(pieces[1]).toMatch(/^```\ncode/);
  });

  it('copes with a megabyte of every kind', () => {
    for (const unit of ['a', '[', '](', '`', '``` ', 'word ', '\n', '[a](b', '🎬'])
      expect(splitMessage(unit.repeat(1_000_000 / unit.length)).length).toBeGreaterThanOrEqual(0);
  });
});
