import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ServiceError } from '../../src/errors.ts';
import { createHttp } from '../../src/services/http.ts';
import type { HttpSettings } from '../../src/services/service.ts';
import {
  closedPort,
  sendJson,
  settings,
  startSecureServer,
  startServer,
  startSilentServer,
} from './loopback-server.ts';

const key = 'canary-key-5d41402abc4b2a76';

function open(baseUrl: string, http: Partial<HttpSettings> = {}, headers: Record<string, string> = {}) {
  return createHttp({
    service: 'radarr',
    baseUrl,
    headers: { 'x-api-key': key, ...headers },
    http: { ...settings, ...http },
    secrets: [key],
  });
}

async function failure(call: Promise<unknown>): Promise<ServiceError> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ServiceError)) throw new Error(`no ServiceError: ${inspect(error)}`);
  expect(inspect(error, { depth: null, showHidden: true })).not.toContain(key);
  return error;
}

describe('a reply', () => {
  it('is sent below the base address with key and query, strictly encoded', async () => {
    await using server = await startServer((_, response) => sendJson(response, { ok: true }));
    const query = { term: "it's (a) *dune*! & more", none: undefined };
    const reply = await open(`${server.url}/radarr/`).json({ path: '/api/x', query }, z.object({ ok: z.boolean() }));
    expect(reply).toEqual({ ok: true });
    expect(server.seen[0]?.url).toBe('/radarr/api/x?term=it%27s%20%28a%29%20%2Adune%2A%21%20%26%20more');
    expect(server.seen[0]?.headers['x-api-key']).toBe(key);
  });

  it.each([
    [400, 'rejected'],
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [409, 'conflict'],
    [422, 'rejected'],
    [429, 'rate_limited'],
    [500, 'server_error'],
    [503, 'server_error'],
    [418, 'unexpected_reply'],
  ])('with HTTP %i is %s', async (status, expected) => {
    await using server = await startServer((_, response) => sendJson(response, {}, status));
    const error = await failure(open(server.url).text({ method: 'POST', path: '/', body: {} }));
    expect(error).toMatchObject({ failure: expected, status, sent: 'answered', detail: null });
  });

  it('keeps the status when the body of the refusal is endless, broken off or no JSON', async () => {
    await using server = await startServer(({ url }, response) => {
      response.writeHead(500, { 'content-type': 'text/html' });
      response.write('<html>'.repeat(url === '/long' ? 50_000 : 1));
      if (url === '/cut') setImmediate(() => response.destroy());
      else response.end();
    });
    for (const path of ['/long', '/cut', '/page'])
      expect(await failure(open(server.url).text({ path }))).toMatchObject({ failure: 'server_error', status: 500 });
  });

  it('tells the server’s own words without marks, control characters, the key or the address', async () => {
    await using server = await startServer(({ headers }, response) => {
      const said = `@everyone **no** [x](y)\u0000\u202e ${headers['x-api-key']} http://${headers.host} ${'long '.repeat(90)}`;
      sendJson(response, [{ propertyName: 'Path', errorMessage: said, errorCode: 'PathValidator' }], 400);
    });
    const { detail } = await failure(open(server.url).text({ method: 'POST', path: '/', body: {} }));
    expect(detail).toMatch(/^everyone no x\(y\) … … long long/);
    expect(detail).toHaveLength(200);
  });

  it('is a conflict when a title is there already, which Radarr and Sonarr tell with HTTP 400', async () => {
    let errorCode = 'MovieExistsValidator';
    await using server = await startServer((_, response) =>
      sendJson(response, [{ errorMessage: 'This movie has already been added', errorCode }], 400),
    );
    const post = () => failure(open(server.url).text({ method: 'POST', path: '/', body: {} }));
    expect(await post()).toMatchObject({ failure: 'conflict', detail: 'This movie has already been added' });
    errorCode = 'QualityProfileExistsValidator';
    expect((await post()).failure).toBe('rejected');
  });

  it('that redirects is told by its target and never followed', async () => {
    await using target = await startServer((_, response) => sendJson(response, {}));
    await using server = await startServer((_, response) =>
      response.writeHead(302, { location: `${target.url}/radarr?token=${key}` }).end('moved'),
    );
    const error = await failure(open(server.url).text({ path: '/' }));
    expect(error).toMatchObject({ failure: 'redirected', detail: `${target.url}/radarr`, sent: 'answered' });
    expect(target.seen).toEqual([]);
  });

  it('that is a page, cut JSON or of another shape is refused', async () => {
    const bodies: Record<string, [string, string]> = {
      '/page': ['text/html', '<html></html>'],
      '/none': ['', '{}'],
      '/cut': ['application/json', '{"secret": "ke'],
      '/other': ['application/json', '{"id": "seven"}'],
    };
    await using server = await startServer(({ url }, response) => {
      const [type, body] = bodies[url] ?? ['', ''];
      response.writeHead(200, type === '' ? {} : { 'content-type': type }).end(body);
    });
    const ask = (path: string) => failure(open(server.url).json({ path }, z.object({ id: z.number() })));
    expect((await ask('/page')).failure).toBe('not_json');
    expect((await ask('/none')).failure).toBe('not_json');
    expect((await ask('/cut')).failure).toBe('not_json');
    const other = await ask('/other');
    expect(other.failure).toBe('unexpected_reply');
    expect(inspect(other)).not.toContain('seven');
  });

  it('that is too large is not read to its end', async () => {
    let sent = 0;
    await using server = await startServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = () => {
        while (!response.destroyed && sent < 500_000_000) {
          sent += 100_000;
          if (!response.write(' '.repeat(100_000))) return void response.once('drain', more);
        }
      };
      more();
    });
    const http = open(server.url, { maxResponseBytes: 1_000_000 });
    expect((await failure(http.text({ path: '/' }))).failure).toBe('too_large');
    expect(sent).toBeLessThan(100_000_000);
  });
});

