import fc from 'fast-check';

/** Ways to write an IPv4 address as a URL's host: each part and the whole as decimal, hex or octal, in other digits, or inside IPv6. */
export function spellingOf(bytes: readonly [number, number, number, number]): fc.Arbitrary<string> {
  const dotted = bytes.join('.');
  const words = [bytes[0] * 256 + bytes[1], bytes[2] * 256 + bytes[3]].map((word) => word.toString(16)).join(':');
  const numbers = fc
    .tuple(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.constantFrom(10, 16, 8), { minLength: 4, maxLength: 4 }),
      fc.boolean(),
    )
    .map(([count, bases, dot]) => {
      const parts = [...bytes.slice(0, count - 1), bytes.slice(count - 1).reduce((sum, byte) => sum * 256 + byte, 0)];
      const written = parts.map((part, index) => {
        const base = bases[index] ?? 10;
        return base === 16 ? `0x${part.toString(16)}` : base === 8 ? `0${part.toString(8)}` : String(part);
      });
      return written.join('.') + (dot ? '.' : '');
    });
  const within = fc
    .tuple(
      fc.constantFrom('::ffff:', '::', '64:ff9b::', '0:0:0:0:0:ffff:', '::ffff:0:'),
      fc.constantFrom(dotted, words, words.toUpperCase()),
    )
    .map(([prefix, ipv4]) => `[${prefix}${ipv4}]`);
  const wide = dotted.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
  return fc.oneof(numbers, within, fc.constantFrom(wide, `[2002:${words}::1]`));
}
