/** Control characters, line breaks, and the marks that turn the direction of the text around. */
const unwanted = /[\p{Cc}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]+/gu;

/** Any character that shows something: no space, no joiner, none of the letters that are drawn as nothing. */
const visible = /[^\p{White_Space}\p{Cf}\p{Cc}\p{Mn}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** A media server's text as one line of at most `length` UTF-16 units, without control characters; empty when nothing of it shows. */
export function oneLine(text: string, length: number): string {
  if (!visible.test(text)) return '';
  const line = text.replace(unwanted, ' ').replace(/\s+/g, ' ').toWellFormed().trim();
  return line.length <= length ? line : `${cutBetweenCharacters(line, length - 1).trimEnd()}…`;
}

/**
 * The same for a message: markdown, addresses, invitations, mentions and time stamps show as the characters they are, and none of
 * them is a link. Every text of a server on a card comes through here, or through `plainText` where it is part of a failure.
 */
export function escaped(text: string, length: number): string {
  return oneLine(text, length)
    .replace(/[\\*_~`|[\]<>]/g, '\\$&')
    .replace(/^[#+-]/, '\\$&')
    .replace(/^(\d+)\./, '$1\\.')
    .replace(/:(?=\/)/g, ':\\')
    .replace(/(discord(?:app)?\.[a-z]+)\//gi, '$1\\/')
    .replace(/@(?=everyone|here)/gi, '@\u200B');
}

/** The first `length` UTF-16 units, one fewer where a pair would be split. */
export function cutBetweenCharacters(text: string, length: number): string {
  const end = Math.max(0, length);
  const splitsPair = end < text.length && /[\uD800-\uDBFF]/.test(text.charAt(end - 1));
  return text.slice(0, splitsPair ? end - 1 : end);
}
