import type { ModelMessage } from 'ai';

const longestWords = 300;
/** From this many equal characters in a row on, the text counts as a quotation of a person. */
const shortestQuotation = 10;
const longestConversation = 100_000;

/**
 * What a model's server said, on one line of at most 300 characters, without control characters, addresses, what looks like a key, and
 * quotations of the people in `asked`.
 */
export function scrubbedWords(said: string, asked: readonly ModelMessage[]): string {
  const plain = said
    .slice(0, 4 * longestWords)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return withoutQuotations(plain, conversationText(asked))
    .replace(/\b[a-z][a-z\d+.-]*:\/\/[^\s"'`<>]+/gi, '[address]')
    .replace(/\b(?:bearer|basic)\s+\S+/gi, '[secret]')
    .replace(/\b(?:sk|pk|key|token)[-_][\w-]{4,}/gi, '[secret]')
    .replace(/[\w+/=.-]{24,}/g, (run) => (/\d/.test(run) ? '[secret]' : run))
    .replaceAll('`', '’')
    .slice(0, longestWords)
    .toWellFormed();
}

/** What people said. Results of look-ups are left out: they contain so many common words that a server's message would be emptied. */
function conversationText(asked: readonly ModelMessage[]): string {
  const texts = asked.flatMap(({ role, content }) => (role === 'user' ? [textsIn(content)] : []));
  return texts.join('\n').slice(-longestConversation).toLowerCase();
}

function textsIn(content: unknown): string {
  if (typeof content === 'string') return content;
  if (Array.isArray(content)) return content.map(textsIn).join('\n');
  if (typeof content !== 'object' || content === null) return '';
  return Object.values(content).map(textsIn).join('\n');
}

function withoutQuotations(words: string, conversation: string): string {
  const lower = words.toLowerCase();
  // Some letters get longer in lower case, and then positions no longer match.
  if (lower.length !== words.length) return conversation === '' ? words : '';
  let kept = '';
  for (let start = 0; start < words.length; ) {
    let end = start + shortestQuotation;
    if (end > words.length || !conversation.includes(lower.slice(start, end))) {
      kept += words.charAt(start);
      start++;
      continue;
    }
    while (end < words.length && conversation.includes(lower.slice(start, end + 1))) end++;
    kept += '[…]';
    start = end;
  }
  return kept;
}
