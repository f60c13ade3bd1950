import { randomUUID } from 'node:crypto';
import type { ModelMessage } from 'ai';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historyFor, inOrder, withinBudget } from '../../src/chat/history.ts';
import { replayable } from '../../src/chat/replayable.ts';
import { answerSource, continuationSource } from '../../src/db/queries/message-sources.ts';
import type { Message } from '../../src/db/schema.ts';

type Parts = Message['parts'];

let clock = 0;
function row(role: Message['role'], parts: Parts, more: Partial<Message> = {}): Message {
  const at = new Date(++clock);
  const id = randomUUID();
  return {
    id,
    chatId: 'chat',
    role,
    parts,
    attachments: [],
    sourceMessageId: null,
    replyMessageIds: [],
    createdAt: at,
    position: clock,
    updatedAt: at,
    ...more,
  };
}
const text = (words: string): Parts[number] => ({ type: 'text', text: words });
const search = (toolCallId: string, output: unknown, query = 'dune'): Parts[number] => ({
  type: 'tool-search_movies',
  toolCallId,
  state: 'output-available',
  input: { query },
  output,
});

/** Every call and every result by its id, in the order in which they are sent. */
function callsAndResults(messages: readonly ModelMessage[]) {
  const parts = messages.flatMap((message) =>
    message.role === 'assistant' || message.role === 'tool' ? [message.content].flat() : [],
  );
  const ids = (type: string) =>
    parts.flatMap((part) =>
      typeof part !== 'string' && part.type === type && 'toolCallId' in part ? [part.toolCallId] : [],
    );
  return { calls: ids('tool-call'), results: ids('tool-result') };
}
const size = (value: unknown) => JSON.stringify(value).length;

const state = fc.constantFrom(
  'input-available',
  'input-streaming',
  'output-available',
  'output-error',
  'output-denied',
);
const callPart = fc.record({
  type: fc.constantFrom('tool-search_movies', 'tool-request_movie', 'tool-gone', 'dynamic-tool', 'tool-'),
  toolCallId: fc.uuid(),
  state,
  input: fc.oneof(fc.constant({ query: 'dune' }), fc.constant({ tmdbId: 1 }), fc.anything()),
  output: fc.jsonValue(),
  errorText: fc.oneof(fc.string(), fc.constant(undefined)),
  approval: fc.oneof(fc.constant(undefined), fc.record({ id: fc.uuid(), reason: fc.string() })),
});
const anyPart = fc.oneof(
  fc.record({ type: fc.constant('text'), text: fc.string() }),
  fc.constant({ type: 'step-start' }),
  callPart,
  fc.anything(),
);

/** A stored conversation, as whatever version or a broken write may have left it. */
const conversation = fc
  .array(fc.record({ role: fc.constantFrom('user', 'assistant'), parts: fc.oneof(fc.array(anyPart), fc.anything()) }), {
    minLength: 1,
    maxLength: 12,
  })
  .map((rows) => rows.map(({ role, parts }) => row(role, jsonParts(parts))));

/** What comes out of a JSON column is not what its type says. */
function jsonParts(value: unknown): Parts {
  return JSON.parse(
    JSON.stringify(value ?? null, (_key, inner) => (typeof inner === 'bigint' ? null : inner)) ?? 'null',
  );
}

