import { type Given, type Message, type Say, sayInEnglish } from '../messages.ts';
import { sayIn } from './say-in.ts';

/** The locales that a person can choose in Discord. It refuses a definition of a command that names another one. */
export const discordLocales = [
  ...['bg', 'cs', 'da', 'de', 'el', 'en-GB', 'en-US', 'es-419', 'es-ES', 'fi', 'fr', 'hi', 'hr', 'hu', 'id', 'it'],
  ...['ja', 'ko', 'lt', 'nl', 'no', 'pl', 'pt-BR', 'ro', 'ru', 'sv-SE', 'th', 'tr', 'uk', 'vi', 'zh-CN', 'zh-TW'],
];

/** Gives what a message is in the languages other than English, as `description_localizations` and `name_localizations` take it. */
type Localizations = <Values extends object>(
  message: Message<Values>,
  ...values: Given<NoInfer<Values>>
) => Record<string, string> | undefined;

/** Localises by what gives who says messages in the language of a locale. */
export function localizers(speakerOf: (locale: string) => Say): Localizations {
  return (message, ...values) => {
    const said = discordLocales
      .map((locale) => [locale, speakerOf(locale)] as const)
      .filter(([, say]) => say !== sayInEnglish)
      .map(([locale, say]) => [locale, say(message, ...values)]);
    return said.length === 0 ? undefined : Object.fromEntries(said);
  };
}

/**
 * What a message is in every language but English, by Discord's locales; beside the English text in the definition of a command.
 * Undefined while there is no other language, so that nothing of it is sent.
 */
export const localizations = localizers(sayIn);

/** A command's or an option's description, in English and in every other language that there is. */
export function described(message: Message): {
  description: string;
  description_localizations?: Record<string, string>;
} {
  const localized = localizations(message);
  const description = sayInEnglish(message);
  return localized === undefined ? { description } : { description, description_localizations: localized };
}

/** The name of an option's choice, likewise. */
export function named(message: Message): { name: string; name_localizations?: Record<string, string> } {
  const localized = localizations(message);
  const name = sayInEnglish(message);
  return localized === undefined ? { name } : { name, name_localizations: localized };
}
