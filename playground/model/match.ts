import { partsOf, type SlotName, type Slots, slotIn } from '../../src/tools/sentences.ts';

/** What fits a slot of a sentence, and how it is read. A free slot takes any words. */
const slots: { [Name in SlotName]: { fits: string; isFree: boolean; read(text: string): Slots[Name] } } = {
  title: { fits: '.+?', isFree: true, read: String },
  torrent: { fits: '.+?', isFree: true, read: String },
  year: { fits: String.raw`(?:19|20)\d\d`, isFree: false, read: Number },
  seasons: {
    fits: String.raw`\d+(?:(?:,| and| to| -|-) ?\d+)*`,
    isFree: false,
    read: (text) => numbersIn(text),
  },
  speed: {
    fits: String.raw`\d+(?:\.\d+)? ?[km]b(?:/s)?`,
    isFree: false,
    read: (text) => Math.round(Number.parseFloat(text) * (/m/i.test(text) ? 1000 : 1)),
  },
};

export type Match = { template: string; values: Readonly<Record<string, unknown>> };

const starts =
  /^(?:please|okay|ok|so|well|hey|let's|(?:can|could|would|will) you|(?:i|we) (?:want|would like|would love)(?: you)? to),? /i;
const ends = /,? (?:please|thanks|thank you|for me|for us|tonight)$/i;

/** The sentence without what is only polite, with its short forms written out. */
function plain(sentence: string): string {
  let text = sentence
    .replaceAll('’', "'")
    .replace(/["“”]/g, '')
    .replace(/\b(what|who|how)'s\b/gi, '$1 is')
    .replace(/\b(i|we)'d\b/gi, '$1 would')
    .replace(/\(((?:19|20)\d\d)\)/, 'from $1')
    .replace(/\s+/g, ' ')
    .trim();
  for (let before = ''; before !== text; ) {
    before = text;
    text = text
      .replace(/[\s?!.,]+$/, '')
      .replace(starts, '')
      .replace(ends, '');
  }
  return text;
}

function patternOf(template: string): RegExp {
  const word = (text: string) => {
    const slot = slotIn(text);
    return slot === null ? `(?:${text}) ` : `(?<${slot}>${slots[slot].fits}) `;
  };
  const parts = partsOf(template).map(({ words, isOptional }) => {
    const pattern = words.map(word).join('');
    return isOptional ? `(?:${pattern})?` : pattern;
  });
  return new RegExp(`^${parts.join('')}$`, 'i');
}

/**
 * Finds the sentence that was said among sentences with slots. The most specific one wins, in whatever order they stand: the one
 * whose free slots take the fewest words. Two that are equally specific are none: nobody knows which was meant.
 */
export function matcherOf(templates: readonly string[]): (sentence: string) => Match | null {
  const patterns = templates.map((template) => ({ template, pattern: patternOf(template) }));
  return (sentence) => {
    const text = `${plain(sentence)} `;
    const matches = patterns.flatMap(({ template, pattern }) => {
      const groups = pattern.exec(text)?.groups ?? (pattern.test(text) ? {} : null);
      if (groups === null) return [];
      return [{ template, values: valuesOf(groups), freeWords: freeWordsIn(groups) }];
    });
    const fewest = Math.min(...matches.map(({ freeWords }) => freeWords));
    const [best, ...others] = matches.filter(({ freeWords }) => freeWords === fewest);
    return best === undefined || others.length > 0 ? null : { template: best.template, values: best.values };
  };
}

function valuesOf(groups: Record<string, string | undefined>): Record<string, unknown> {
  return Object.fromEntries(
    filled(groups).map(([name, text]) => [name, slots[name].read(text.replace(/^[\s,]+|[\s,]+$/g, ''))]),
  );
}

function freeWordsIn(groups: Record<string, string | undefined>): number {
  const free = filled(groups).filter(([name]) => slots[name].isFree);
  return free.reduce((count, [, text]) => count + text.split(' ').length, 0);
}

function filled(groups: Record<string, string | undefined>): [SlotName, string][] {
  return Object.entries(groups).flatMap(([name, text]) => {
    const slot = slotIn(`{${name}}`);
    return slot === null || text === undefined ? [] : [[slot, text]];
  });
}

function numbersIn(text: string): number[] {
  const numbers = text.match(/\d+/g)?.map(Number) ?? [];
  const [from = 0, to = from] = numbers;
  if (!/to|-/.test(text) || numbers.length !== 2) return numbers;
  return Array.from({ length: Math.max(0, Math.min(to, from + 99) - from + 1) }, (_, index) => from + index);
}
