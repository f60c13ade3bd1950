const fence = /^ {0,3}(`{3,}|~{3,})([^`\n]*)$/;

/**
 * Splits text into messages of at most `limit` characters (Discord's is 2,000), at paragraphs, lines, sentences or words,
 * never inside a link. A code block that is cut is closed and opened again with its language. Linear in the text's length.
 */
export function splitMessage(text: string, limit = 2000): string[] {
  const pieces: string[] = [];
  let rest = text.trim();
  let reopen = '';
  while (rest.length > 0) {
    const whole = reopen + rest;
    if (whole.length <= limit) {
      pieces.push(whole);
      break;
    }
    const room = limit - reopen.length - closingRoom;
    const end = cutAt(rest, room);
    const body = rest.slice(0, end).trimEnd();
    const open = openFence(reopen + body);
    pieces.push(open === null ? reopen + body : `${reopen}${body}\n${open.mark}`);
    // Inside a code block the indentation of the next line belongs to the code.
    rest = open === null ? rest.slice(end).trimStart() : rest.slice(end).replace(/^[ \t]*\n/, '');
    reopen = open === null ? '' : `${open.mark}${open.language}\n`;
  }
  return pieces;
}

/** Room for a line break and a closing fence. */
const closingRoom = 8;

/** Where to cut so that at most `room` characters stay: the best place in the second half, else any, else anywhere. */
function cutAt(text: string, room: number): number {
  const window = text.slice(0, room);
  for (const boundary of ['\n\n', '\n', '. ', ' ']) {
    let at = window.lastIndexOf(boundary);
    if (at < room / 3) continue;
    at = beforeLink(window, text, at);
    if (at > 0) return boundary === '. ' ? at + 1 : at;
  }
  const space = window.search(/\s\S*$/);
  if (space > 0) return space;
  // One word longer than a message: at least no pair of surrogates is broken.
  const last = window.charCodeAt(window.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? room - 1 : room;
}

/** Moves a cut that lies inside a Markdown link `[words](address)` before it; 0 when the link begins the text. */
function beforeLink(window: string, text: string, at: number): number {
  const start = window.lastIndexOf('[', at);
  if (start === -1) return at;
  const link = /^\[[^\]\n]{0,500}\]\([^)\s]{0,2000}\)/.exec(text.slice(start, start + 2600));
  return link !== null && start + link[0].length > at ? start : at;
}

/** The code block that is still open at the end of a text: how it is marked, and its language. */
function openFence(text: string): { mark: string; language: string } | null {
  let open: { mark: string; language: string } | null = null;
  for (const line of text.split('\n')) {
    const match = fence.exec(line);
    const mark = match?.[1];
    if (mark === undefined) continue;
    const language = match?.[2]?.trim() ?? '';
    if (open === null) open = { mark: mark.slice(0, 3), language: language.slice(0, 20) };
    else if (mark.startsWith(open.mark) && language === '') open = null;
  }
  return open;
}
