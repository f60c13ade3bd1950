import type { GetICUArgs } from '@schummar/icu-type-parser';
import { IntlMessageFormat } from 'intl-messageformat';

/** What the placeholders of a text in ICU's message syntax take: `{count, plural, …}` a number, `{name}` a text or a number. */
export type ValuesIn<Text extends string> = GetICUArgs<
  Text,
  { ICUArgument: string | number; ICUNumberArgument: number }
>;

/** One thing to say to a person, which takes `Values`. Which words it has in their language is known to `Say` alone. */
export type Message<Values = object> = {
  /** Its table and its name there: "pause_torrents.paused". */
  readonly id: string;
  readonly english: string;
  /** For the compiler: a message is none of another one's values. */
  readonly takes?: (values: Values) => void;
};

/** Messages by their names. */
export type MessageTable = Readonly<Record<string, Message<never>>>;

type Texts = Readonly<Record<string, string>>;

type TableOf<Table extends Texts> = { readonly [Name in keyof Table]: Message<ValuesIn<Table[Name]>> };

/** What is given with a message: nothing, where it takes nothing. */
export type Given<Values> = keyof Values extends never ? [] : [values: Values];

/** Puts a message into words, in the language of whoever reads it. */
export type Say = <Values extends object>(message: Message<Values>, ...values: Given<NoInfer<Values>>) => string;

/** What is to be said once it is known who reads it. */
export type Saying = (say: Say) => string;

/** The English texts of one subject, in ICU's message syntax, as messages. No two tables have the same subject. */
export function messages<const Table extends Texts>(subject: string, texts: Table): TableOf<Table>;
export function messages(subject: string, texts: Texts): MessageTable {
  return Object.fromEntries(
    Object.entries(texts).map(([name, english]) => [name, { id: `${subject}.${name}`, english }]),
  );
}

/**
 * Says messages in one language. `translated` gives the text of a message by its id, and English is said where it has none. The tag of
 * a language decides how numbers and plurals are written (BCP 47: "en", "pt-BR").
 */
export function speak(language: string, translated: (id: string) => string | undefined): Say {
  const formats = new Map<string, IntlMessageFormat>();
  return ({ id, english }, ...[values]) => {
    let format = formats.get(id);
    if (format === undefined) {
      // Markdown and Discord's mentions are no tags.
      format = new IntlMessageFormat(translated(id) ?? english, language, undefined, { ignoreTag: true });
      formats.set(id, format);
    }
    return String(format.format({ ...values }));
  };
}

/** Says messages in English: for logs, for the model, and for errors before it is known who reads them. */
export const sayInEnglish = speak('en', () => undefined);
