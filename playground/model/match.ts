/** What fills a slot of a sentence, and what stands there in an example. A free slot takes any words. */
const slots: Record<string, { fits: string; isFree: boolean; example: string; read(text: string): unknown }> = {
  title: { fits: '.+?', isFree: true, example: 'Dune', read: String },
  torrent: { fits: '.+?', isFree: true, example: 'debian', read: String },
  year: { fits: String.raw`(?:19|20)\d\d`, isFree: false, example: '1984', read: Number },
  seasons: {
    fits: String.raw`\d+(?:(?:,| and| to| -|-) ?\d+)*`,
    isFree: false,
    example: '1',
    read: (text) => numbersIn(text),
  },
};

export type Match = { template: string; values: Record<string, unknown> };

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

/** The parts of a sentence with slots: a `word|or another`, a `{slot}`, and `[words that may be missing]`. */
function partsOf(template: string): { words: string[]; isOptional: boolean }[] {
  return (template.match(/\[[^\]]+\]|\S+/g) ?? []).map((part) =>
    part.startsWith('[')
      ? { words: part.slice(1, -1).split(' '), isOptional: true }
      : { words: [part], isOptional: false },
  );
}

function patternOf(template: string): RegExp {
  const word = (text: string) => {
    const slot = slotOf(text);
    return slot === null ? `(?:${text}) ` : `(?<${slot.name}>${slot.fits}) `;
  };
  const parts = partsOf(template).map(({ words, isOptional }) => {
    const pattern = words.map(word).join('');
    return isOptional ? `(?:${pattern})?` : pattern;
  });
  return new RegExp(`^${parts.join('')}$`, 'i');
}

function slotOf(word: string) {
  const name = /^\{(\w+)\}$/.exec(word)?.[1];
  if (name === undefined) return null;
  const slot = slots[name];
  if (slot === undefined) throw new Error(`no slot is called ${name}`);
  return { name, ...slot };
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
  const values: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(groups))
    if (text !== undefined) values[name] = slots[name]?.read(text.replace(/^[\s,]+|[\s,]+$/g, ''));
  return values;
}

function freeWordsIn(groups: Record<string, string | undefined>): number {
  const free = Object.entries(groups).filter(([name]) => slots[name]?.isFree);
  return free.reduce((count, [, text]) => count + (text ?? '').split(' ').length, 0);
}

/** The sentence as it may be said: its shortest form first, then such that every word of it is said once. */
export function examplesOf(template: string, examples: Readonly<Record<string, string>> = {}): string[] {
  const parts = partsOf(template);
  const most = Math.max(...parts.flatMap(({ words }) => words.map((word) => word.split('|').length)));
  const spoken = (word: string, turn: number) => {
    const slot = slotOf(word);
    if (slot !== null) return examples[slot.name] ?? slot.example;
    const choices = word.split('|');
    return choices[turn % choices.length] ?? word;
  };
  const said = (turn: number, isLong: boolean) =>
    parts
      .filter(({ isOptional }) => isLong || !isOptional)
      .flatMap(({ words }) => words.map((word) => spoken(word, turn)))
      .join(' ');
  const turns = Array.from({ length: most }, (_, turn) => turn);
  return [...new Set([said(0, false), ...turns.map((turn) => said(turn, true))])];
}

function numbersIn(text: string): number[] {
  const numbers = text.match(/\d+/g)?.map(Number) ?? [];
  const [from = 0, to = from] = numbers;
  if (!/to|-/.test(text) || numbers.length !== 2) return numbers;
  return Array.from({ length: Math.max(0, Math.min(to, from + 99) - from + 1) }, (_, index) => from + index);
}
