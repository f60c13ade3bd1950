/**
 * Where a person is on a card: the page of each list that has several (left open: where its chosen one is, or the first), and the sheet of
 * choices where one card is too small for them.
 */
export type Place = { pages: readonly (number | undefined)[]; sheet: number };

export const firstPlace: Place = { pages: [], sheet: 0 };

/** The place with one list turned to another page. */
export function turned({ pages, sheet }: Place, list: number, page: number): Place {
  const all = Array.from({ length: Math.max(pages.length, list + 1) }, (_, at) => pages[at]);
  return { pages: all.with(list, page), sheet };
}

/** What a custom_id carries of it: `[<pages>[:<sheet>]]`, nothing for the first place. */
export function placeArgs({ pages, sheet }: Place): string[] {
  const last = pages.findLastIndex((page) => page !== undefined);
  const told = pages.slice(0, last + 1).map((page) => page ?? '');
  if (sheet !== 0) return [told.join('.'), String(sheet)];
  return told.length === 0 ? [] : [told.join('.')];
}

/** A place that a custom_id carries, of this or an earlier version; whoever uses it keeps it within what is there. */
export function readPlace([pages = '', sheet = '']: readonly string[]): Place {
  return { pages: pages === '' ? [] : pages.split('.').map(wholeNumber), sheet: wholeNumber(sheet) ?? 0 };
}

function wholeNumber(text: string): number | undefined {
  return /^-?\d{1,5}$/.test(text) ? Number(text) : undefined;
}
