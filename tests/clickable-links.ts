import { rulesExtended, SimpleMarkdown } from 'discord-markdown-parser';
import { z } from 'zod';
import { type Block, type Inline, parseMarkdown } from '../playground/page/browser/markdown.ts';

const { defaultRules, inlineRegex, parserFor } = SimpleMarkdown;

/** Upper-case schemes count too: a client that is less strict than today's must not make a link of them. */
const bareAddress = /^((?:https?|steam|discord):\/\/[^\s<]+[^<.,:;"'\]\s])/i;
const textUpToLink = /^[\s\S]+?(?=[^0-9A-Za-z\s]|\n\n|\n|\w+:\S|$)/;
const parsers = [rulesExtended, withLists()].map((rules) =>
  parserFor({
    ...rules,
    url: { ...defaultRules.url, match: inlineRegex(bareAddress) },
    mailto: defaultRules.mailto,
    tel: { ...defaultRules.mailto, match: inlineRegex(/^<((?:(?:tel|sms):\+?|\+)(?:[0-9]|\([0-9]+\))[- ./0-9()]+)>/) },
  }),
);

function withLists(): typeof rulesExtended {
  const list = /^( *)((?:[*-]|\d+\.)) ([\s\S]+?)(?:\n+(?! )(?!\1(?:[*-]|\d+\.) )\n*|\s*\n*$)/;
  return {
    ...rulesExtended,
    text: { ...defaultRules.text, match: (source: string) => textUpToLink.exec(source) },
    list: {
      ...defaultRules.paragraph,
      order: defaultRules.list.order,
      match: (source, state) => (/(?:^|\n)$/.test(state.prevCapture?.[0] ?? '') ? list.exec(source) : null),
      parse: (capture, parse, state) => ({ content: parse(capture[3] ?? '', state) }),
    },
  };
}

const treeSchema = z.looseObject({ type: z.string(), target: z.string().optional(), content: z.unknown().optional() });

function targetsOf(tree: unknown): string[] {
  if (Array.isArray(tree)) return tree.flatMap(targetsOf);
  const node = treeSchema.safeParse(tree).data;
  if (node === undefined) return [];
  return [...(node.target === undefined ? [] : [node.target]), ...targetsOf(node.content)];
}

function targetsOfBlock(block: Block): string[] {
  if (block.kind === 'code') return [];
  if (block.kind === 'list') return block.items.flat().flatMap(targetsOfBlock);
  if (block.kind === 'quote') return block.children.flatMap(targetsOfBlock);
  return block.children.flatMap(targetsOfInline);
}

function targetsOfInline(part: Inline): string[] {
  if (part.kind === 'link') return [part.href];
  return 'children' in part ? part.children.flatMap(targetsOfInline) : [];
}

/** Everything in a message that some client could make a link of, as two parsers that know nothing of each other see it. */
export function clickableLinks(content: string): string[] {
  const bySimpleMarkdown = parsers.flatMap((parse) => targetsOf(parse(content, { inline: true, prevCapture: null })));
  const byPlayground = parseMarkdown(content).flatMap(targetsOfBlock);
  const invitations = [...withoutCode(content).matchAll(/(?:https?:\/\/)?discord\.gg\/[\w-]+/gi)].map(([all]) => all);
  return [...new Set([...bySimpleMarkdown, ...byPlayground, ...invitations])];
}

/** Invitations are looked for in the whole text but for what is code. */
function withoutCode(content: string): string {
  return content.replace(/\\[^0-9A-Za-z\s]|```[\s\S]*?```|`[^`\n]*`/g, ' ');
}

const knownHosts =
  /^(?:(?:www\.)?(?:themoviedb\.org|thetvdb\.com|imdb\.com)|m\.imdb\.com|(?:ptb\.|canary\.|support\.)?discord\.com)$/;

/** The links of a message that lead anywhere but to known hosts and to these origins, or carry a user, a query or a fragment. */
export function foreignLinksIn(content: string, own: ReadonlySet<string> = new Set()): string[] {
  return clickableLinks(content).filter((target) => {
    const url = URL.parse(target);
    if (url === null) return true;
    const isKnown = own.has(url.origin) || (url.port === '' && knownHosts.test(url.hostname));
    return !isKnown || url.username !== '' || /[?#@]/.test(target);
  });
}
