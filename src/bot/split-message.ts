import { unbreakable } from './links.ts';

/** Discord takes three backticks anywhere for the edge of a code block, with the language up to the end of that line. */
const fence = '```';
const languageAfterFence = /^[\w+\-.#]{1,30}(?=\n)/;

/**
 * Splits text into messages of at most `limit` characters (Discord's is 2,000; at least 100), at paragraphs, lines,
 * sentences or words, not inside a link, an address or code on one line. A code block that is cut is closed and opened again with its language.
 * Linear in the text's length.
 */
export function splitMessage(text: string, limit = 2000): string[] {
  const pieces: string[] = [];
  let rest = text.trim();
  let language: string | null = null;
  while (rest.length > 0) {
    const prefix: string = language === null ? '' : `${fence}${language}\n`;
    if (prefix.length + rest.length <= limit) {
      pieces.push(prefix + rest);
      break;
    }
    const end = cutAt(rest, limit - prefix.length - fence.length - 1, language !== null);
    const body = rest.slice(0, end).trimEnd();
    language = openBlock(body, language)?.language ?? null;
    if (language === null) {
      pieces.push(prefix + body);
      rest = rest.slice(end).trimStart();
      continue;
    }
    pieces.push(`${prefix}${body}\n${fence}`);
    // The indentation of the next line belongs to the code.
    rest = rest.slice(end).replace(/^[ \t]*\n/, '');
    const closing = /^\s*```/.exec(rest);
    if (closing === null) continue;
    // The block ended at the cut: the fence that closed the piece was its own.
    language = null;
    rest = rest.slice(closing[0].length).trimStart();
  }
  return pieces;
}

/** Where to cut so that at most `room` characters stay: the best place that is not too early, else anywhere. */
function cutAt(text: string, room: number, startsInCode: boolean): number {
  const window = text.slice(0, room);
  const whole = unbreakable(text.slice(0, room + 2000), { before: room, startsInCode });
  const outsideLinks = (at: number): number => {
    const cut = whole.find(({ start, end }) => start < at && at < end);
    if (cut !== undefined) return outsideLinks(cut.start);
    // What a backslash stands before is shown as it is.
    let before = at;
    while (text[before - 1] === '\\') before--;
    return before;
  };
  for (const boundary of [/\n[ \t]*\n/g, /\n/g, /(?<=[.!?…:;]) /g, /\s/g]) {
    const at = outsideLinks(lastMatch(window, boundary));
    if (at >= room / 3) return beforeBlock(window.slice(0, at), startsInCode) ?? at;
  }
  const early = outsideLinks(lastMatch(window, /\s/g));
  const nextWord = /\S+/.exec(text.slice(early, early + room + 2))?.[0] ?? '';
  if (early > 0 && nextWord.length <= room && !/^\s*```\S*\s*$/.test(window.slice(0, early))) return early;
  // One word longer than a message, or a language without spaces.
  return (
    outsideLinks(lastMatch(window, /(?<=[。！？、，])/g)) || outsideLinks(insideWord(window)) || insideWord(window)
  );
}

function lastMatch(text: string, pattern: RegExp): number {
  let last = 0;
  for (const match of text.matchAll(pattern)) last = match.index;
  return last;
}

/** A code block that would be cut soon after its start goes to the next message whole. */
function beforeBlock(body: string, startsInCode: boolean): number | null {
  const open = openBlock(body, startsInCode ? '' : null);
  if (open === null || open.start <= 0) return null;
  const isEmpty = body.slice(open.start + fence.length + open.language.length).trim() === '';
  return isEmpty || open.start > body.length / 2 ? open.start : null;
}

/** A word longer than a message is cut, but no pair of surrogates and no fence. */
function insideWord(window: string): number {
  let at = window.length;
  while (at > window.length - fence.length && window[at - 1] === '`') at--;
  const last = window.charCodeAt(at - 1);
  return last >= 0xd800 && last <= 0xdbff ? at - 1 : at;
}

/** The code block that is still open at the end of a text; `carried` is the language of one that was open before it. */
function openBlock(text: string, carried: string | null): { start: number; language: string } | null {
  let open = carried === null ? null : { start: -1, language: carried };
  for (let at = text.indexOf(fence); at !== -1; at = text.indexOf(fence, at + fence.length)) {
    const language = languageAfterFence.exec(text.slice(at + fence.length, at + 40))?.[0] ?? '';
    open = open === null ? { start: at, language } : null;
  }
  return open;
}
