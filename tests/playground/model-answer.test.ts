import { expect, it } from 'vitest';
import { readAnswer } from '../../playground/page/model-answer.ts';

const events = (...parts: unknown[]) => parts.map((part) => `data: ${JSON.stringify(part)}\n\n`).join('');

it('reads a streamed answer of the older interface, calls piece by piece', () => {
  const delta = (value: unknown) => ({ choices: [{ delta: value }] });
  const body = events(
    delta({ content: 'Hel' }),
    delta({ content: 'lo' }),
    delta({ tool_calls: [{ index: 0, function: { name: 'search', arguments: '{"a"' } }] }),
    delta({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }),
    { choices: [], usage: { prompt_tokens: 10, completion_tokens: 3 } },
  );
  expect(readAnswer(`${body}data: [DONE]\n\n`)).toEqual({
    text: 'Hello',
    calls: [{ name: 'search', input: '{"a":1}' }],
    tokens: { input: 10, output: 3 },
  });
});

it('reads a streamed answer of the newer interface', () => {
  const body = events(
    { type: 'response.output_text.delta', delta: 'Hello' },
    { type: 'response.output_item.done', item: { type: 'function_call', name: 'search', arguments: '{}' } },
    { type: 'response.completed', response: { usage: { input_tokens: 7, output_tokens: 2 } } },
  );
  expect(readAnswer(body)).toEqual({
    text: 'Hello',
    calls: [{ name: 'search', input: '{}' }],
    tokens: { input: 7, output: 2 },
  });
});

it('reads as much as there is of an answer that was cut off, and nothing of no answer', () => {
  expect(readAnswer('data: {"choices":[{"delta":{"content":"Hel"}}]}\n\ndata: {"choi').text).toBe('Hel');
  expect(readAnswer('')).toEqual({ text: '', calls: [], tokens: null });
  expect(readAnswer('<html>').text).toBe('');
});
