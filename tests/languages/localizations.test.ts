import { type APIApplicationCommandStringOption, ApplicationCommandOptionType, Locale } from 'discord.js';
import { expect, it } from 'vitest';
import { commands } from '../../src/commands/registry.ts';
import { languages } from '../../src/languages/languages.ts';
import { discordLocales, localizations, localizers } from '../../src/languages/localizations.ts';
import { translate } from '../../src/languages/translation.ts';
import { messages, sayInEnglish, speak } from '../../src/messages.ts';

const words = messages('test', {
  which: 'Which service',
  days: '{count, plural, one {# day} other {# days}}',
});
const texts: Record<string, string> = translate<typeof words>()({
  which: 'Welcher Dienst',
  days: '{count, plural, one {# Tag} other {# Tage}}',
}).texts;
const german = speak('de', (id) => texts[id.replace('test.', '')]);

it('gives a text in each language by the locales of Discord that read it, as a definition takes it', () => {
  const inGerman = localizers((locale) => (locale.startsWith('de') ? german : sayInEnglish));
  const option: APIApplicationCommandStringOption = {
    type: ApplicationCommandOptionType.String,
    name: 'service',
    description: sayInEnglish(words.which),
    description_localizations: inGerman(words.which),
    choices: [{ name: '3 days', name_localizations: inGerman(words.days, { count: 3 }), value: '3' }],
  };
  expect(option.description_localizations).toEqual({ de: 'Welcher Dienst' });
  expect(option.choices?.[0]?.name_localizations).toEqual({ de: '3 Tage' });
  // One language may be that of several locales.
  const spanish = localizers((locale) => (locale.startsWith('es') ? german : sayInEnglish));
  expect(Object.keys(spanish(words.which) ?? {})).toEqual(['es-419', 'es-ES']);
});

it('adds nothing to a definition while English is the only language', () => {
  const inEnglish = localizers(() => sayInEnglish);
  const option = { name: 'service', description_localizations: inEnglish(words.which) };
  expect(JSON.stringify(option)).toBe('{"name":"service"}');
  expect(localizations(words.which) === undefined).toBe(languages.size === 0);
});

it('knows the locales of Discord, all of them', () => {
  expect(discordLocales.toSorted()).toEqual(Object.values<string>(Locale).toSorted());
});

/** The localised texts of a definition, however deep they stand in it. */
function localised(definition: unknown): string[] {
  if (Array.isArray(definition)) return definition.flatMap(localised);
  if (typeof definition !== 'object' || definition === null) return [];
  return Object.entries(definition).flatMap(([name, value]) =>
    name.endsWith('_localizations') ? Object.values<string>(value ?? {}) : localised(value),
  );
}

it('gives no text of a definition in any language that is longer than Discord takes', () => {
  const options = [
    { description_localizations: { de: 'Welcher Dienst' }, choices: [{ name_localizations: { fr: '3' } }] },
  ];
  expect(localised({ description_localizations: undefined, options })).toEqual(['Welcher Dienst', '3']);
  expect(localised(commands.map(({ definition }) => definition)).filter((text) => text.length > 100)).toEqual([]);
});
