/** Which part of a reply is kept: all of it, a scalar, some fields of an object, or the items of a list. */
export type Kept =
  | 'whole'
  | 'scalar'
  | { readonly fields: ReadonlyMap<string, Kept> | null; readonly items: Kept | null };

/** In bytes, except `items` and `values`. Parts that are not kept count towards none of them: they cost no memory. */
export type ProjectionLimits = {
  /** Of the JSON that is kept, in all. */
  keptBytes: number;
  /** Texts, numbers, flags, objects and lists that are kept. */
  values: number;
  /** Of the outermost list. */
  items: number;
  /** Of one text that is kept. */
  text: number;
};

export class ProjectionError extends Error {
  override readonly name = 'ProjectionError';
  readonly reason: 'too_large' | 'not_json' | 'not_a_list';

  constructor(reason: 'too_large' | 'not_json' | 'not_a_list') {
    super(reason);
    this.reason = reason;
  }
}

/** No server's objects are as deep, or its numbers as long. */
const deepest = 64;
const longestNumber = 100;

/** Parsing this much takes a thread about a millisecond. */
const partBytes = 32 * 1024;
const nothing = new Uint8Array(0);

// Where the reader stands.
const value = 0;
const valueOrEnd = 1;
const keyOrEnd = 2;
const key = 3;
const colon = 4;
const commaOrEnd = 5;
const over = 6;
const text = 7;
const escaped = 8;
const hexadecimal = 9;
const word = 10;
const minus = 11;
const zero = 12;
const integer = 13;
const point = 14;
const fraction = 15;
const exponent = 16;
const exponentSign = 17;
const exponentDigits = 18;

const words = { 116: 'true', 102: 'false', 110: 'null' } as const;
const escapes = new Set([...'"\\/bfnrt'].map((letter) => letter.charCodeAt(0)));

/** An object or list that is open: whether it is written itself, and what of that in it is; null for nothing. */
type Frame = { isObject: boolean; isWritten: boolean; kept: Kept | null; hasMembers: boolean };

/**
 * Reads JSON piece by piece, checks that it is JSON (RFC 8259), and writes the part of it that is kept as JSON again, to be
 * read by JSON.parse. Memory is that part alone, whatever the reply is. A list or object where a scalar is due becomes an
 * empty one, which no check takes for a scalar. With `isList` the outermost value must be a list, and `take` gives its items
 * without the brackets, whole ones only, as they come.
 */
export class JsonProjection {
  readonly #limits: ProjectionLimits;
  readonly #isList: boolean;
  readonly #root: Kept;
  readonly #frames: Frame[] = [];
  #state = value;
  /** Whether the value or key that is being read is written as it comes. */
  #isWriting = false;
  #isKey = false;
  #word = '';
  /** Of the text, number or word that is being read. */
  #length = 0;
  #hexLeft = 0;
  /** The key that is being read, where its name decides; as long as the longest name could be when escaped. */
  readonly #name: Buffer;
  #isNamed = false;
  #nameHasEscape = false;
  #memberKept: Kept | null = null;
  /** By a name's length, the first letters that names of that length have. */
  readonly #firstLetters: readonly Uint8Array[];
  #out: Buffer = Buffer.allocUnsafe(4096);
  #written = 0;
  #wholeItems = 0;
  #takenBytes = 0;
  #values = 0;
  #items = 0;

  constructor(kept: Kept, limits: ProjectionLimits, { isList = false }: { isList?: boolean } = {}) {
    this.#root = kept;
    this.#limits = limits;
    this.#isList = isList;
    const names = namesIn(kept);
    const longest = Math.max(1, ...names.map((name) => name.length));
    this.#name = Buffer.alloc(longest * 6);
    this.#firstLetters = Array.from({ length: longest + 1 }, () => new Uint8Array(256));
    for (const name of names) this.#firstLetters[name.length]?.set([1], name.charCodeAt(0));
  }