describe('no reply', () => {
  it('from a name that does not exist', async () => {
    const error = await failure(open('http://no-such-server.invalid').text({ method: 'POST', path: '/', body: {} }));
    expect(error).toMatchObject({ failure: 'address_not_found', sent: 'no' });
    expect(inspect(error)).not.toContain('no-such-server');
  });

  it('from a port where nothing listens', async () => {
    const port = await closedPort();
    for (const host of ['127.0.0.1', 'localhost']) {
      const error = await failure(open(`http://${host}:${port}`).text({ method: 'POST', path: '/', body: {} }));
      expect(error).toMatchObject({ failure: 'refused', sent: 'no' });
      expect(inspect(error, { depth: null })).not.toContain(String(port));
    }
  });

  it('in time: neither headers nor the rest of the body', async () => {
    await using server = await startServer(({ url }, response) => {
      if (url === '/body') response.writeHead(200, { 'content-type': 'application/json' }).write('{');
    });
    for (const path of ['/', '/body']) {
      const http = open(server.url, { timeoutMs: 100 });
      expect(await failure(http.text({ path }))).toMatchObject({ failure: 'timed_out', sent: 'no' });
      const post = await failure(http.text({ method: 'POST', path, body: {} }));
      expect(post).toMatchObject({ failure: 'timed_out', sent: 'maybe' });
    }
    expect(server.seen).toHaveLength(4);
  });

  it('in time while connecting: the request surely was not sent', async () => {
    await using server = await startSilentServer();
    const error = await failure(open(server.url, { timeoutMs: 100 }).text({ method: 'POST', path: '/', body: {} }));
    expect(error).toMatchObject({ failure: 'timed_out', sent: 'no' });
  });

  it('while connecting when the caller stops: the call ends then, not with the connection', async () => {
    await using server = await startSilentServer();
    const reason = new Error('stopped');
    const controller = new AbortController();
    // With a limit this long, waiting for the connection would outlast the test.
    const http = open(server.url, { timeoutMs: 60_000 });
    const call = http.text({ method: 'POST', path: '/', body: {}, signal: controller.signal });
    setTimeout(() => controller.abort(reason), 30);
    await expect(call).rejects.toBe(reason);
  });

  it('because the connection broke: may have acted when it was a POST, and is not sent again', async () => {
    await using server = await startServer((_, response) => void response.socket?.resetAndDestroy());
    const http = open(server.url);
    expect(await failure(http.text({ method: 'POST', path: '/', body: { key } }))).toMatchObject({
      failure: 'connection_lost',
      sent: 'maybe',
    });
    expect(server.seen).toHaveLength(1);
    expect(await failure(http.text({ path: '/' }))).toMatchObject({ failure: 'connection_lost', sent: 'no' });
  });

  it('because the certificate is not trusted, or there is none', async () => {
    await using secure = await startSecureServer((_, response) => sendJson(response, {}));
    await using plain = await startServer((_, response) => sendJson(response, {}));
    const post = (url: string) => failure(open(url).text({ method: 'POST', path: '/', body: {} }));
    expect(await post(secure.url)).toMatchObject({ failure: 'certificate', sent: 'no' });
    expect(secure.seen).toEqual([]);
    expect(await post(plain.url.replace('http:', 'https:'))).toMatchObject({ failure: 'plain_http', sent: 'no' });
    expect(plain.seen.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('because the key has characters that no header can hold', async () => {
    await using server = await startServer((_, response) => sendJson(response, {}));
    const http = open(server.url, {}, { 'x-api-key': `${key}\r\nx: y` });
    expect(await failure(http.text({ path: '/' }))).toMatchObject({ failure: 'unauthorized', sent: 'no' });
    expect(server.seen).toEqual([]);
  });

  it('because the caller stopped it: the caller’s own reason comes back', async () => {
    await using server = await startServer(() => undefined);
    const reason = new Error('the person pressed stop');
    const controller = new AbortController();
    const call = open(server.url).text({ method: 'POST', path: '/', body: {}, signal: controller.signal });
    await expect.poll(() => server.seen).toHaveLength(1);
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    const late = open(server.url).text({ path: '/', signal: controller.signal });
    await expect(late).rejects.toBe(reason);
    expect(server.seen).toHaveLength(1);
  });

  it.each([
    'ftp://127.0.0.1',
    'http://ada:pw@127.0.0.1',
    'file:///etc/passwd',
  ])('because %s is not for it', async (url) => {
    expect(await failure(open(url).text({ path: '/' }))).toMatchObject({ failure: 'address_not_allowed', sent: 'no' });
  });

  it('because the address is none', async () => {
    expect((await failure(open('http://[').text({ path: '/' }))).failure).toBe('address_not_found');
  });
});
