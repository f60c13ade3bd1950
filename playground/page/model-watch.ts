import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isObject, objects } from '../json.ts';
import { readAnswer } from './model-answer.ts';
import type { FaultSwitch, ModelRequest } from './protocol.ts';

export type ModelWatch = {
  /** For the setting OPENAI_BASE_URL. */
  url: string;
  requests: ModelRequest[];
  faults: FaultSwitch[];
  /** The fault that is switched on. */
  fault: string | null;
  stop(): Promise<void>;
};

const faults: Record<string, string> = {
  cut: 'is cut in mid-answer',
  hang: 'hangs',
  busy: 'says 429: too many requests',
  broken: 'says 500',
};

/** So many requests are kept. */
const mostKept = 100;
/** So much of an answer passes before it is cut. */
const cutAfterBytes = 600;

/**
 * Stands between the bot and its model, whichever that is, passes everything on, and keeps what was asked and answered.
 * The key that comes along is passed on too and kept nowhere.
 */
export async function watchModel(baseUrl: string, changed: () => void): Promise<ModelWatch> {
  let last = 0;
  const server = createServer((request, response) => {
    pass(request, response).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      answerWithError(response, 502, `the model could not be reached: ${reason}`);
    });
  });

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks);
    const entry = describe(++last, body.toString('utf8'));
    watch.requests.push(entry);
    if (watch.requests.length > mostKept) watch.requests.shift();
    changed();
    const done = (status: number | null, answered: string) => {
      const { tokens, ...answer } = readAnswer(answered);
      const estimate = { input: Math.ceil(body.length / 4), output: Math.ceil(answered.length / 40), isEstimate: true };
      Object.assign(entry, answer, { status, ms: Date.now() - entry.at });
      entry.tokens = tokens === null ? estimate : { ...tokens, isEstimate: false };
      changed();
    };
    const { fault } = watch;
    if (fault === 'hang') {
      response.once('close', () => done(null, ''));
      return;
    }
    if (fault === 'busy' || fault === 'broken') {
      const status = fault === 'busy' ? 429 : 500;
      answerWithError(response, status, `the playground says ${status}`);
      return done(status, '');
    }
    let text = '';
    try {
      done(await forward(request, response, { body, isCut: fault === 'cut', onText: (more) => (text += more) }), text);
    } catch (error) {
      done(null, text);
      throw error;
    }
  }

  /** Passes a request on and its answer back. Gives the answer's status; null when it was cut. */
  async function forward(
    request: IncomingMessage,
    response: ServerResponse,
    { body, isCut, onText }: { body: Buffer; isCut: boolean; onText: (text: string) => void },
  ): Promise<number | null> {
    const leaving = new AbortController();
    response.once('close', () => leaving.abort());
    const { authorization, 'content-type': type = 'application/json' } = request.headers;
    const answer = await fetch(`${baseUrl}${(request.url ?? '').replace(/^\/v1/, '')}`, {
      method: request.method ?? 'POST',
      headers: { 'content-type': type, ...(authorization === undefined ? {} : { authorization }) },
      ...(body.length === 0 ? {} : { body }),
      signal: leaving.signal,
    });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' });
    let bytes = 0;
    for await (const chunk of answer.body ?? []) {
      onText(Buffer.from(chunk).toString('utf8'));
      bytes += chunk.byteLength;
      if (isCut && bytes > cutAfterBytes) {
        response.destroy();
        return null;
      }
      response.write(chunk);
    }
    response.end();
    return answer.status;
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const watch: ModelWatch = {
    url: `http://127.0.0.1:${port}/v1`,
    requests: [],
    faults: Object.entries(faults).map(([id, label]) => ({ id, label })),
    fault: null,
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return watch;
}

/** An answer that has begun can only be broken off: what is added would be taken for a part of it. */
function answerWithError(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { message } }));
}

/** What a request asks, of either interface. */
function describe(id: number, text: string): ModelRequest {
  const body: unknown = text === '' ? {} : JSON.parse(text);
  const asked = isObject(body) ? body : {};
  const messages = objects(asked.messages ?? asked.input);
  const tools = objects(asked.tools).map((tool) => (isObject(tool.function) ? tool.function.name : tool.name));
  return {
    id,
    at: Date.now(),
    ms: null,
    status: null,
    model: String(asked.model ?? ''),
    messages: messages.length,
    tools: tools.map(String),
    text: '',
    calls: [],
    tokens: null,
    lastMessage: shortened(messages.at(-1)),
  };
}

function shortened(message: Record<string, unknown> | undefined): string {
  const content = message?.content ?? message?.output ?? '';
  const words = typeof content === 'string' ? content : JSON.stringify(content);
  return `${String(message?.role ?? message?.type ?? '')}: ${words.length > 300 ? `${words.slice(0, 300)}…` : words}`;
}
