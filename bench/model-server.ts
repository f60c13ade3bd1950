import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** What the model says to every question, in `pieces` equal pieces over `ms` milliseconds. */
export type Answer = { text: string; pieces: number; ms: number };

/** One question that came, by the time of this process’s clock (`performance.now`). */
export type Asked = { question: string; askedAt: number; begunAt: number; answeredAt: number };

export type ModelServer = {
  url: string;
  answer: Answer;
  /** What was sent with the newest question. */
  lastRequest(): { tools: string };
  /** Called once a question was answered whole. */
  onAnswered(listener: (asked: Asked) => void): void;
  stop(): Promise<void>;
};

/** A model that costs next to nothing: chat completions, streamed, always the same answer. */
export async function startModelServer(): Promise<ModelServer> {
  let answer: Answer = { text: 'Hello!', pieces: 1, ms: 0 };
  let tools = '';
  let listener: (asked: Asked) => void = () => undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const askedAt = performance.now();
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      const { question, toolsSent } = read(body);
      tools = toolsSent;
      const begunAt = await stream(response, answer);
      listener({ question, askedAt, begunAt, answeredAt: performance.now() });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${portOf(server.address())}/v1`,
    get answer() {
      return answer;
    },
    set answer(next) {
      answer = next;
    },
    lastRequest: () => ({ tools }),
    onAnswered(next) {
      listener = next;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Gives when the first piece was sent. */
async function stream(response: ServerResponse, { text, pieces, ms }: Answer): Promise<number> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const length = Math.ceil(text.length / pieces);
  const begun = performance.now();
  let firstAt = 0;
  for (let index = 0; index < pieces; index++) {
    const due = begun + (ms * (index + 1)) / pieces;
    if (ms > 0) await pause(Math.max(0, due - performance.now()));
    if (index === 0) firstAt = performance.now();
    response.write(event({ content: text.slice(index * length, (index + 1) * length) }, null));
  }
  response.end(`${event({}, 'stop')}data: [DONE]\n\n`);
  return firstAt;
}

function event(delta: object, finish: 'stop' | null): string {
  const choice = { index: 0, delta, finish_reason: finish };
  const chunk = { id: 'bench', object: 'chat.completion.chunk', created: 0, model: 'bench', choices: [choice] };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}

function read(body: unknown): { question: string; toolsSent: string } {
  if (typeof body !== 'object' || body === null || !('messages' in body) || !Array.isArray(body.messages))
    throw new Error('this is no question to a model');
  const last: unknown = body.messages.at(-1);
  const question = typeof last === 'object' && last !== null && 'content' in last ? JSON.stringify(last.content) : '';
  return { question, toolsSent: 'tools' in body ? JSON.stringify(body.tools) : '' };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the model does not listen on a port');
  return address.port;
}
