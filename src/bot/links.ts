/** `[words](address)`, with one pair of brackets in the words or the address, and an optional title behind it. */
const link =
  /\[(?:[^[\]\n]|\[[^[\]\n]{0,100}\]){1,300}\]\((?:<[^>\n]{1,1500}>|[^()\s]{1,1500}(?:\([^()\s]{0,200}\)[^()\s]{0,200})?)(?: "[^"\n]{0,200}")?\)/g;

/** A fence, an escaped character, code on one line, a bare address: of these the last two must not be cut. */
const marks = /`{3}|\\[^0-9A-Za-z\s`]|\\`(?!``)|`[^`\n]{1,500}`|<?https?:\/\/[^\s<>`]{1,500}>?/gi;

/**
 * The stretches of a text, beginning before `before`, that must stay in one message: Markdown links, code on one line, addresses.
 * `startsInCode`: the text begins inside of a code block.
 */
export function unbreakable(
  text: string,
  { before, startsInCode }: { before: number; startsInCode: boolean },
): { start: number; end: number }[] {
  const found = [...text.matchAll(link)].map(placeOf);
  let isInBlock = startsInCode;
  for (const match of text.matchAll(marks)) {
    if (match[0] === '```') isInBlock = !isInBlock;
    else if (!isInBlock && !match[0].startsWith('\\')) found.push(placeOf(match));
  }
  return found.filter(({ start }) => start < before);
}

function placeOf({ 0: whole, index: start }: RegExpExecArray): { start: number; end: number } {
  return { start, end: start + whole.length };
}