  /** Reads on. Throws ProjectionError; nothing more may be asked of it then. */
  write(chunk: Uint8Array): void {
    const end = chunk.length;
    let at = 0;
    while (at < end) {
      const state = this.#state;
      if (state === text) at = this.#readText(chunk, at);
      else if (state > text) at = this.#readToken(chunk, at);
      else {
        const byte = chunk[at] ?? 0;
        at++;
        if (byte !== 32 && byte !== 10 && byte !== 13 && byte !== 9) this.#readMark(byte, state);
      }
    }
    if (this.#takenBytes + this.#written > this.#limits.keptBytes) throw new ProjectionError('too_large');
  }

  /** The end of the reply. Throws ProjectionError when it is not whole. */
  end(): void {
    const isNumber = this.#frames.length === 0 && isNumberEnd(this.#state);
    if (this.#state !== over && !isNumber) throw new ProjectionError('not_json');
  }

  /**
   * What is written and was not taken before: of a list whole items once there is a good part of them, else everything at its
   * end. Empty while there is nothing to take.
   */
  take(isEnd: boolean): Uint8Array<ArrayBuffer> {
    const length = this.#isList ? this.#wholeItems : isEnd ? this.#written : 0;
    if (length < (isEnd ? 1 : partBytes)) return nothing;
    // The comma before the first of these items stands after one that was taken before.
    const first = this.#isList && this.#out[0] === 44 ? 1 : 0;
    const taken = new Uint8Array(this.#out.subarray(first, length));
    this.#out.copyWithin(0, length, this.#written);
    this.#written -= length;
    this.#wholeItems = 0;
    this.#takenBytes += length;
    return taken;
  }

  #readMark(byte: number, state: number): void {
    switch (state) {
      case valueOrEnd:
        if (byte === 93) this.#close(false);
        else this.#beginValue(byte);
        break;
      case value:
        this.#beginValue(byte);
        break;
      case keyOrEnd:
        if (byte === 125) this.#close(true);
        else this.#beginKey(byte);
        break;
      case key:
        this.#beginKey(byte);
        break;
      case colon:
        if (byte !== 58) throw new ProjectionError('not_json');
        this.#state = value;
        break;
      case commaOrEnd: {
        const frame = this.#frames[this.#frames.length - 1];
        if (frame === undefined) throw new ProjectionError('not_json');
        if (byte === 44) this.#state = frame.isObject ? key : value;
        else if (byte === (frame.isObject ? 125 : 93)) this.#close(frame.isObject);
        else throw new ProjectionError('not_json');
        break;
      }
      default:
        throw new ProjectionError('not_json');
    }
  }

  #beginKey(byte: number): void {
    if (byte !== 34) throw new ProjectionError('not_json');
    const kept = this.#frames[this.#frames.length - 1]?.kept ?? null;
    this.#isKey = true;
    this.#length = 0;
    this.#nameHasEscape = false;
    this.#isNamed = typeof kept === 'object' && kept !== null;
    this.#isWriting = kept === 'whole';
    if (this.#isWriting) {
      this.#separate();
      this.#put(34);
    }
    this.#state = text;
  }

  /** The key is read: whether its value is kept. */
  #endKey(): void {
    const kept = this.#frames[this.#frames.length - 1]?.kept ?? null;
    this.#state = colon;
    if (kept === null) this.#memberKept = null;
    else if (kept === 'whole') {
      this.#memberKept = 'whole';
      this.#put(34);
      this.#put(58);
    } else {
      const name = this.#nameRead();
      this.#memberKept = (name !== null && typeof kept === 'object' && kept.fields?.get(name)) || null;
      if (this.#memberKept !== null) {
        this.#separate();
        this.#write(JSON.stringify(name));
        this.#put(58);
      }
    }
  }

