import { expect, it } from 'vitest';
import { requestDefinition } from '../../src/commands/request.ts';
import type { Language } from '../../src/languages/languages.ts';
import { described, named } from '../../src/languages/localizations.ts';
import { speakers } from '../../src/languages/say-in.ts';
import { translate } from '../../src/languages/translation.ts';

const german = translate<typeof requestDefinition>()({
  startTypingAndPick: 'Tippe los und wähle einen Titel, oder suche mit beliebigen Wörtern',
  requestAFilmOr: 'Einen Film oder eine Serie auf deinen eigenen Servern anfordern',
  requestAFilm: 'Einen Film anfordern',
  requestASeriesSeason: 'Eine Serie anfordern, Staffel für Staffel',
});
const among = new Map<string, Partial<Language>>([['de', { request_definition: german }]]);

it('describes a command in each language that there is, and in English alone where there is no other', () => {
  const { requestAFilm } = requestDefinition;
  expect(described(requestAFilm)).toEqual({ description: 'Request a film' });
  expect(described(requestAFilm, among)).toEqual({
    description: 'Request a film',
    description_localizations: { de: 'Einen Film anfordern' },
  });
  expect(named(requestAFilm, among)).toEqual({
    name: 'Request a film',
    name_localizations: { de: 'Einen Film anfordern' },
  });
});

it('says a message in the language of the locale, of its region too, and in English where there is none', () => {
  const say = speakers(among);
  expect(say('de')(requestDefinition.requestAFilm)).toBe('Einen Film anfordern');
  expect(say('de-AT')(requestDefinition.requestAFilm)).toBe('Einen Film anfordern');
  for (const locale of ['fr', 'en-GB', null])
    expect(say(locale)(requestDefinition.requestAFilm)).toBe('Request a film');
});
