import type { Tables } from './tables.ts';
import type { Translation } from './translation.ts';

/** All that the bot says, in another language: a table that is missing does not compile. */
export type Language = { readonly [Subject in keyof Tables]: Translation<Tables[Subject]> };

/** The languages besides English, which stands beside what speaks, by their tags (BCP 47: "de", "pt-BR"). */
export const languages: ReadonlyMap<string, Language> = new Map();
