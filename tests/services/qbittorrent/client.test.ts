import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { startQbittorrent } from '../../../playground/servers/qbittorrent.ts';
import { openQbittorrent } from '../../../src/services/qbittorrent/client.ts';
import { TcpProxy } from '../../tcp-proxy.ts';
import { connectionTo, type Loopback, type Seen, sendJson, startServer } from '../loopback-server.ts';

type Program = { cookieName: string; version: string; api: string };
const four: Program = { cookieName: 'SID', version: 'v4.5.2', api: '2.8.19' };
const five: Program = { cookieName: 'QBT_SID_8080', version: 'v5.1.0', api: '2.11.4' };

const hash = (letter: string) => letter.repeat(40);

/** What the two versions answer (run for real); sessions are forgotten by `forget`. */
function answerAs(program: Program) {
  let session = 0;
  let forgotten = 0;
  const text = (response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}) =>
    response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(body);
  const handle = ({ url, headers, body }: Seen, response: ServerResponse) => {
    if (headers.origin !== `http://${headers.host}`) return text(response, 401, 'Unauthorized');
    if (url === '/api/v2/auth/login') {
      if (body !== 'username=ada&password=the-secret') return text(response, 200, 'Fails.');
      session++;
      return text(response, 200, 'Ok.', { 'set-cookie': `${program.cookieName}=s${session}; HttpOnly; path=/` });
    }
    if (session <= forgotten || headers.cookie !== `${program.cookieName}=s${session}`)
      return text(response, 403, 'Forbidden');
    if (url === '/api/v2/app/version') return text(response, 200, program.version);
    if (url === '/api/v2/app/webapiVersion') return text(response, 200, program.api);
    if (url.startsWith('/api/v2/torrents/info?'))
      return sendJson(response, [{ hash: hash('a'), name: 'A', eta: 8640000 }, { hash: hash('B') }]);
    return text(response, 404, 'Not Found');
  };
  return {
    handle,
    forget: () => {
      forgotten = session;
    },
  };
}

const logIns = (server: Loopback) => server.seen.filter(({ url }) => url === '/api/v2/auth/login');

