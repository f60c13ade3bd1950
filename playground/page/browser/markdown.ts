/** What Discord makes of a text. Text is kept as text: nothing of it is ever markup of the page. */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'strong' | 'em' | 'underline' | 'strike' | 'spoiler'; children: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'link'; href: string; children: Inline[] }
  | { kind: 'user' | 'channel' | 'role'; id: string }
  | { kind: 'command'; name: string }
  | { kind: 'everyone'; text: string }
  | { kind: 'emoji'; name: string }
  | { kind: 'time'; at: number; style: string };

export type Block =
  | { kind: 'paragraph'; children: Inline[] }
  | { kind: 'heading'; level: 1 | 2 | 3; children: Inline[] }
  | { kind: 'subtext'; children: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'quote'; children: Block[] }
  | { kind: 'list'; start: number | null; items: Block[][] };

/** Deeper nesting than this is shown as it was typed. */
const deepest = 8;

/** Parses a message. Never throws, whatever the text. */
export function parseMarkdown(text: string, depth = 0): Block[] {
  const blocks: Block[] = [];
  const lines = text.split('\n');
  let paragraph: string[] = [];
  const flush = () => {
    if (paragraph.length > 0) blocks.push({ kind: 'paragraph', children: parseInline(paragraph.join('\n'), depth) });
    paragraph = [];
  };
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const rest = lines.slice(index).join('\n');
    const fence = /^```(?:[\w+-]*\n)?([\s\S]*?)```/.exec(rest);
    if (fence !== null) {
      flush();
      blocks.push({ kind: 'code', text: (fence[1] ?? '').replace(/\n$/, '') });
      const after = rest.slice(fence[0].length);
      index += fence[0].split('\n').length - 1;
      if (after !== '' && !after.startsWith('\n')) lines.splice(index + 1, 0, after.split('\n')[0] ?? '');
      continue;
    }
    const heading = /^(#{1,3}) +(.+)$/.exec(line);
    const subtext = /^-# +(.+)$/.exec(line);
    if (heading !== null) {
      flush();
      blocks.push({ kind: 'heading', level: levelOf(heading[1]), children: parseInline(heading[2] ?? '', depth) });
    } else if (subtext !== null) {
      flush();
      blocks.push({ kind: 'subtext', children: parseInline(subtext[1] ?? '', depth) });
    } else if (/^>>> /.test(line) && depth < deepest) {
      flush();
      blocks.push({ kind: 'quote', children: parseMarkdown(rest.slice(4), depth + 1) });
      break;
    } else if (/^> /.test(line) && depth < deepest) {
      flush();
      const quoted = takeWhile(lines, index, (candidate) => /^> ?/.test(candidate));
      const inner = quoted.map((one) => one.replace(/^> ?/, '')).join('\n');
      blocks.push({ kind: 'quote', children: parseMarkdown(inner, depth + 1) });
      index += quoted.length - 1;
    } else if (itemPattern.test(line) && depth < deepest) {
      flush();
      const items = takeWhile(lines, index, (candidate) => itemPattern.test(candidate) || /^ {2,}\S/.test(candidate));
      blocks.push(parseList(items, depth));
      index += items.length - 1;
    } else paragraph.push(line);
  }
  flush();
  return blocks;
}

const itemPattern = /^( *)([-*]|\d{1,9}\.) +(\S.*)$/;

function levelOf(marks: string | undefined): 1 | 2 | 3 {
  return marks?.length === 1 ? 1 : marks?.length === 2 ? 2 : 3;
}

function takeWhile(lines: readonly string[], from: number, matches: (line: string) => boolean): string[] {
  const end = lines.findIndex((line, index) => index >= from && !matches(line));
  return lines.slice(from, end < 0 ? undefined : end);
}

function parseList(lines: readonly string[], depth: number): Block {
  const indent = itemPattern.exec(lines[0] ?? '')?.[1]?.length ?? 0;
  const number = /^ *(\d+)\./.exec(lines[0] ?? '')?.[1];
  const items: string[][] = [];
  for (const line of lines) {
    const found = itemPattern.exec(line);
    const last = items.at(-1);
    if (found !== null && (found[1]?.length ?? 0) <= indent) items.push([found[3] ?? '']);
    else if (last !== undefined) last.push(line.slice(Math.min(indent + 2, /^ */.exec(line)?.[0].length ?? 0)));
  }
  return {
    kind: 'list',
    start: number === undefined ? null : Number(number),
    items: items.map((item) => parseMarkdown(item.join('\n'), depth + 1)),
  };
}

