/** An address in a text: from `start`, where its scheme begins, to `end`. */
export type Found = { start: number; end: number };

/** Invisible characters, with which `h\u200bttps` still reads like a scheme. Line breaks and tabs are visible. */
const nothing = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/u;
const everyNothing = /[\p{Default_Ignorable_Code_Point}\p{Cf}]+/gu;
const colonLike = /[:：∶꞉﹕︓]/;
const slashLike = /[/／⁄∕⧸]/;
/** In characters: the longest scheme that is searched for, and how many invisible ones may be inside it. */
const longestScheme = 30;
const mostHidden = 60;

/**
 * The address whose colon is at `colon`, or null. Any scheme with two slashes is one, and `https:/` with one as well, also where
 * its letters, colon or slashes are full-width or others of Unicode's that look the same, or have characters without a shape
 * between them: clients differ in what they make of these. Nothing before `from` belongs to it.
 */
export function addressAt(text: string, colon: number, from: number): Found | null {
  const slash = slashAt(text, colon + 1);
  if (slash === null) return null;
  const scheme = schemeBefore(text, colon, from);
  if (scheme === null || scheme.letters.length < 2) return null;
  const second = slashAt(text, slash + 1);
  if (second === null && !/https?$/.test(scheme.letters)) return null;
  return { start: scheme.start, end: endOf(text, (second ?? slash) + 1) };
}

/** Whether a text has anything that `addressAt` finds. */
export function hasAddress(text: string): boolean {
  for (const match of text.matchAll(new RegExp(colonLike, 'g')))
    if (addressAt(text, match.index, 0) !== null) return true;
  return false;
}

/** An invitation or a gift without a scheme: clients show it with a button. Sticky: set `lastIndex`. */
export const invitation =
  /(?:discord\.(?:gg|gift|new|me)|discord(?:app)?\.com\/(?:invite|gifts?|template|billing|ra))\/[^\s<>`]*/iy;

/** The address as it can be copied, with nothing in it that a Markdown parser could take for its own. */
export function copyable(address: string): string {
  return address
    .replace(everyNothing, '')
    .replace(/[*~|]|(?<![a-z0-9])_|_(?![a-z0-9])/gi, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/\]\(/g, ']%28')
    .toWellFormed();
}

/** Where a slash is, at `from` or after invisible characters and a backslash. */
function slashAt(text: string, from: number): number | null {
  const at = skipHidden(text, from);
  const slash = text.charAt(at) === '\\' ? at + 1 : at;
  return slashLike.test(text.charAt(slash)) ? slash : null;
}

function skipHidden(text: string, from: number): number {
  let at = from;
  while (at < from + mostHidden && at < text.length) {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    if (!nothing.test(character)) break;
    at += character.length;
  }
  return at;
}

function schemeBefore(text: string, colon: number, from: number): { start: number; letters: string } | null {
  const window = text.slice(Math.max(from, colon - longestScheme - mostHidden), colon);
  let letters = '';
  let length = 0;
  let start: number | null = null;
  for (const character of [...window].reverse()) {
    length += character.length;
    if (nothing.test(character)) continue;
    const folded = character.normalize('NFKC').toLowerCase();
    if (!/^[a-z0-9+.-]+$/.test(folded) || letters.length >= longestScheme) break;
    letters = folded + letters;
    if (/^[a-z]/.test(folded)) start = colon - length;
  }
  return start === null ? null : { start, letters };
}

/** White space, angle brackets, backticks and quotation marks end an address; so does the punctuation of the sentence around it. */
function endOf(text: string, from: number): number {
  const pattern = /[^\s<>`"“”„«»，。、；！？（）「」『』【】《》]*/uy;
  pattern.lastIndex = from;
  const run = pattern.exec(text)?.[0] ?? '';
  let end = run.length;
  const excess = { ')': count(run, ')') - count(run, '('), ']': count(run, ']') - count(run, '[') };
  for (; end > 0; end--) {
    const last = run.charAt(end - 1);
    // A bracket belongs to the address when it is opened in it.
    if (last === ')' || last === ']') {
      if (excess[last]-- <= 0) break;
    } else if (!/[.,:;!?'’*_~|}…]/.test(last)) break;
  }
  return from + end;
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
