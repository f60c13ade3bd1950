import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Block, type Inline, parseMarkdown } from '../../playground/page/browser/markdown.ts';

/** All words that a parsed text shows, in order. */
function words(parts: readonly (Block | Inline)[]): string {
  return parts
    .map((part): string => {
      if (part.kind === 'list') return part.items.map(words).join('\n');
      if ('children' in part) return words(part.children);
      return 'text' in part ? part.text : '';
    })
    .join('');
}

const first = (text: string): Block | undefined => parseMarkdown(text)[0];
const inline = (text: string): Inline[] => {
  const block = first(text);
  return block?.kind === 'paragraph' ? block.children : [];
};

describe('what Discord makes of a text', () => {
  it.each([
    ['**a**', 'strong'],
    ['*a*', 'em'],
    ['_a_', 'em'],
    ['__a__', 'underline'],
    ['~~a~~', 'strike'],
    ['||a||', 'spoiler'],
    ['`a`', 'code'],
    ['``a`b``', 'code'],
    ['[a](https://example.org)', 'link'],
    ['https://example.org/a', 'link'],
    ['<https://example.org/a>', 'link'],
    ['<@123456789012345678>', 'user'],
    ['<#123456789012345678>', 'channel'],
    ['</request movie:123456789012345678>', 'command'],
    ['<t:1700000000:R>', 'time'],
    ['@everyone', 'everyone'],
  ])('%s is %s', (text, kind) => expect(inline(text)[0]?.kind).toBe(kind));

  it.each([
    'snake_case_name',
    '2 * 3 * 4',
    '\\*not slanted\\*',
    '<b>words</b>',
    '[a](javascript:alert(1))',
    '[a](data:text/html,x)',
    'xhttps://example.org',
    '**never closed',
  ])('%s stays text', (text) => {
    expect(inline(text).filter(({ kind }) => kind !== 'text')).toEqual([]);
  });

  it.each([
    ['# a', 'heading'],
    ['-# a', 'subtext'],
    ['> a', 'quote'],
    ['>>> a\nb', 'quote'],
    ['- a\n- b', 'list'],
    ['1. a\n2. b', 'list'],
    ['```js\na\n```', 'code'],
  ])('%j is a %s', (text, kind) => expect(first(text)?.kind).toBe(kind));

  it('nests: bold in a list in a quote', () => {
    const quote = first('> - one **two**\n>   - three');
    expect(quote).toMatchObject({ kind: 'quote', children: [{ kind: 'list', items: [[{}, { kind: 'list' }]] }] });
  });

  it('keeps a list’s first number, and code blocks as typed', () => {
    expect(first('3. a\n4. b')).toMatchObject({ kind: 'list', start: 3 });
    expect(first('```\n**a**\n  b\n```')).toEqual({ kind: 'code', text: '**a**\n  b' });
  });
});

it('never throws and keeps every letter and digit of plain words, whatever stands around them', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '**',
      '*',
      '_',
      '__',
      '~~',
      '`',
      '```',
      '||',
      '> ',
      '- ',
      '# ',
      '\n',
      '\\',
      '[',
      '](',
      '<',
      '>',
      '1. ',
    ),
    fc.string({ maxLength: 8 }),
    fc.constant('word'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join('');
      const count = (of: string) => of.split('word').length;
      // A word in a language name after ``` or in an address is no text; all others are shown.
      const shown = count(words(parseMarkdown(text)));
      if (!/```|https?:|\]\(|<[/:at]/.test(text)) expect(shown).toBe(count(text));
    }),
    { numRuns: 2000 },
  );
});

it('takes text that was made to be slow', () => {
  for (const unit of ['**', '*a', '_', '[', '||', '`', '> ', '- ', '<@', '~~a', '](http://a', '\\'])
    expect(parseMarkdown(unit.repeat(4000 / unit.length)).length).toBeGreaterThan(0);
});
