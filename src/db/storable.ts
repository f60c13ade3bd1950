/**
 * JSON text that PostgreSQL takes: NUL characters are left out and halves of surrogate pairs replaced, which servers,
 * models and people can send and `jsonb` refuses.
 */
export function storableJson(value: unknown): string {
  // JSON.stringify writes both as escapes. Each escape is read whole, so that an escaped backslash is not taken for one.
  return JSON.stringify(value).replace(/\\(u[0-9a-f]{4}|.)/g, (sequence) => {
    if (sequence === '\\u0000') return '';
    return /^\\ud[89a-f]/.test(sequence) ? '\uFFFD' : sequence;
  });
}

/** The same for a text column. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '');
}
