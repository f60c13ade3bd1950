import { createServer } from 'node:http';
import { createServer as createSocketServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ServiceError } from '../../src/errors.ts';
import { createHttp } from '../../src/services/http.ts';
import { settings, startSecureServer, startServer } from './loopback-server.ts';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function listen(server: Server): Promise<string> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return `127.0.0.1:${address.port}`;
}

/** Speaks plain http to whoever does, and does `withTls` with a connection that begins with TLS's first byte. */
function plainServer(withTls: (socket: Socket) => void, reply = 'HTTP/1.1 200 OK\r\n\r\nhello'): Server {
  return createSocketServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', (first: Buffer) => {
      if (first[0] === 22) withTls(socket);
      else socket.end(reply);
    });
  });
}

const secret = 'never-in-clear';

async function failureOf(url: string, timeoutMs = 5000): Promise<string> {
  const headers = { 'x-api-key': secret };
  const http = createHttp({ service: 'radarr', baseUrl: url, headers, http: { ...settings, timeoutMs } });
  const error: unknown = await http.text({ path: '/' }).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ServiceError)) throw new Error('the call did not fail as it should', { cause: error });
  return error.failure;
}

describe('https:// to a port of plain http', () => {
  it('is told where the server answers TLS with an error', async () => {
    expect(await failureOf(`https://${await listen(createServer((_, response) => response.end('hello')))}`)).toBe(
      'plain_http',
    );
  });

  it('is told where it closes the connection', async () => {
    expect(await failureOf(`https://${await listen(plainServer((socket) => socket.destroy()))}`)).toBe('plain_http');
  });

  it('is told long before the limit where it says nothing, as qBittorrent does for 7.5 s', async () => {
    // The limit would be told as `timed_out`.
    expect(await failureOf(`https://${await listen(plainServer(() => undefined))}`, 4000)).toBe('plain_http');
  });

  it('is asked without the key', async () => {
    await using server = await startServer((_, response) => response.end('hello'));
    expect(await failureOf(server.url.replace('http:', 'https:'))).toBe('plain_http');
    expect(server.seen.map(({ url }) => url)).toEqual(['/']);
    expect(JSON.stringify(server.seen)).not.toContain(secret);
  });

  it.each([
    ['says that it wants TLS', 'HTTP/1.1 400 Bad Request\r\n\r\nThe plain HTTP request was sent to HTTPS port'],
    ['sends on to https', 'HTTP/1.1 301 Moved\r\nLocation: https://nas.lan/\r\n\r\n'],
    ['speaks something else', 'SSH-2.0-OpenSSH_9.6\r\n\r\n'],
    ['says nothing', ''],
  ])('is not told of a port that %s', async (_, reply) => {
    const address = await listen(plainServer((socket) => socket.destroy(), reply));
    expect(await failureOf(`https://${address}`)).toBe('connection_lost');
  });

  it('is no reason to ask where the certificate is what is wrong', async () => {
    await using server = await startSecureServer((_, response) => response.end());
    expect(await failureOf(server.url)).toBe('certificate');
  });
});

describe('http:// to a port of TLS', () => {
  it.each([
    ['nginx', 'text/html', '<center>The plain HTTP request was sent to HTTPS port</center>'],
    ['Go', 'text/plain', 'Client sent an HTTP request to an HTTPS server.'],
  ])('is told by what %s says', async (_, type, body) => {
    await using server = await startServer((_request, response) =>
      response.writeHead(400, { 'content-type': type }).end(body),
    );
    expect(await failureOf(server.url)).toBe('wants_https');
  });
});
