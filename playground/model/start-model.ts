import {
  type ChatCompletionRequest,
  type ChatMessage,
  type Fixture,
  type FixtureResponse,
  LLMock,
} from '@copilotkit/aimock';
import { isObject, parsed } from '../json.ts';
import { type Decision, decide, type Turn } from './brain.ts';
import { offeredIn, operationCall, wireCall } from './wire-calls.ts';

/** One scripted answer, for the next request. */
export type Scripted =
  | { text: string; chunkSize?: number; msPerChunk?: number }
  | { calls: { name: string; input: unknown; id?: string }[]; text?: string }
  | { status: number }
  | { cutAfterChunks: number; text: string }
  | { hang: true };

export type PlaygroundModel = {
  /** For the setting OPENAI_BASE_URL. */
  url: string;
  apiKey: string;
  /** What was asked, in order, as chat messages whichever endpoint it came by. */
  requests(): ChatCompletionRequest[];
  /** What it decided by itself, each time of which conversation. */
  decisions(): readonly { turn: Turn; decision: Decision }[];
  /** The next answers, in order; after them the model thinks for itself again. */
  script(...answers: Scripted[]): void;
  stop(): Promise<void>;
};

/** A language model on loopback behind both of OpenAI's endpoints: scripted for tests, else the demo's small brain. */
export async function startModel(): Promise<PlaygroundModel> {
  const mock = new LLMock({ port: 0, host: '127.0.0.1' });
  const requests: ChatCompletionRequest[] = [];
  const decisions: { turn: Turn; decision: Decision }[] = [];
  let calls = 0;
  const nextId = () => `call_${++calls}_${Math.random().toString(36).slice(2, 10)}`;
  mock.addFixture({
    match: { predicate: () => true },
    chunkSize: 12,
    response: (request) => {
      requests.push(request);
      const turn = { messages: request.messages.map(reduced), tools: offeredIn(request) };
      const decision = decide(turn);
      decisions.push({ turn, decision });
      if ('say' in decision) return { content: decision.say };
      const { name, input } = wireCall(decision.call, decision.input);
      return { toolCalls: [{ name, arguments: JSON.stringify(input), id: nextId() }] };
    },
  });
  await mock.start();
  return {
    url: `${mock.url}/v1`,
    apiKey: 'playground-model-key',
    requests: () => requests,
    decisions: () => decisions,
    script(...answers) {
      let at = 0;
      for (const [index, answer] of answers.entries()) {
        // A fixture of its own for each, because cutting and hanging are a fixture's and not an answer's.
        const isNext = () => at === index;
        mock.prependFixture({
          match: { predicate: isNext },
          ...how(answer),
          response: (request) => {
            at++;
            requests.push(request);
            return scripted(answer, nextId);
          },
        });
      }
    },
    stop: async () => {
      await mock.stop();
    },
  };
}

function how(answer: Scripted): Partial<Fixture> {
  if ('hang' in answer) return { latency: 60_000 };
  if ('cutAfterChunks' in answer) return { chunkSize: 5, truncateAfterChunks: answer.cutAfterChunks };
  if ('text' in answer && 'msPerChunk' in answer)
    return { chunkSize: answer.chunkSize ?? 12, latency: answer.msPerChunk ?? 0 };
  return { chunkSize: 12 };
}

function scripted(answer: Scripted, nextId: () => string): FixtureResponse {
  if ('hang' in answer) return { content: 'too late' };
  if ('status' in answer)
    return { error: { message: `playground says ${answer.status}`, type: 'playground' }, status: answer.status };
  if ('calls' in answer) {
    const toolCalls = answer.calls.map(({ name, input, id }) => ({
      name,
      arguments: typeof input === 'string' ? input : JSON.stringify(input),
      id: id ?? nextId(),
    }));
    return answer.text === undefined ? { toolCalls } : { content: answer.text, toolCalls };
  }
  return { content: answer.text };
}

function reduced(message: ChatMessage): Turn['messages'][number] {
  const text = Array.isArray(message.content)
    ? message.content.map((part) => part.text ?? '').join('')
    : (message.content ?? '');
  const calls = (message.tool_calls ?? []).map((call) => {
    const input = parsed(call.function.arguments);
    return { id: call.id, ...operationCall({ name: call.function.name, input: isObject(input) ? input : {} }) };
  });
  return { role: message.role, text, calls, callId: message.tool_call_id ?? null };
}
