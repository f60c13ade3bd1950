import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Exchange, publishCall, publishExchange } from '../exchanges.ts';
import { Faults } from './faults.ts';

export type Call = {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  /** Parsed when it is JSON, else the text. */
  body: unknown;
};
export type Answer = { status: number; body?: unknown; headers?: Record<string, string | string[]> };
export type JournalEntry = { method: string; path: string; body: unknown; status: number };

export type PlaygroundServer = {
  url: string;
  /** Every call that was answered, in order; keys are not among what is kept. */
  journal: JournalEntry[];
  faults: Faults;
  stop(): Promise<void>;
};

/** Listens on a free loopback port and answers with `handle`, unless a fault was asked for. */
export async function serve(
  handle: (call: Call) => Answer | Promise<Answer>,
  options: { server: Exchange['server']; urlBase?: string; port?: number },
): Promise<PlaygroundServer> {
  const journal: JournalEntry[] = [];
  const faults = new Faults();
  const urlBase = options.urlBase ?? '';
  const server = createServer((request, response) => {
    timed(options.server, request, response);
    answer(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://playground');
    const body = parseBody(request, await readAll(request));
    const method = request.method ?? 'GET';
    const path = url.pathname;
    const fault = faults.take(`${method} ${path}`);
    const run = async (): Promise<Answer> => {
      if (!path.startsWith(urlBase)) return { status: 404, body: '<html>404</html>', headers: html };
      const call = {
        method,
        path: path.slice(urlBase.length) || '/',
        query: url.searchParams,
        headers: request.headers,
        body,
      };
      const given = await handle(call);
      journal.push({ method, path: `${call.path}${url.search}`, body, status: given.status });
      return given;
    };
    if (fault === null) {
      const given = await run();
      const asked = {
        server: options.server,
        method,
        path: path.slice(urlBase.length) || '/',
        query: url.searchParams,
      };
      publishExchange({ ...asked, body, status: given.status, reply: given.body });
      return send(response, given);
    }
    await fault(run, (given) => send(response, given), response);
  }

  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const address = server.address();
  const port = isAddress(address) ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}${urlBase}`,
    journal,
    faults,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Publishes the call when its connection is done with, answered or not. */
function timed(server: Exchange['server'], request: IncomingMessage, response: ServerResponse): void {
  const at = Date.now();
  const path = (request.url ?? '/').replace(/([?&]apikey=)[^&]*/i, '$1…');
  response.once('close', () => {
    const status = response.writableFinished ? response.statusCode : 0;
    publishCall({ server, method: request.method ?? 'GET', path, status, at, ms: Date.now() - at });
  });
}

export const html = { 'content-type': 'text/html; charset=utf-8' };

export function send(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  const isText = typeof body === 'string';
  const isFile = body instanceof Uint8Array;
  response.writeHead(status, {
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8',
    ...headers,
  });
  response.end(body === undefined || isText || isFile ? body : JSON.stringify(body));
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function parseBody(request: IncomingMessage, text: string): unknown {
  if (text === '' || !request.headers['content-type']?.includes('json')) return text;
  return JSON.parse(text);
}

function isAddress(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
