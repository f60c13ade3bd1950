import { createServer, type ServerResponse } from 'node:http';
import { z } from 'zod';

const requestSchema = z.object({
  messages: z.array(z.looseObject({ role: z.string() })),
  tools: z.array(z.object({ function: z.object({ name: z.string() }) })).default([]),
});

/** One request as it came over the wire. */
export type Asked = {
  /** The whole body as text. */
  body: string;
  messages: z.output<typeof requestSchema>['messages'];
  toolNames: string[];
};
/** What the server does with one request. */
export type Reply = (response: ServerResponse, asked: Asked) => void | Promise<void>;
export type ScriptedModel = {
  baseUrl: string;
  asked: Asked[];
  /** The next requests get these, one each; when none is left, a request fails the test's answer with 418. */
  script(...replies: Reply[]): void;
  /** Forgets what was scripted and not asked for; gives how many that were. */
  clear(): number;
  stop(): Promise<void>;
};

/** A model server with an OpenAI-compatible `/chat/completions` on a free loopback port that does as it is told. */
export async function startScriptedModel(): Promise<ScriptedModel> {
  const asked: Asked[] = [];
  const waiting: Reply[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks).toString();
    const { messages, tools } = requestSchema.parse(JSON.parse(body));
    const entry = { body, messages, toolNames: tools.map((tool) => tool.function.name) };
    asked.push(entry);
    await (waiting.shift() ?? status(418))(response, entry);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    asked,
    script: (...replies) => void waiting.push(...replies),
    clear: () => waiting.splice(0).length,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Delta = { content?: string; tool_calls?: { index: number; id: string; type: string; function: object }[] };
type Called = { id: string; name: string; input: unknown };

let lastId = 0;

/** A call of a tool as the model makes it; `input` may be text that is no JSON. */
export function calling(name: string, input: unknown, id = `call_${++lastId}`): Called {
  return { id, name, input };
}

/** Answers with text, in pieces. */
export function say(...pieces: string[]): Reply {
  return (response) => {
    begin(response);
    for (const content of pieces) piece(response, { content });
    end(response, 'stop');
  };
}

/** Answers with text, if any, and calls tools. */
export function call(...parts: (string | Called)[]): Reply {
  return (response) => {
    begin(response);
    let index = 0;
    for (const part of parts) {
      if (typeof part === 'string') piece(response, { content: part });
      else piece(response, { tool_calls: [toolCall(part, index++)] });
    }
    end(response, 'tool_calls');
  };
}

/** Refuses with a status, in OpenAI's words. */
export function status(code: number, message = 'no'): Reply {
  return (response) => {
    response.writeHead(code, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message, type: 'error', code: null, param: null } }));
  };
}

/** Says something and breaks the connection. */
export function cut(...pieces: string[]): Reply {
  return async (response) => {
    begin(response);
    for (const content of pieces) piece(response, { content });
    await new Promise((resolve) => setTimeout(resolve, 20));
    response.destroy();
  };
}

/** Says something, if anything, and then nothing more. */
export function hang(...pieces: string[]): Reply {
  return (response) => {
    if (pieces.length === 0) return;
    begin(response);
    for (const content of pieces) piece(response, { content });
  };
}

/** Answers as soon as `until` is there. */
export function later(until: Promise<unknown>, reply: Reply): Reply {
  return async (response, asked) => {
    await until;
    await reply(response, asked);
  };
}

export function begin(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
}

export function piece(response: ServerResponse, delta: Delta, finish: string | null = null): void {
  const choices = [{ index: 0, delta: { role: 'assistant', ...delta }, finish_reason: finish }];
  const chunk = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'scripted', choices };
  response.write(`data: ${JSON.stringify(chunk)}\n\n`);
}

export function end(response: ServerResponse, finish: string): void {
  piece(response, {}, finish);
  response.end('data: [DONE]\n\n');
}

function toolCall({ id, name, input }: Called, index: number) {
  const text = typeof input === 'string' ? input : JSON.stringify(input);
  return { index, id, type: 'function', function: { name, arguments: text } };
}