  /** Null if the key cannot be one that is kept. Most are recognised by their length and first letter, without making a string. */
  #nameRead(): string | null {
    if (this.#length > this.#name.length) return null;
    if (!this.#nameHasEscape && this.#firstLetters[this.#length]?.[this.#name[0] ?? 0] !== 1) return null;
    const raw = this.#name.toString('latin1', 0, this.#length);
    if (!this.#nameHasEscape) return raw;
    const name: unknown = JSON.parse(`"${raw}"`);
    return typeof name === 'string' ? name : null;
  }

  /** What is kept of the value that begins here; null for nothing. */
  #keptHere(): Kept | null {
    const frame = this.#frames[this.#frames.length - 1];
    if (frame === undefined) return this.#root;
    if (frame.isObject) return this.#memberKept;
    if (frame.kept === 'whole' || frame.kept === null) return frame.kept;
    return typeof frame.kept === 'object' ? frame.kept.items : null;
  }

  #beginValue(byte: number): void {
    const kept = this.#keptHere();
    const frame = this.#frames[this.#frames.length - 1];
    if (this.#isList && frame === undefined && byte !== 91) {
      throw new ProjectionError(beginsValue(byte) ? 'not_a_list' : 'not_json');
    }
    if (frame !== undefined && !frame.isObject) {
      if (this.#frames.length === 1 && ++this.#items > this.#limits.items) throw new ProjectionError('too_large');
      if (kept !== null) this.#separate();
    }
    if (kept !== null && ++this.#values > this.#limits.values) throw new ProjectionError('too_large');
    this.#isWriting = kept !== null;
    this.#isKey = false;
    this.#length = byte === 34 ? 0 : 1;
    if (byte === 123 || byte === 91) {
      this.#open(byte === 123, kept);
      return;
    }
    if (kept !== null) this.#put(byte);
    if (byte === 34) this.#state = text;
    else if (byte === 45) this.#state = minus;
    else if (byte === 48) this.#state = zero;
    else if (byte >= 49 && byte <= 57) this.#state = integer;
    else if (byte === 116 || byte === 102 || byte === 110) {
      this.#word = words[byte];
      this.#state = word;
    } else throw new ProjectionError('not_json');
  }

  #open(isObject: boolean, kept: Kept | null): void {
    if (this.#frames.length >= deepest) throw new ProjectionError('too_large');
    const isWritten = kept !== null && !(this.#isList && this.#frames.length === 0);
    if (isWritten) this.#put(isObject ? 123 : 91);
    this.#frames.push({ isObject, isWritten, kept: keptInside(kept, isObject), hasMembers: false });
    this.#state = isObject ? keyOrEnd : valueOrEnd;
  }

  #close(isObject: boolean): void {
    if (this.#frames.pop()?.isWritten) this.#put(isObject ? 125 : 93);
    this.#endValue();
  }

  #endValue(): void {
    this.#state = this.#frames.length === 0 ? over : commaOrEnd;
    if (this.#isList && this.#frames.length === 1) this.#wholeItems = this.#written;
  }

  #readText(chunk: Uint8Array, from: number): number {
    const end = chunk.length;
    let at = from;
    let byte = 0;
    while (at < end) {
      byte = chunk[at] ?? 0;
      if (byte === 34 || byte === 92 || byte < 32) break;
      at++;
    }
    if (at > from) this.#passText(chunk, from, at);
    if (at === end) return at;
    if (byte < 32) throw new ProjectionError('not_json');
    if (byte === 92) {
      this.#nameHasEscape = true;
      this.#passText(chunk, at, at + 1);
      this.#state = escaped;
    } else if (this.#isKey) this.#endKey();
    else {
      if (this.#isWriting) this.#put(34);
      this.#endValue();
    }
    return at + 1;
  }

  /** A piece of a text or key. */
  #passText(chunk: Uint8Array, from: number, to: number): void {
    const length = this.#length + to - from;
    if (this.#isWriting) {
      if (length > this.#limits.text) throw new ProjectionError('too_large');
      this.#copy(chunk, from, to);
    } else if (this.#isKey && this.#isNamed && length <= this.#name.length) {
      for (let at = from; at < to; at++) this.#name[this.#length + at - from] = chunk[at] ?? 0;
    }
    this.#length = length;
  }

  #readToken(chunk: Uint8Array, at: number): number {
    const byte = chunk[at] ?? 0;
    switch (this.#state) {
      case escaped:
        this.#passText(chunk, at, at + 1);
        if (byte === 117) {
          this.#hexLeft = 4;
          this.#state = hexadecimal;
        } else if (escapes.has(byte)) this.#state = text;
        else throw new ProjectionError('not_json');
        return at + 1;
      case hexadecimal:
        if (!isHexadecimal(byte)) throw new ProjectionError('not_json');
        this.#passText(chunk, at, at + 1);
        if (--this.#hexLeft === 0) this.#state = text;
        return at + 1;
      case word:
        if (byte !== this.#word.charCodeAt(this.#length)) throw new ProjectionError('not_json');
        if (this.#isWriting) this.#put(byte);
        if (++this.#length === this.#word.length) this.#endValue();
        return at + 1;
      default:
        return this.#readNumber(chunk, at);
    }
  }

  #readNumber(chunk: Uint8Array, from: number): number {
    const end = chunk.length;
    let at = from;
    for (; at < end; at++) {
      const byte = chunk[at] ?? 0;
      const next = nextOfNumber(this.#state, byte);
      if (next === -1) break;
      this.#state = next;
      if (++this.#length > longestNumber) throw new ProjectionError('too_large');
      if (this.#isWriting) this.#put(byte);
    }
    if (at < end) {
      if (!isNumberEnd(this.#state)) throw new ProjectionError('not_json');
      this.#endValue();
    }
    return at;
  }

  /** The comma before a member or item that is written, when it is not the first. */
  #separate(): void {
    const frame = this.#frames[this.#frames.length - 1];
    if (frame === undefined) return;
    if (frame.hasMembers) this.#put(44);
    frame.hasMembers = true;
  }

  #write(ascii: string): void {
    for (let at = 0; at < ascii.length; at++) this.#put(ascii.charCodeAt(at));
  }

  #put(byte: number): void {
    if (this.#written === this.#out.length) this.#grow(1);
    this.#out[this.#written++] = byte;
  }

  #copy(chunk: Uint8Array, from: number, to: number): void {
    if (this.#written + to - from > this.#out.length) this.#grow(to - from);
    if (to - from > 24) this.#out.set(chunk.subarray(from, to), this.#written);
    else for (let at = from; at < to; at++) this.#out[this.#written + at - from] = chunk[at] ?? 0;
    this.#written += to - from;
  }

  #grow(more: number): void {
    const needed = this.#written + more;
    if (this.#takenBytes + needed > this.#limits.keptBytes) throw new ProjectionError('too_large');
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#out.length));
    larger.set(this.#out.subarray(0, this.#written));
    this.#out = larger;
  }
}

/** What is kept inside an object or list, given what is kept of it; null for nothing. */
function keptInside(kept: Kept | null, isObject: boolean): Kept | null {
  if (kept === null || kept === 'whole') return kept;
  if (kept === 'scalar') return null;
  return (isObject ? kept.fields : kept.items) === null ? null : kept;
}

/** The names of all fields that are kept, at every depth; they are ASCII. */
function namesIn(kept: Kept): string[] {
  if (typeof kept === 'string') return [];
  const inner = [...(kept.fields?.values() ?? []), ...(kept.items === null ? [] : [kept.items])];
  return [...(kept.fields?.keys() ?? []), ...inner.flatMap(namesIn)];
}

function beginsValue(byte: number): boolean {
  return byte === 123 || byte === 34 || byte === 45 || (byte >= 48 && byte <= 57) || Object.hasOwn(words, byte);
}

function isHexadecimal(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 70) || (byte >= 97 && byte <= 102);
}

function isNumberEnd(state: number): boolean {
  return state === zero || state === integer || state === fraction || state === exponentDigits;
}

/** Where the reader stands after one more byte of a number; -1 when that byte is none of it. */
function nextOfNumber(state: number, byte: number): number {
  const isDigit = byte >= 48 && byte <= 57;
  const isExponent = byte === 101 || byte === 69;
  switch (state) {
    case minus:
      return byte === 48 ? zero : isDigit ? integer : -1;
    case zero:
      return byte === 46 ? point : isExponent ? exponent : -1;
    case integer:
      return isDigit ? integer : byte === 46 ? point : isExponent ? exponent : -1;
    case point:
      return isDigit ? fraction : -1;
    case fraction:
      return isDigit ? fraction : isExponent ? exponent : -1;
    case exponent:
      return isDigit ? exponentDigits : byte === 43 || byte === 45 ? exponentSign : -1;
    default:
      return isDigit ? exponentDigits : -1;
  }
}
