import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeLinks } from '../../src/bot/safe-links.ts';
import { splitMessage } from '../../src/bot/split-message.ts';
import { clickableLinks, foreignLinksIn } from '../clickable-links.ts';
import { extent, sampleOf } from '../extent.ts';
import { foreignAddresses as foreign } from '../foreign-addresses.ts';

/** The origins of the person's servers. */
const own = new Set(['http://192.168.1.20:7878', 'https://films.example.org']);
const foreignLinks = (content: string) => foreignLinksIn(content, own);

describe('an address that the model writes', () => {
  it.each(foreign)('is no link when it is foreign: %j', (text) => {
    const shown = safeLinks(text, own);
    expect(foreignLinks(shown), shown).toEqual([]);
    expect(safeLinks(shown, own)).toBe(shown);
  });

  it('is told apart from what is a link: most of these are links where nothing is done', () => {
    expect(foreign.filter((text) => foreignLinks(text).length > 0).length).toBeGreaterThan(70);
  });

  it.each([
    ['https://evil.example/a?b=c', '`https://evil.example/a?b=c`'],
    ['See https://evil.example/a, or not.', 'See `https://evil.example/a`, or not.'],
    ['(https://evil.example/a_(b))', '(`https://evil.example/a_(b)`)'.replace('_(', '%5F(')],
    ['<https://evil.example/a>', '`https://evil.example/a`'],
    ['[Dune](https://evil.example/a)', '[Dune] (`https://evil.example/a`)'],
    ['a ` b https://evil.example', 'a \\` b `https://evil.example`'],
    ['Run `curl https://evil.example` now', 'Run `curl https://evil.example` now'],
    ['```sh\ncurl https://evil.example\n```', '```sh\ncurl https://evil.example\n```'],
    ['```sh\ncurl https://evil.exa', '```sh\ncurl https://evil.exa\n```'],
    ['[imdb.com](https://www.themoviedb.org/movie/1)', '[imdb.com] (https://www.themoviedb.org/movie/1)'],
    ['https://www.imdb.com/title/tt1?', '<https://www.imdb.com/title/tt1>?'],
    ['https://www.imdb.com/title/tt1：好', '<https://www.imdb.com/title/tt1>：好'],
    ['join discord.gg/abc!', 'join `discord.gg/abc!`'],
  ])('%j is shown as %j', (text, shown) => expect(safeLinks(text, own)).toBe(shown));

  it.each([
    'https://www.imdb.com/title/tt1160419/',
    'https://www.imdb.com/title/tt1160419.',
    '(https://www.imdb.com/title/tt1160419)',
    '**https://www.imdb.com/title/tt1160419**',
    '<https://www.themoviedb.org/movie/438631-dune>',
    '[Dune](https://www.themoviedb.org/movie/438631-dune) and [imdb.com](https://www.imdb.com/title/tt1)',
    'https://thetvdb.com/series/severance',
    'https://discord.com/channels/1/2/3',
    'https://discord.com/developers/applications',
    'http://192.168.1.20:7878/movie/438631',
    'https://films.example.org',
    '[Radarr](http://192.168.1.20:7878/)',
  ])('stays as it is, and a link: %j', (text) => {
    expect(safeLinks(text, own)).toBe(text);
    expect(clickableLinks(text)).not.toEqual([]);
  });

  it.each([
    'Dune: Part Two (2024) **is** _there_: 10 < 20 > 5; `/request` at 10:30.',
    '<t:1700000000:R> <@123456789012345678> <#123456789012345678> </request movie:123456789012345678> <:a:1> <id:home>',
    'a ` b `` c',
    '```js\nconst a = {b: `c`};\n```\n> quote\n- list',
    'Write to me@example.org, or call +1 555 123.',
    'I <3 Mission: Impossible, and/or C:\\films D:/films',
    'discord.js',
  ])('changes nothing else: %j', (text) => expect(safeLinks(text, own)).toBe(text));
});

const piece = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...foreign) },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ...[
        '**',
        '*',
        '_',
        '__',
        '~~',
        '||',
        '`',
        '``',
        '```',
        '````',
        '```js\n',
        '\n',
        '\n\n',
        '> ',
        '>>> ',
        '- ',
        '# ',
      ],
      ...[
        '-# ',
        '1. ',
        '\n> ',
        '\n- ',
        '\n  ',
        '\\',
        '[',
        ']',
        '](',
        '(',
        ')',
        '<',
        '>',
        ' ',
        '!',
        '?',
        '.',
        ':',
        '/',
        '//',
      ],
      ...[
        'https:',
        'https://',
        'http',
        's://',
        'evil.example',
        'www.imdb.com',
        '@',
        '#a',
        '?a=b',
        '\u200b',
        '，',
        '_a_',
      ],
      ...[
        'https://www.imdb.com/title/tt1',
        'https://www.imdb.com',
        'http://192.168.1.20:7878/a',
        '<t:1:R>',
        'word',
        'mailto:',
        '+1',
      ],
      ...[
        '[a](https://www.imdb.com/)',
        '<https://www.imdb.com/>',
        'discord.gg/',
        'discord.com/channels/1',
        '\ud83c',
        '🎬',
      ],
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
);
const anyMessage = fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join(''));

describe('whatever the model writes', () => {
  it('no foreign address is a link, in one message or split over several', () => {
    fc.assert(
      fc.property(anyMessage, fc.constantFrom(700, 2000), (text, limit) => {
        const shown = safeLinks(text, own);
        for (const message of [shown, ...splitMessage(shown, limit)])
          expect(foreignLinks(message), message).toEqual([]);
      }),
      { numRuns: 600 },
    );
  });

  it('a second time changes nothing', () => {
    fc.assert(
      fc.property(anyMessage, (text) => {
        const shown = safeLinks(text, own);
        expect(safeLinks(shown, own)).toBe(shown);
      }),
      { numRuns: 600 },
    );
  });

  it('no foreign address is a link while it is still being written', () => {
    fc.assert(
      fc.property(anyMessage, fc.nat(400), (text, end) => {
        const shown = safeLinks(text.slice(0, end), own);
        expect(foreignLinks(shown), shown).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('long texts stay without links when they are split', () => {
    const long = fc.array(fc.oneof(piece, fc.constantFrom('x'.repeat(300), 'word '.repeat(40), '漢字。'.repeat(40))), {
      minLength: 20,
      maxLength: 60,
    });
    fc.assert(
      fc.property(long, (pieces) => {
        for (const message of splitMessage(safeLinks(pieces.join(''), own))) {
          expect(message.length).toBeLessThanOrEqual(2000);
          expect(foreignLinks(message), message).toEqual([]);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('copes with a megabyte of every kind', () => {
    // Of the kinds that `npm test` leaves out, another part has its turn with each commit.
    const share = extent === 'few' ? 0.25 : 1;
    const units = [
      'a',
      '`',
      '` ',
      '``` ',
      '[',
      '](',
      '<',
      '<a',
      ':',
      '://',
      'a:',
      'https://',
      'https://a ',
      ')',
      '\\',
      'discord.gg/',
    ];
    const kinds = [
      ...units,
      '[a](https://www.imdb.com/',
      'https://)',
      '\u200b',
      'h\u200b',
      '*',
      '"https://a',
      '```a\n',
    ];
    for (const unit of sampleOf(kinds, share, (kind) => kind))
      expect(safeLinks(unit.repeat(1_000_000 / unit.length), own)).not.toBe('');
  });
});
