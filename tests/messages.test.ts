import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestDefinition } from '../src/commands/request.ts';
import { speakers } from '../src/languages/say-in.ts';
import { translate } from '../src/languages/translation.ts';
import { messages, sayInEnglish, speak } from '../src/messages.ts';

const words = messages('test', {
  plain: 'It’s there: **bold**, <t:1700000000:R>, <@123> and `code`.',
  several: '{count, plural, one {# torrent} other {# torrents}} in {server}',
});

describe('a message', () => {
  it('is said as it is, with the markup of Discord left alone', () => {
    expect(sayInEnglish(words.plain)).toBe('It’s there: **bold**, <t:1700000000:R>, <@123> and `code`.');
  });

  it('is said with its values, whose own text is never read as a message', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(999), (server, count) => {
        const counted = count === 1 ? '1 torrent' : `${count} torrents`;
        expect(sayInEnglish(words.several, { count, server })).toBe(`${counted} in ${server}`);
      }),
    );
    expect(sayInEnglish(words.several, { count: 2, server: "{count} '{' <b>" })).toBe("2 torrents in {count} '{' <b>");
  });

  it('does not compile without its values, with others, or where a message without values is asked for', () => {
    const wrong = () => {
      // @ts-expect-error values are missing: tsc fails here when it compiles
      sayInEnglish(words.several);
      // @ts-expect-error a number is asked for: tsc fails here when it compiles
      sayInEnglish(words.several, { count: '2', server: 'Radarr' });
      // @ts-expect-error there is nothing to give: tsc fails here when it compiles
      sayInEnglish(words.plain, { count: 2 });
    };
    expect(wrong).toThrow();
  });
});

describe('another language', () => {
  const german = translate<typeof words>()({
    plain: 'Es ist da.',
    several: 'in {server}: {count, plural, one {ein Torrent} other {# Torrents}}',
  });

  it('is said by the locale of whoever reads, with the plurals of that language, and English where there is none', () => {
    const texts: Record<string, string> = Object.fromEntries(
      Object.entries(german.texts).map(([name, text]) => [`test.${name}`, text]),
    );
    const say = speak('de', (id) => texts[id]);
    expect(say(words.several, { count: 1, server: 'Radarr' })).toBe('in Radarr: ein Torrent');
    expect(say(words.several, { count: 1200, server: 'Radarr' })).toBe('in Radarr: 1.200 Torrents');
  });

  it('is that of a region too, and English is said where there is none', () => {
    const requests = translate<typeof requestDefinition>()({
      startTypingAndPick: 'Tippe los und wähle einen Titel, oder suche mit beliebigen Wörtern',
      requestAFilmOr: 'Einen Film oder eine Serie auf deinen eigenen Servern anfordern',
      requestAFilm: 'Einen Film anfordern',
      requestASeriesSeason: 'Eine Serie anfordern, Staffel für Staffel',
    });
    const among = speakers(new Map([['de', { request_definition: requests }]]));
    for (const locale of ['de', 'de-AT'])
      expect(among(locale)(requestDefinition.requestAFilm)).toBe('Einen Film anfordern');
    for (const locale of ['fr', 'en-GB', null])
      expect(among(locale)(requestDefinition.requestAFilm)).toBe('Request a film');
    // What a language lacks is said in English.
    expect(among('de')(words.plain)).toBe(sayInEnglish(words.plain));
  });

  it('does not compile when a message is missing or surplus, or uses what its message does not give', () => {
    const { plain, several } = { plain: 'Da.', several: '{count} in {server}' } as const;
    // @ts-expect-error one is missing: tsc fails here when it compiles
    translate<typeof words>()({ plain });
    // @ts-expect-error one is surplus: tsc fails here when it compiles
    translate<typeof words>()({ plain, several, other: 'Mehr.' });
    // @ts-expect-error it names what is not given: tsc fails here when it compiles
    translate<typeof words>()({ plain, several: '{size} in {server}' });
    expect(translate<typeof words>()({ plain, several }).texts.plain).toBe('Da.');
  });
});