type Rule = readonly [RegExp, (match: RegExpExecArray, depth: number) => Inline];
const wrapped =
  (kind: 'strong' | 'em' | 'underline' | 'strike' | 'spoiler'): Rule[1] =>
  (match, depth) => ({ kind, children: parseInline(match[1] ?? '', depth + 1) });
const link = (href: string, children: Inline[]): Inline => ({ kind: 'link', href, children });

/** In the order in which they are tried at each place. */
const rules: readonly Rule[] = [
  [/^\\([^\p{L}\p{N}\s])/u, (match) => ({ kind: 'text', text: match[1] ?? '' })],
  [/^(`+)([\s\S]*?[^`])\1(?!`)/, (match) => ({ kind: 'code', text: (match[2] ?? '').replace(/^ (.+) $/s, '$1') })],
  [/^\|\|([\s\S]+?)\|\|/, wrapped('spoiler')],
  [/^\*\*([\s\S]+?)\*\*(?!\*)/, wrapped('strong')],
  [/^__([\s\S]+?)__(?!_)/, wrapped('underline')],
  [/^~~([\s\S]+?)~~/, wrapped('strike')],
  [/^\*(?=\S)((?:\*\*|[^*])+?)(?<=\S)\*(?!\*)/, wrapped('em')],
  [/^_(?=\S)((?:__|[^_])+?)_(?![_\p{L}\p{N}])/u, wrapped('em')],
  [
    /^\[((?:\\.|[^[\]\\])+)\]\(<?(https?:\/\/[^\s<>]+?)>?\)/,
    (match, depth) => link(match[2] ?? '', parseInline(match[1] ?? '', depth + 1)),
  ],
  [/^<(https?:\/\/[^\s<>]+)>/, (match) => link(match[1] ?? '', [{ kind: 'text', text: match[1] ?? '' }])],
  [/^https?:\/\/[^\s<>]*[^\s<>.,:;"'\])]/, (match) => link(match[0], [{ kind: 'text', text: match[0] }])],
  [/^<@!?(\d{15,21})>/, (match) => ({ kind: 'user', id: match[1] ?? '' })],
  [/^<@&(\d{15,21})>/, (match) => ({ kind: 'role', id: match[1] ?? '' })],
  [/^<#(\d{15,21})>/, (match) => ({ kind: 'channel', id: match[1] ?? '' })],
  [/^<\/([\w -]{1,100}):\d{15,21}>/, (match) => ({ kind: 'command', name: match[1] ?? '' })],
  [/^<a?:(\w{2,32}):\d{15,21}>/, (match) => ({ kind: 'emoji', name: match[1] ?? '' })],
  [
    /^<t:(-?\d{1,13})(?::([tTdDfFR]))?>/,
    (match) => ({ kind: 'time', at: Number(match[1]) * 1000, style: match[2] ?? 'f' }),
  ],
  [/^@(?:everyone|here)\b/, (match) => ({ kind: 'everyone', text: match[0] })],
];

/** Where something other than plain text may begin. */
const beginning = /[\\`|*_~[<h@]/g;

function parseInline(text: string, depth: number): Inline[] {
  const found: Inline[] = [];
  let plain = '';
  let at = 0;
  while (at < text.length) {
    const match = depth > deepest ? null : firstMatch(text, at, depth);
    if (match !== null) {
      if (match.node.kind === 'text') plain += match.node.text;
      else {
        if (plain !== '') found.push({ kind: 'text', text: plain });
        plain = '';
        found.push(match.node);
      }
      at += match.length;
      continue;
    }
    beginning.lastIndex = at + 1;
    const next = beginning.exec(text)?.index ?? text.length;
    plain += text.slice(at, next);
    at = next;
  }
  if (plain !== '') found.push({ kind: 'text', text: plain });
  return found;
}

function firstMatch(text: string, at: number, depth: number): { node: Inline; length: number } | null {
  const rest = text.slice(at);
  // A word that goes on before this place is no address, no emphasis with _.
  const isInWord = /[\p{L}\p{N}]$/u.test(text.slice(Math.max(0, at - 2), at));
  for (const [pattern, make] of rules) {
    const match = pattern.exec(rest);
    if (match === null || match[0] === '') continue;
    if (isInWord && /^(?:_(?!_)|h)/.test(match[0])) continue;
    return { node: make(match, depth), length: match[0].length };
  }
  return null;
}
