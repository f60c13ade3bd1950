import { addressAt, invitation } from './addresses-in-text.ts';
import { allowedAddress } from './allowed-addresses.ts';
import { stretchesOf } from './code-in-text.ts';
import { MarkdownWriter, needsPlainText } from './markdown-writer.ts';

/** Where more than plain text may begin: an escape, code, brackets, the colon of a scheme, an invitation. */
const special = /\\?\]\(|\\[^0-9A-Za-z\s]|`+|<|\[|[:：∶꞉﹕︓]|discord(?=[.a])/gi;
/** Mentions, emoji, times and commands: none of these leads out of Discord. */
const token =
  /<(?:@[!&]?\d{1,25}|#\d{1,25}|a?:\w{1,40}:\d{1,25}|t:-?\d{1,20}(?::[a-z])?|id:[a-z-]{1,20}(?::\d{1,25})?|\/[\p{L}\p{N}_-]{1,32}(?: [\p{L}\p{N}_-]{1,32}){0,2}:\d{1,25})>/iuy;
/** What clients make a link of between angle brackets: an address of any scheme or of mail, a telephone number. */
const linkInAngles = /<(?:[^ <>]*[:@][^ <>]|\+[\d(])/iy;
/** `[words](` of the plainest kind. */
const masked = /\[([^[\]\\`<>\n]{1,200})\]\((?=https?:\/\/)/iy;
const hostName = /(?:[\p{L}\p{N}-]+[.．。｡])+(?:\p{L}{2,}|\d{1,3})/gu;
/** What may stand behind an address without clients taking it for a part of it that matters. */
const behind = /[.,:;"')\]*_~|!}]*(?=[ \t\r\n]|$)/y;
const behindQuestion = /[.,:;"')\]*_~|!}?]*(?=[ \t\r\n]|$)/y;

/**
 * A model's words as they may be shown: an address stays a link only where `allowedAddress` allows it (`own`: the origins of the
 * person's servers), every other is shown as code, which can be copied but not followed. A text without others is given back
 * as it is; a second time nothing changes. Linear in the text's length. Follows the rules of Discord's clients,
 * which are those of simple-markdown with a few more (see docs/security.md).
 */
export function safeLinks(text: string, own: ReadonlySet<string> = new Set()): string {
  const stretches = stretchesOf(text);
  const writer = new MarkdownWriter(stretches.some(needsPlainText));
  for (const [index, stretch] of stretches.entries()) {
    if (stretch.kind !== 'text') writer.code(stretch);
    else
      writeText({ text: stretch.text, own, isPlain: writer.isPlain, isLast: index === stretches.length - 1 }, writer);
  }
  return writer.hasChanged ? writer.written() : text;
}

/** Text between two pieces of code. `isPlain`: its formatting is written as the characters it is. */
type Passage = { text: string; own: ReadonlySet<string>; isPlain: boolean; isLast: boolean };

function writeText(passage: Passage, writer: MarkdownWriter): void {
  const { text } = passage;
  const marks = new RegExp(special);
  let at = 0;
  for (let match = marks.exec(text); match !== null; match = marks.exec(text)) {
    const [mark] = match;
    const found = findAt(passage, { mark, start: match.index, from: at });
    if (found === null) continue;
    writer.plain(text.slice(at, found.start));
    found.write(writer);
    at = found.end;
    marks.lastIndex = at;
  }
  writer.plain(text.slice(at));
}

/** A part of the text that is not plain, and how it is written. */
type Found = { start: number; end: number; write(writer: MarkdownWriter): void };

function findAt(passage: Passage, { mark, start, from }: { mark: string; start: number; from: number }): Found | null {
  const { text, isPlain } = passage;
  const end = start + mark.length;
  // Escaped or not: the pattern for links does not look at the backslash.
  if (mark.endsWith('](')) return { start, end, write: (writer) => writer.change(mark.replace('(', ' (')) };
  switch (mark.charAt(0)) {
    case '`':
      return { start, end, write: (writer) => writer.escaped(mark) };
    case '\\':
      return { start, end, write: (writer) => writer.verbatim(mark) };
    case '<':
      return inAngles(passage, start);
    case '[':
      return (isPlain ? null : maskedLink(passage, start)) ?? { start, end, write: (writer) => writer.openBracket() };
    case 'd':
    case 'D':
      return invited(text, start);
    default:
      return address(passage, addressAt(text, start, from));
  }
}

function address(passage: Passage, found: { start: number; end: number } | null): Found | null {
  if (found === null) return null;
  const { text, own } = passage;
  const { start } = found;
  const allowed = allowedAddress(text, start, own);
  const how = allowed === null ? 'code' : howToShow(passage, start + allowed.length, allowed);
  if (allowed === null || how === 'code')
    return { ...found, write: (writer) => writer.address(text.slice(start, found.end)) };
  const end = start + allowed.length;
  if (how === 'bare') return { start, end, write: (writer) => writer.verbatim(allowed) };
  return { start, end, write: (writer) => writer.change(`<${allowed}>`) };
}

/** Clients take what follows up to the next space for a part of an address, unless angle brackets end it. */
function howToShow({ text, isPlain, isLast }: Passage, after: number, allowed: string): 'bare' | 'bracketed' | 'code' {
  const hasPath = allowed.indexOf('/', 'https://'.length) !== -1;
  behind.lastIndex = after;
  const tail = behind.exec(text)?.[0];
  if (tail !== undefined) {
    // Code follows, or a backslash before each of these marks.
    if (after + tail.length === text.length && !isLast) return 'bracketed';
    return /^[.,:;"'\]]*$/.test(tail) || (hasPath && !isPlain) ? 'bare' : 'bracketed';
  }
  behindQuestion.lastIndex = after;
  if (behindQuestion.test(text)) return 'bracketed';
  return hasPath && /[^\x21-\x7e]|</.test(text.charAt(after)) ? 'bracketed' : 'code';
}

function inAngles({ text, own }: Passage, start: number): Found {
  token.lastIndex = start;
  const known = token.exec(text)?.[0];
  if (known !== undefined) return { start, end: start + known.length, write: (writer) => writer.verbatim(known) };
  const allowed = allowedAddress(text, start + 1, own);
  if (allowed !== null && text[start + 1 + allowed.length] === '>') {
    const end = start + allowed.length + 2;
    return { start, end, write: (writer) => writer.verbatim(`<${allowed}>`) };
  }
  linkInAngles.lastIndex = start;
  const isLink = linkInAngles.test(text);
  const colon = isLink ? text.slice(start, start + 40).indexOf(':') : -1;
  const found = colon === -1 ? null : addressAt(text, start + colon, start + 1);
  if (found !== null && found.start === start + 1 && text[found.end] === '>')
    return { start, end: found.end + 1, write: (writer) => writer.address(text.slice(found.start, found.end)) };
  return { start, end: start + 1, write: (writer) => (isLink ? writer.change('\\<') : writer.escaped('<')) };
}

/** A masked link whose words do not name another host than it leads to. */
function maskedLink({ text, own }: Passage, start: number): Found | null {
  masked.lastIndex = start;
  const match = masked.exec(text);
  if (match === null) return null;
  const [beginning, words = ''] = match;
  const target = allowedAddress(text, start + beginning.length, own);
  if (target === null || text[start + beginning.length + target.length] !== ')' || !isHonest(words, target))
    return null;
  const whole = `${beginning}${target})`;
  return { start, end: start + whole.length, write: (writer) => writer.verbatim(whole) };
}

function isHonest(words: string, target: string): boolean {
  const withoutWww = (host: string) => host.toLowerCase().replace(/^www\./, '');
  if (/[:：]\s*[/／\\]/.test(words)) return false;
  const host = withoutWww(new URL(target).hostname);
  return [...words.matchAll(hostName)].every(([named]) => withoutWww(named) === host);
}

function invited(text: string, start: number): Found | null {
  invitation.lastIndex = start;
  const found = invitation.exec(text)?.[0];
  if (found === undefined) return null;
  return { start, end: start + found.length, write: (writer) => writer.address(found) };
}
