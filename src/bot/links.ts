/** `[words](address)`, with one pair of brackets in the words or the address, and an optional title behind it. */
const link =
  /\[(?:[^[\]\n]|\[[^[\]\n]{0,100}\]){1,300}\]\((?:<[^>\n]{1,1500}>|[^()\s]{1,1500}(?:\([^()\s]{0,200}\)[^()\s]{0,200})?)(?: "[^"\n]{0,200}")?\)/g;

/** The Markdown links of a text that begin before `before`. */
export function linksIn(text: string, before: number): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (const match of text.matchAll(link)) {
    if (match.index >= before) break;
    found.push({ start: match.index, end: match.index + match[0].length });
  }
  return found;
}
