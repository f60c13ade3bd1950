import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { DiscordState } from '../discord/state.ts';
import { pageFile, type ServedFile, scriptFile } from './files.ts';
import { drawPoster } from './poster.ts';

export type WebServer = { url: string; stop(): Promise<void> };
type Options = { state: DiscordState; host: string; port: number; connected: (socket: WebSocket) => void };

const mostBytes = 32 * 1024 * 1024;
/** Pictures that a browser shows in place; any other file is only handed out to be saved. */
const shownTypes = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/** Serves the page and its WebSocket. */
export async function startWebServer(options: Options): Promise<WebServer> {
  const server = createServer((request, response) => {
    answer(options.state, request, response).catch((error: unknown) => {
      console.error('the page could not be served:', error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: mostBytes });
  server.on('upgrade', (request, socket, head) => {
    // Another website that is open in the same browser may connect too, and says so in Origin.
    const isOwn = isOwnHost(request) && request.headers.origin === `http://${request.headers.host}`;
    if (!isOwn || request.url !== '/live') {
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, options.connected);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  const shown = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${shown}:${port}`,
    stop: async () => {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(state: DiscordState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!isOwnHost(request)) {
    response.writeHead(421, { 'content-type': 'text/plain' }).end('Open the address that the playground printed.');
    return;
  }
  const file = request.method === 'GET' ? await find(state, new URL(request.url ?? '/', 'http://page')) : null;
  if (file === null) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('There is nothing here.');
    return;
  }
  const general = {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-cache',
  };
  response.writeHead(200, { 'content-type': file.type, ...general, ...file.headers }).end(file.body);
}

async function find(state: DiscordState, url: URL): Promise<ServedFile | null> {
  const path = url.pathname;
  if (path === '/') return pageFile();
  if (path === '/poster')
    return { type: 'image/svg+xml', body: drawPoster(url.searchParams.get('of') ?? ''), headers: drawn };
  const id = /^\/attachments\/\d+\/(\d+)\//.exec(path)?.[1];
  if (id !== undefined) return attachment(state, id);
  return scriptFile(path);
}

/** A picture is a document of its own when it is opened alone: it may do nothing. */
const drawn = { 'content-security-policy': "default-src 'none'; sandbox", 'cache-control': 'max-age=3600' };

function attachment(state: DiscordState, id: string): ServedFile | null {
  const file = state.files.get(id);
  if (file === undefined) return null;
  if (shownTypes.includes(file.type)) return { type: file.type, body: file.bytes, headers: drawn };
  const headers = { ...drawn, 'content-disposition': 'attachment' };
  return { type: 'application/octet-stream', body: file.bytes, headers };
}

/**
 * A website whose name was made to point here (DNS rebinding) sends its own name as the host: only addresses, which
 * need no look-up, and localhost are answered.
 */
function isOwnHost(request: IncomingMessage): boolean {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  return host === 'localhost' || isIP(host) !== 0;
}
