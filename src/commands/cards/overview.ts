import { cutBetweenCharacters, oneLine } from './server-text.ts';

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });
/** More than any overview needs: the segmenter is not given a megabyte. */
const longestRead = 4000;

/**
 * A plot in at most `length` UTF-16 units: whole sentences as far as they fit, else whole words and an ellipsis. Not
 * escaped yet.
 */
export function cutAtSentence(overview: string, length: number): string {
  const text = oneLine(overview, longestRead);
  if (text.length <= length) return text;
  let end = 0;
  for (const { segment, index } of sentences.segment(text)) {
    const sentenceEnd = index + segment.trimEnd().length;
    if (sentenceEnd > length) break;
    // "Dr." or "J." ends no sentence.
    if (!/(?:^|\s)\p{Lu}\p{Ll}{0,2}\.$/u.test(segment.trimEnd())) end = sentenceEnd;
  }
  return end > 0 ? text.slice(0, end) : cutAtWord(text, length);
}

function cutAtWord(text: string, length: number): string {
  const beginning = cutBetweenCharacters(text, length - 1);
  const space = beginning.lastIndexOf(' ');
  return `${(space > length / 2 ? beginning.slice(0, space) : beginning).trimEnd()}…`;
}
