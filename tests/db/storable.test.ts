import fc from 'fast-check';
import { expect, it } from 'vitest';
import { storableJson, storableText } from '../../src/db/storable.ts';

const anyText = fc.string({
  unit: fc.oneof(fc.constantFrom('\u0000', '\ud83d', '\ude00', '\\', 'u0000', '"'), fc.string()),
});

it('gives back everything but NUL characters and halves of pairs, in keys too', () => {
  fc.assert(
    fc.property(anyText, anyText, (key, value) => {
      const clean = (text: string) => storableText(text);
      expect(JSON.parse(storableJson([{ [`k${key}`]: value }, value]))).toEqual([
        { [clean(`k${key}`)]: clean(value) },
        clean(value),
      ]);
    }),
  );
});

it('leaves what is no escape of NUL alone', () => {
  const text = String.raw`\u0000 \\u0000 \ud83d`;
  expect(JSON.parse(storableJson({ text }))).toEqual({ text });
  expect(storableText('a\u0000b\ud83d 😀')).toBe('ab\ufffd 😀');
});
