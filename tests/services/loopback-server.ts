import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createServer as createSocketServer, type Server as SocketServer } from 'node:net';
import { sayInEnglish } from '../../src/messages.ts';
import type { Connection, HttpSettings } from '../../src/services/service.ts';

export type Seen = { method: string; url: string; headers: IncomingMessage['headers']; body: string };
export type Loopback = { url: string; port: number; seen: Seen[]; [Symbol.asyncDispose](): Promise<void> };
type Handler = (request: Seen, response: ServerResponse) => void;

/** A real HTTP server on a free loopback port that keeps what it was asked. */
export function startServer(handle: Handler): Promise<Loopback> {
  return listening((listener) => createServer(listener), handle);
}

/** The same with a certificate that nobody trusts. */
export function startSecureServer(handle: Handler): Promise<Loopback> {
  const pem = readFileSync(new URL('./fixtures/self-signed.pem', import.meta.url));
  return listening((listener) => createSecureServer({ key: pem, cert: pem }, listener), handle);
}

async function listening(create: (listener: RequestListener) => Server, handle: Handler): Promise<Loopback> {
  const seen: Seen[] = [];
  const server = create(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const { method = '', url = '', headers } = request;
    const entry = { method, url, headers, body: Buffer.concat(chunks).toString() };
    seen.push(entry);
    handle(entry, response);
  });
  const port = await listen(server);
  const scheme = 'setSecureContext' in server ? 'https' : 'http';
  return {
    url: `${scheme}://localhost:${port}`,
    port,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Takes connections and never says a word. */
export async function startSilentServer(): Promise<Loopback> {
  const sockets = new Set<{ destroy(): unknown }>();
  const server = createSocketServer((socket) => {
    socket.on('error', () => undefined);
    sockets.add(socket);
  });
  const port = await listen(server);
  return {
    url: `https://127.0.0.1:${port}`,
    port,
    seen: [],
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  await using server = await startServer(() => undefined);
  return server.port;
}

async function listen(server: SocketServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

export const settings: HttpSettings = { addressPolicy: 'private-allowed', timeoutMs: 2000, maxResponseBytes: 100_000 };

export function connectionTo(baseUrl: string, more: Partial<Connection> = {}): Connection {
  return {
    baseUrl,
    secret: 'the-secret',
    username: 'ada',
    actor: { user: null, isOwner: true },
    say: sayInEnglish,
    http: settings,
    ...more,
  };
}

/** Answers by "METHOD path" (without the query); what is not listed is 404. Keeps what it was asked. */
export function startRoutes(routes: Record<string, (request: Seen, query: URLSearchParams) => unknown>) {
  return startServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://loopback');
    const route = routes[`${request.method} ${pathname}`];
    if (route === undefined) return sendJson(response, { message: 'NotFound' }, 404);
    const answer = route(request, searchParams);
    if (answer instanceof Refusal) return sendJson(response, answer.body, answer.status);
    sendJson(response, answer);
  });
}

export class Refusal {
  readonly status: number;
  readonly body: unknown;
  constructor(status: number, body: unknown) {
    this.status = status;
    this.body = body;
  }
}
