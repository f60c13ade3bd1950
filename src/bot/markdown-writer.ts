import { copyable, hasAddress } from './addresses-in-text.ts';
import { longestCode, type Stretch } from './code-in-text.ts';

const longestTail = 40;

type Code = Exclude<Stretch, { kind: 'text' }>;

/** What ends a bold, slanted, crossed out, hidden or linked stretch that began outside of the code. */
const closesFormatting = /[*~|]|(?<![a-z0-9])_|_(?![a-z0-9])|\]\(/i;

/** Whether there would be a link, were this not code for some client. */
function mayBeLink(text: string): boolean {
  return hasAddress(text) || /\]\(|<[^ <>]*[:@+\d(]|discord(?:app)?\.[a-z]+\//i.test(text);
}

/** Whether formatting outside of this code could end in it, so that what is behind would not be code any more. */
export function needsPlainText(stretch: Stretch): boolean {
  if (stretch.kind === 'text') return false;
  // Long code is cut, perhaps beside an underscore.
  return closesFormatting.test(stretch.text) || (stretch.text.length > longestCode && stretch.text.includes('_'));
}

/**
 * Writes Markdown in which code is code for every client: no backtick stands outside of it, no line of a list, quote or heading
 * ends in it, and no formatting does. `isPlain`: formatting is written as the characters it is. `hasChanged` tells
 * whether anything had to be written in another way.
 */
export class MarkdownWriter {
  readonly isPlain: boolean;
  readonly #pieces: string[] = [];
  /** The end of what is written. */
  #tail = '';
  /** The last character is a backslash that does not escape anything yet. */
  #hasLoneBackslash = false;
  hasChanged = false;

  constructor(isPlain: boolean) {
    this.isPlain = isPlain;
  }

  written(): string {
    return this.#pieces.join('');
  }

  /** Text without any of the marks that the other methods write. */
  plain(text: string): void {
    this.#put(this.isPlain ? text.replace(/[*_~|]/g, '\\$&') : text);
    this.#hasLoneBackslash = text.endsWith('\\');
  }

  /** What was found to be harmless as it is. */
  verbatim(text: string): void {
    if (text.startsWith('<')) this.#escapeBackslash();
    this.#put(text);
  }

  /** Marks shown as the characters they are. */
  escaped(marks: string): void {
    this.#put(marks.replace(/./g, '\\$&'));
  }

  /** What stands for something that would have been a link. */
  change(text: string): void {
    this.hasChanged = true;
    this.verbatim(text);
  }

  openBracket(): void {
    this.#put(this.isPlain ? '\\[' : '[');
  }

  /** An address that must not be a link. */
  address(address: string): void {
    this.hasChanged = true;
    const whole = copyable(address);
    this.#inline(whole.length <= longestCode ? whole : `${whole.slice(0, longestCode - 1).toWellFormed()}…`);
  }

  code(code: Code): void {
    const { text } = code;
    if (mayBeLink(text)) this.hasChanged = true;
    if (code.kind === 'inline') {
      this.#inline(text);
      return;
    }
    if (!/(?:^|\n)$/.test(this.#tail)) this.#put('\n');
    // An item of a list without words would take the fence for its own, inside of formatting too.
    if (/(?:^|\n)[ >*_~|]*(?:[*+-]|\d+[.)]) *\n$/.test(this.#tail)) this.#put('\n');
    const content = text.replace(/^`+/, (marks) => "'".repeat(marks.length));
    this.#put(`\`\`\`${code.language}\n${content}\n\`\`\``);
  }

  #inline(text: string): void {
    const line = text.replace(/`/g, "'").replace(/\s*\n\s*/g, ' ');
    for (let at = 0; at < line.length; ) {
      const isPair = /[\uD800-\uDBFF]/.test(line.charAt(at + longestCode - 1));
      const end = at + longestCode - (isPair ? 1 : 0);
      this.#escapeBackslash();
      if (this.#tail.endsWith('`')) this.#put(' ');
      this.#put(`\`${line.slice(at, end)}\``);
      at = end;
    }
  }

  #escapeBackslash(): void {
    if (this.#hasLoneBackslash) this.#put('\\');
  }

  #put(text: string): void {
    if (text === '') return;
    this.#pieces.push(text);
    this.#tail = `${this.#tail}${text.slice(-longestTail)}`.slice(-longestTail);
    this.#hasLoneBackslash = false;
  }
}
