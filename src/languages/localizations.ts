import { type Message, sayInEnglish } from '../messages.ts';
import { type Language, languages } from './languages.ts';
import { speakers } from './say-in.ts';

type Languages = ReadonlyMap<string, Partial<Language>>;

/** What Discord's clients show instead, by their locale; undefined while there is English alone. */
type Localizations = Partial<Record<string, string>> | undefined;

/** A command's or an option's description, in English and in each other language that there is. */
export function described(
  message: Message,
  among: Languages = languages,
): { description: string; description_localizations?: Localizations } {
  const localized = localizationsOf(message, among);
  return {
    description: sayInEnglish(message),
    ...(localized === undefined ? {} : { description_localizations: localized }),
  };
}

/** The name of an option's choice, likewise. */
export function named(
  message: Message,
  among: Languages = languages,
): { name: string; name_localizations?: Localizations } {
  const localized = localizationsOf(message, among);
  return { name: sayInEnglish(message), ...(localized === undefined ? {} : { name_localizations: localized }) };
}

function localizationsOf(message: Message, among: Languages): Localizations {
  if (among.size === 0) return undefined;
  const sayIn = speakers(among);
  return Object.fromEntries([...among.keys()].map((locale) => [locale, sayIn(locale)(message)]));
}