describe('the history that the model gets', () => {
  it('has turns in order, each answer behind its question', async () => {
    const [one, two] = [row('user', [text('one')]), row('user', [text('two')])];
    const second = row('assistant', [text('second')], { sourceMessageId: answerSource(two.id) });
    const first = row('assistant', [text('first')], { sourceMessageId: answerSource(one.id) });
    const more = row('assistant', [text('more')], { sourceMessageId: continuationSource(first.id) });
    const rows = [one, two, second, first, more];
    expect(inOrder(rows).map((message) => message.id)).toEqual([one, first, more, two, second].map(({ id }) => id));
    const messages = await historyFor(rows, { upTo: two.id, tokens: 8000 });
    expect(messages.map((message) => message.role)).toEqual(['user', 'assistant', 'assistant', 'user', 'assistant']);
    expect(await historyFor(rows, { upTo: one.id, tokens: 8000 })).toHaveLength(3);
  });

  it('drops whole turns, oldest first, until it fits', () => {
    const words = fc.string({ maxLength: 400 });
    const turns = fc.array(fc.array(words, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(turns, fc.integer({ min: 1, max: 1000 }), (contents, tokens) => {
        const all = contents.map((texts) =>
          texts.map((words) => ({ id: 'x', role: 'user' as const, parts: [text(words)] })),
        );
        const kept = withinBudget(all, tokens);
        expect(kept).toEqual(all.slice(all.length - kept.length));
        expect(kept.length).toBeGreaterThan(0);
        const total = (some: readonly unknown[]) => some.reduce<number>((sum, turn) => sum + size(turn), 0);
        if (kept.length > 1) expect(total(kept)).toBeLessThanOrEqual(tokens * 4);
        if (kept.length < all.length)
          expect(total(all.slice(all.length - kept.length - 1))).toBeGreaterThan(tokens * 4);
      }),
    );
  });

  it('never has a call without its result or a result without its call, whatever is stored', async () => {
    await fc.assert(
      fc.asyncProperty(conversation, fc.integer({ min: 1, max: 500 }), async (rows, tokens) => {
        const messages = await historyFor(rows, { upTo: rows.at(-1)?.id ?? '', tokens });
        const { calls, results } = callsAndResults(messages);
        expect(results).toEqual(calls);
      }),
    );
  });

  it('shortens results when the last turn alone is too long, and keeps its question', async () => {
    const asked = row('user', [text('what is there?')]);
    const found = Array.from({ length: 10 }, (_, index) => search(`call-${index}`, { results: 'x'.repeat(20_000) }));
    const answered = row('assistant', [...found, text('A lot.')]);
    const messages = await historyFor([asked, answered], { upTo: asked.id, tokens: 1000 });
    expect(size(messages)).toBeLessThan(6000);
    expect(callsAndResults(messages).results).toHaveLength(10);
    expect(messages[0]).toMatchObject({ role: 'user' });
  });

  it('keeps a result whole that is not long', async () => {
    const asked = row('user', [text('what is there?')]);
    const rows = [asked, row('assistant', [search('call-1', { results: ['Dune'] })])];
    const messages = await historyFor(rows, { upTo: asked.id, tokens: 8000 });
    expect(JSON.stringify(messages)).toContain('{"results":["Dune"]}');
  });
});

describe('a stored part', () => {
  it('of a tool that is gone, or takes another input now, becomes a sentence', () => {
    const stored = { type: 'tool-find_films', toolCallId: 'a', state: 'output-available', input: {}, output: { n: 3 } };
    expect(replayable(stored, 6000)).toEqual({ type: 'text', text: '(An earlier call of find_films gave: {"n":3})' });
    const changed = { ...stored, type: 'tool-search_movies', input: { title: 'dune' } };
    expect(replayable(changed, 6000)).toMatchObject({ type: 'text' });
    expect(replayable({ ...changed, input: { query: 'dune' } }, 6000)).toMatchObject({ type: 'tool-search_movies' });
  });

  it('of a call that waits, was denied or failed says so', () => {
    const stored = { type: 'tool-request_movie', toolCallId: 'a', input: { tmdbId: 1 } };
    expect(replayable({ ...stored, state: 'input-available' }, 6000)).toMatchObject({
      output: { waiting: expect.stringContaining('press') },
    });
    const approval = { id: 'a', approved: false, reason: 'The person pressed Cancel.' };
    expect(replayable({ ...stored, state: 'output-denied', approval }, 6000)).toMatchObject({
      output: { denied: 'The person pressed Cancel.' },
    });
    expect(replayable({ ...stored, state: 'output-error', errorText: 'No.' }, 6000)).toMatchObject({
      errorText: 'No.',
    });
    expect(replayable({ ...stored, state: 'input-streaming' }, 6000)).toBeNull();
  });

  it.each([
    [null],
    ['text'],
    [{}],
    [{ type: 'text' }],
    [{ type: 'file', url: 'x' }],
    [{ type: 'tool-get_movie' }],
  ])('that is malformed is left out: %j', (stored) => {
    expect(replayable(stored, 6000)).toBeNull();
  });
});