describe('qbittorrent', () => {
  it.each([four, five])('logs in once under $cookieName and counts', async (program) => {
    await using server = await startServer(answerAs(program).handle);
    const client = openQbittorrent(connectionTo(server.url));
    expect(await client.check()).toEqual({ version: program.version.slice(1), holds: '2 torrents' });
    await client.check();
    expect(logIns(server)).toHaveLength(1);
  });

  it('logs in again, once, when the session is gone', async () => {
    const program = answerAs(five);
    await using server = await startServer(program.handle);
    const client = openQbittorrent(connectionTo(server.url));
    await client.check();
    program.forget();
    expect(await client.check()).toMatchObject({ holds: '2 torrents' });
    expect(logIns(server)).toHaveLength(2);
  });

  it('does not log in again and again where every call is forbidden', async () => {
    await using server = await startServer(({ url }, response) => {
      const isLogIn = url === '/api/v2/auth/login';
      response.writeHead(isLogIn ? 200 : 403, { 'content-type': 'text/plain' }).end(isLogIn ? 'Ok.' : 'Forbidden');
    });
    const client = openQbittorrent(connectionTo(server.url));
    await expect(client.check()).rejects.toMatchObject({ failure: 'forbidden' });
    expect(logIns(server)).toHaveLength(1);
  });

  it('tells a wrong password, which is HTTP 200, from too many tries', async () => {
    await using server = await startServer(answerAs(four).handle);
    const wrong = openQbittorrent(connectionTo(server.url, { secret: 'wrong' })).check();
    await expect(wrong).rejects.toMatchObject({ failure: 'unauthorized', status: 200 });
    await using banning = await startServer((_, response) =>
      response.writeHead(403).end('Your IP address has been banned after too many failed authentication attempts.'),
    );
    const banned = openQbittorrent(connectionTo(banning.url)).check();
    await expect(banned).rejects.toMatchObject({ failure: 'forbidden', status: 403 });
    // The real one's own words, once it has had enough of wrong ones.
    const playground = await startQbittorrent();
    const guess = () => openQbittorrent(connectionTo(playground.url, { secret: 'guess' })).check();
    for (let tries = 0; tries < 5; tries++) await expect(guess()).rejects.toMatchObject({ failure: 'unauthorized' });
    const detail = expect.stringContaining('has been banned after too many failed');
    await expect(guess()).rejects.toMatchObject({ failure: 'forbidden', detail });
    await playground.stop();
  });

  it('tells a refused address, which is 401 at every path, from a wrong password that is 401', async () => {
    const server = await startQbittorrent({ version: 5.3 });
    const proxy = new TcpProxy({ host: '127.0.0.1', port: Number(new URL(server.url).port) });
    await proxy.open();
    const right = { username: 'admin', secret: server.password };
    const mapped = openQbittorrent(connectionTo(`http://127.0.0.1:${proxy.port}`, right));
    const refused = { failure: 'address_refused', status: 401, detail: String(proxy.port) };
    await expect(mapped.check()).rejects.toMatchObject(refused);
    await expect(mapped.pause('all')).rejects.toMatchObject(refused);
    server.state.validatedPort = null;
    expect(await mapped.check()).toMatchObject({ version: '5.3.0' });
    const wrong = openQbittorrent(connectionTo(server.url, { username: 'admin', secret: 'wrong' }));
    await expect(wrong.check()).rejects.toMatchObject({ failure: 'unauthorized' });
    await proxy.refuse();
    await server.stop();
  });

  it.each([
    ['a proxy’s log-in', { 'content-type': 'text/plain', 'www-authenticate': 'Basic' }],
    ['a page', { 'content-type': 'text/html' }],
  ])('does not take %s for a refused address', async (_, headers) => {
    await using server = await startServer((_request, response) => response.writeHead(401, headers).end('Sign in'));
    await expect(openQbittorrent(connectionTo(server.url)).check()).rejects.toMatchObject({ failure: 'unauthorized' });
  });

  it('works where this machine needs no password', async () => {
    await using server = await startServer(({ url }, response) => {
      const texts: Record<string, string> = { '/api/v2/app/version': 'v5.1.0', '/api/v2/app/webapiVersion': '2.11.4' };
      if (url.startsWith('/api/v2/torrents/info?')) return sendJson(response, [{ hash: hash('a') }]);
      response.writeHead(200, { 'content-type': 'text/plain' }).end(texts[url] ?? 'Ok.');
    });
    expect(await openQbittorrent(connectionTo(server.url)).check()).toMatchObject({ holds: '1 torrent' });
  });

  it.each([4, 5, 5.3] as const)('reads, pauses, resumes, adds and removes torrents of version %s', async (version) => {
    const server = await startQbittorrent({ version });
    const client = openQbittorrent(connectionTo(server.url, { username: 'admin', secret: server.password }));
    const [debian, ubuntu, bunny] = await client.torrents();
    expect(debian).toMatchObject({ state: 'downloading', percent: 62, secondsLeft: 304, downloadSpeed: 5_000_000 });
    expect(ubuntu).toMatchObject({ state: 'paused', secondsLeft: null });
    expect(bunny).toMatchObject({ state: 'seeding', percent: 100 });
    const unlimited = { download: null, upload: null };
    expect(await client.transfer()).toEqual({ downloadSpeed: 5_000_000, uploadSpeed: 120_000, limits: unlimited });
    await client.limitSpeed('all', { download: 2_000_000 });
    expect((await client.transfer()).limits).toEqual({ download: 1_999_872, upload: null });
    await client.limitSpeed([hash('b')], { upload: 50_000 });
    const limits = (await client.torrents()).map((torrent) => torrent.limits);
    expect(limits).toEqual([{ download: null, upload: 50_000 }, unlimited, unlimited]);
    const states = async () => (await client.torrents()).map(({ state }) => state);
    await client.pause([hash('B')]);
    expect(await states()).toEqual(['paused', 'paused', 'seeding']);
    await client.resume('all');
    expect(await states()).toEqual(['downloading', 'downloading', 'seeding']);
    await client.pause('all');
    expect(await states()).toEqual(['paused', 'paused', 'paused']);
    const magnet = `magnet:?xt=urn:btih:${hash('e')}&dn=New`;
    await client.add(magnet, { paused: true });
    expect((await client.torrents())[0]).toMatchObject({ hash: hash('e'), name: 'New', state: 'paused' });
    await expect(client.add(magnet)).rejects.toMatchObject({ failure: 'conflict' });
    await expect(client.add('nonsense')).rejects.toMatchObject({ failure: 'rejected' });
    await client.remove([hash('e')], { deleteFiles: false });
    expect(await client.torrents()).toHaveLength(3);
    await server.stop();
  });

  it.each([
    ['counted', 200, { success_count: 1, failure_count: 0 }, null],
    ['still fetched', 202, { success_count: 0, pending_count: 1 }, null],
    ['none', 200, { success_count: 0, pending_count: 0, failure_count: 1 }, 'rejected'],
    ['another shape', 200, { added: true }, 'wrong_service'],
  ])('reads how many 5.3 added: %s', async (_, status, body, failure) => {
    await using server = await startServer(({ url }, response) => {
      if (url === '/api/v2/torrents/add') return sendJson(response, body, status);
      if (url.startsWith('/api/v2/torrents/info')) return sendJson(response, []);
      response.writeHead(200).end(url.endsWith('webapiVersion') ? '2.16.0' : 'Ok.');
    });
    const add = openQbittorrent(connectionTo(server.url)).add(`magnet:?xt=urn:btih:${hash('e')}`);
    if (failure === null) await add;
    else await expect(add).rejects.toMatchObject({ failure });
  });

  it('sends nothing that is no hash: no other text becomes "all"', async () => {
    const server = await startQbittorrent();
    const client = openQbittorrent(connectionTo(server.url, { username: 'admin', secret: server.password }));
    for (const which of [[], ['all'], ['a|all'], [`${hash('b')}|all`], ['']])
      await expect(client.pause(which)).rejects.toThrow();
    expect(server.journal.filter(({ path }) => /stop|pause/.test(path))).toEqual([]);
    await server.stop();
  });
});
