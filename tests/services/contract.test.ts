import type { ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ServiceError, type ServiceFailure } from '../../src/errors.ts';
import { type ServiceName, serviceDefinitions, serviceNames } from '../../src/services/registry.ts';
import type { HttpSettings } from '../../src/services/service.ts';
import {
  closedPort,
  connectionTo,
  type Loopback,
  type Seen,
  sendJson,
  settings,
  startSecureServer,
  startServer,
} from './loopback-server.ts';

const secret = 'canary-Secret/7d793037a0760186';
const hosts = ['localhost', '127.0.0.1', '169.254.169.254', 'no-such-server'];

async function checkFailure(name: ServiceName, baseUrl: string, http: Partial<HttpSettings> = {}) {
  const connection = connectionTo(baseUrl, { secret, http: { ...settings, ...http } });
  const error: unknown = await serviceDefinitions[name]
    .open(connection)
    .check()
    .then(
      () => null,
      (reason: unknown) => reason,
    );
  if (!(error instanceof ServiceError)) throw new Error(`no ServiceError but ${inspect(error)}`);
  const { detail: _forThePerson, ...rest } = error;
  const logged = inspect([error.message, error.stack, error.cause, rest], { depth: null, showHidden: true });
  for (const hidden of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64'), ...hosts])
    expect(logged).not.toContain(hidden);
  expect(error.detail ?? '').not.toContain(secret);
  expect(error.service).toBe(name);
  return error;
}

type Fault = {
  answer: (request: Seen, response: ServerResponse, server: Loopback) => void;
  http?: Partial<HttpSettings>;
};
const status = (code: number): Fault => ({ answer: (_, response) => sendJson(response, { message: 'no' }, code) });
const says = (type: string, body: string): Fault => ({
  answer: (_, response) => response.writeHead(200, { 'content-type': type }).end(body),
});

/** What every definition's check() makes of a server that answers every call with one fault. */
const faults: Record<string, [Fault, ServiceFailure, Partial<Record<ServiceName, ServiceFailure>>?]> = {
  'HTTP 400': [status(400), 'rejected'],
  'HTTP 401': [status(401), 'unauthorized'],
  'HTTP 403': [status(403), 'forbidden'],
  'HTTP 404': [status(404), 'not_found'],
  'HTTP 409': [status(409), 'conflict'],
  'HTTP 429': [status(429), 'rate_limited'],
  'HTTP 500': [status(500), 'server_error'],
  'HTTP 502': [status(502), 'server_error'],
  'a page': [says('text/html', '<!doctype html><title>Sign in</title>'), 'not_json'],
  'cut JSON': [says('application/json', '{"appName": "Ra'), 'not_json', { qbittorrent: 'wrong_service' }],
  'another shape': [says('application/json', '[1]'), 'unexpected_reply', { qbittorrent: 'wrong_service' }],
  'an echo of everything': [
    {
      answer: ({ headers, body }, response) =>
        sendJson(response, [{ errorMessage: `${JSON.stringify(headers)} ${decodeURIComponent(body)}` }], 400),
    },
    'rejected',
  ],
  'too much': [
    { answer: (_, response) => sendJson(response, 'x'.repeat(5000)), http: { maxResponseBytes: 2000 } },
    'too_large',
  ],
  'a redirect': [
    { answer: (_, response) => response.writeHead(307, { location: 'https://sso.example.com/in?next=1' }).end() },
    'redirected',
  ],
  silence: [{ answer: () => undefined, http: { timeoutMs: 60 } }, 'timed_out'],
  'a reset': [{ answer: (_, response) => void response.socket?.resetAndDestroy() }, 'connection_lost'],
};

describe.each(serviceNames)('%s', (name) => {
  it.each(Object.keys(faults))('tells a server that answers with %s', async (fault) => {
    const [{ answer, http }, expected, except] = faults[fault] ?? [status(500), 'server_error'];
    await using server: Loopback = await startServer((request, response) => answer(request, response, server));
    const error = await checkFailure(name, server.url, http);
    expect(error.failure).toBe(except?.[name] ?? expected);
    if (fault === 'a redirect') expect(error.detail).toBe('https://sso.example.com/in');
  });

  it('tells that nothing listens, that the name is unknown, and that the address is not allowed', async () => {
    const port = await closedPort();
    expect((await checkFailure(name, `http://127.0.0.1:${port}`)).failure).toBe('refused');
    expect((await checkFailure(name, 'http://no-such-server.invalid')).failure).toBe('address_not_found');
    expect((await checkFailure(name, 'http://169.254.169.254/')).failure).toBe('address_not_allowed');
    const own = await checkFailure(name, `http://127.0.0.1:${port}`, { addressPolicy: 'public-only' });
    expect(own.failure).toBe('address_not_allowed');
  });

  it('tells that the certificate is not trusted, before the secret is sent', async () => {
    await using server = await startSecureServer((_, response) => sendJson(response, {}));
    expect((await checkFailure(name, server.url)).failure).toBe('certificate');
    expect(server.seen).toEqual([]);
  });

  it('names the program that answers instead, asked without the secret', async () => {
    const faces: Record<string, (path: string) => [string, string] | undefined> = {
      Jellyfin: (path) =>
        path === '/System/Info/Public' ? ['application/json', '{"ProductName": "Jellyfin Server"}'] : undefined,
      Seerr: (path) =>
        path === '/api/v1/status' ? ['application/json', '{"version": "3.1.0", "commitTag": "x"}'] : undefined,
      Radarr: (path) => (path === '/login' ? ['text/html', '<title>Login - Radarr</title>'] : undefined),
      Prowlarr: (path) => (path === '/login' ? ['text/html', '<title>Login - Prowlarr</title>'] : undefined),
      qBittorrent: (path) => (path === '/' ? ['text/html', '<title>qBittorrent Web UI</title>'] : undefined),
    };
    for (const [program, face] of Object.entries(faces)) {
      if (program === serviceDefinitions[name].label) continue;
      await using server = await startServer(({ url }, response) => {
        const [type, body] = face(url) ?? [];
        if (type === undefined) sendJson(response, {}, 401);
        else response.writeHead(200, { 'content-type': type }).end(body);
      });
      expect(await checkFailure(name, server.url)).toMatchObject({ failure: 'wrong_service', detail: program });
      const probes = server.seen.filter(({ url }) => ['/', '/login'].includes(url));
      // qBittorrent's client asks for the start page as well, to tell what its 401 means.
      expect(new Set(probes.map(({ url }) => url))).toEqual(new Set(['/', '/login']));
      expect(JSON.stringify(probes)).not.toContain(secret);
    }
  });

  it('stops when the caller does', async () => {
    await using server = await startServer(() => undefined);
    const controller = new AbortController();
    const check = serviceDefinitions[name].open(connectionTo(server.url)).check({ signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(check).rejects.toBe(reason);
  });
});
