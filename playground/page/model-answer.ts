import { isObject, objects, parsed } from '../json.ts';

/** What a model answered, read from either of OpenAI's interfaces, streamed or not. */
export type ModelAnswer = {
  text: string;
  calls: { name: string; input: string }[];
  tokens: { input: number; output: number } | null;
};

/** Reads an answer, of which the end may be missing. */
export function readAnswer(body: string): ModelAnswer {
  const answer: ModelAnswer = { text: '', calls: [], tokens: null };
  const isStream = /^(?:event|data):/m.test(body);
  const parts = isStream ? [...body.matchAll(/^data: ?(\{.*\})\s*$/gm)].map((match) => match[1] ?? '') : [body];
  for (const part of parts) {
    const value = parsed(part);
    if (isObject(value)) readPart(value, answer);
  }
  return answer;
}

function readPart(value: Record<string, unknown>, answer: ModelAnswer): void {
  const choice = objects(value.choices)[0];
  const message = isObject(choice?.delta) ? choice.delta : isObject(choice?.message) ? choice.message : {};
  if (typeof message.content === 'string') answer.text += message.content;
  for (const call of objects(message.tool_calls)) readCall(call, answer);
  if (value.type === 'response.output_text.delta' && typeof value.delta === 'string') answer.text += value.delta;
  if (value.type === 'response.output_item.done' && isObject(value.item) && value.item.type === 'function_call')
    answer.calls.push({ name: String(value.item.name), input: String(value.item.arguments) });
  const whole = isObject(value.response) ? value.response : value;
  if (isObject(whole.usage)) answer.tokens = tokensOf(whole.usage) ?? answer.tokens;
}

/** A streamed call comes in pieces: the name first, then its input bit by bit. */
function readCall(call: Record<string, unknown>, answer: ModelAnswer): void {
  const { name, arguments: input = '' } = isObject(call.function) ? call.function : {};
  const index = typeof call.index === 'number' ? call.index : answer.calls.length;
  const there = answer.calls[index];
  if (there !== undefined) there.input += String(input);
  else answer.calls.push({ name: String(name), input: String(input) });
}

function tokensOf(usage: Record<string, unknown>): ModelAnswer['tokens'] {
  const input = Number(usage.prompt_tokens ?? usage.input_tokens);
  const output = Number(usage.completion_tokens ?? usage.output_tokens);
  return input > 0 ? { input, output: Number.isFinite(output) ? output : 0 } : null;
}
