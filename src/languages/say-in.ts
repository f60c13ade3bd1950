import { type Say, sayInEnglish, speak } from '../messages.ts';
import { type Language, languages } from './languages.ts';

/** Who says messages in the language of a locale, among these languages by their tags; in English what one of them lacks. */
export function speakers(among: ReadonlyMap<string, Partial<Language>>): (locale: string | null) => Say {
  const known = new Map<string, Say>();
  return (locale) => {
    const tag = locale === null ? undefined : [locale, locale.replace(/-.*$/, '')].find((one) => among.has(one));
    const language = tag === undefined ? undefined : among.get(tag);
    if (tag === undefined || language === undefined) return sayInEnglish;
    const say = known.get(tag) ?? speak(tag, textsOf(language));
    known.set(tag, say);
    return say;
  };
}

/**
 * Says messages in the language of whoever reads them. `locale` is Discord's: the person's own where one person reads, the server's
 * where a whole channel does; null when it is not known. English where there is no such language.
 */
export const sayIn = speakers(languages);

function textsOf(language: Partial<Language>): (id: string) => string | undefined {
  const texts = new Map<string, string>();
  for (const [subject, translation] of Object.entries(language))
    for (const [name, text] of Object.entries(translation.texts)) texts.set(`${subject}.${name}`, text);
  return (id) => texts.get(id);
}
