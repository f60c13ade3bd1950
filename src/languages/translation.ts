import type { Message, MessageTable, ValuesIn } from '../messages.ts';

/** The texts of one table in another language. */
export type Translation<Table> = {
  readonly texts: Readonly<Record<string, string>>;
  /** For the compiler: a translation is none of another table. */
  readonly of?: (table: Table) => Table;
};

/** Each text may use what its message takes, and nothing else; a name that the table does not have is refused. */
type Checked<Table, Texts> = {
  [Name in keyof Texts]: Name extends keyof Table
    ? Table[Name] extends Message<infer Values>
      ? Values extends ValuesIn<Texts[Name] & string>
        ? Texts[Name]
        : never
      : never
    : never;
};

/** Takes the texts of a table in another language: one that is missing or surplus, or uses what its message does not give, does not compile. */
export function translate<Table extends MessageTable>() {
  return <const Texts extends { readonly [Name in keyof Table]: string }>(
    texts: Texts & Checked<Table, Texts>,
  ): Translation<Table> => ({ texts });
}
