import { randomBytes } from 'node:crypto';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PlaygroundQbittorrent, startQbittorrent } from '../../../playground/servers/qbittorrent.ts';
import { openQbittorrent, type QbittorrentClient } from '../../../src/services/qbittorrent/client.ts';
import { connectionTo } from '../loopback-server.ts';

/** The real program, as `.ci/qbittorrent.sh start` gives it; tests/global-setup.ts prints why it is left out. */
const given = process.env.TEST_QBITTORRENT_URL;

type Peer = { origin: string; username: string; password: string };

describe.skipIf(given === undefined)('a real qBittorrent', () => {
  const url = new URL(given ?? 'http://admin:none@127.0.0.1:1');
  const real: Peer = { origin: url.origin, username: url.username, password: url.password };
  let playground: PlaygroundQbittorrent;
  let client: QbittorrentClient;
  beforeAll(async () => {
    // Debian's is of major 4 in bookworm and 5 in trixie: the playground plays the same.
    client = openQbittorrent(connectionTo(real.origin, { username: real.username, secret: real.password }));
    const { version } = await client.check();
    playground = await startQbittorrent({ version: version.startsWith('v5') ? 5 : 4 });
  });
  afterAll(() => playground.stop());

  const magnet = () => {
    const hash = randomBytes(20).toString('hex');
    return { hash, link: `magnet:?xt=urn:btih:${hash}&dn=assistarr-test` };
  };
  const stateOf = async (hash: string) => (await client.torrents()).find((torrent) => torrent.hash === hash)?.state;

  it('tells its version, adds, lists, pauses, resumes and removes', async () => {
    expect((await client.check()).version).toMatch(/^v[45]\./);
    expect(await client.transfer()).toEqual({ downloadSpeed: 0, uploadSpeed: 0 });
    const { hash, link } = magnet();
    await client.add(link, { paused: true });
    await expect.poll(() => stateOf(hash), { timeout: 15_000 }).toBe('paused');
    await client.resume([hash]);
    await expect.poll(() => stateOf(hash), { timeout: 15_000 }).not.toBe('paused');
    await client.pause('all');
    await expect.poll(() => stateOf(hash), { timeout: 15_000 }).toBe('paused');
    const listed = (await client.torrents()).find((torrent) => torrent.hash === hash);
    expect(listed).toMatchObject({ name: 'assistarr-test', percent: 0, secondsLeft: null });
    await client.remove([hash], { deleteFiles: true });
    await expect.poll(() => stateOf(hash), { timeout: 15_000 }).toBeUndefined();
  });

  it('refuses a wrong password in words', async () => {
    const wrong = openQbittorrent(connectionTo(real.origin, { username: 'admin', secret: 'wrong' }));
    await expect(wrong.check()).rejects.toMatchObject({ failure: 'unauthorized' });
  });

  it('is answered alike by the playground’s', async () => {
    const shapes = await Promise.all(
      [real, { origin: playground.url, username: playground.username, password: playground.password }].map(questions),
    );
    expect(shapes[1]).toEqual(shapes[0]);
  });
});

type Question = { method: 'GET' | 'POST'; path: string; form?: Record<string, string>; session?: boolean };

/** What the client asks, and what it must tell apart. */
const asked: Question[] = [
  { method: 'GET', path: '/api/v2/app/version', session: false },
  { method: 'POST', path: '/api/v2/auth/login', form: { username: 'admin', password: 'wrong' }, session: false },
  { method: 'GET', path: '/api/v2/app/version' },
  { method: 'GET', path: '/api/v2/app/webapiVersion' },
  { method: 'GET', path: '/api/v2/torrents/info' },
  { method: 'GET', path: '/api/v2/transfer/info' },
  { method: 'POST', path: '/api/v2/torrents/pause', form: { hashes: 'f'.repeat(40) } },
  { method: 'POST', path: '/api/v2/torrents/stop', form: { hashes: 'f'.repeat(40) } },
  { method: 'POST', path: '/api/v2/torrents/resume', form: { hashes: 'f'.repeat(40) } },
  { method: 'POST', path: '/api/v2/torrents/start', form: { hashes: 'f'.repeat(40) } },
  { method: 'POST', path: '/api/v2/torrents/add', form: { urls: 'no magnet' } },
  { method: 'POST', path: '/api/v2/torrents/delete', form: { hashes: 'f'.repeat(40) } },
  { method: 'POST', path: '/api/v2/torrents/delete', form: { hashes: 'f'.repeat(40), deleteFiles: 'false' } },
  { method: 'GET', path: '/api/v2/no/such' },
];

async function questions(peer: Peer): Promise<Record<string, unknown>> {
  const send = async ({ method, path, form }: Question, cookie: string | null) => {
    const reply = await request(peer.origin + path, {
      method,
      headers: {
        referer: peer.origin,
        origin: peer.origin,
        ...(cookie === null ? {} : { cookie }),
        ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(form === undefined ? {} : { body: new URLSearchParams(form).toString() }),
    });
    return { status: reply.statusCode, headers: reply.headers, text: await reply.body.text() };
  };
  const login = { method: 'POST', path: '/api/v2/auth/login' } as const;
  const { username, password } = peer;
  const loggedIn = await send({ ...login, form: { username, password } }, null);
  const cookie = String([loggedIn.headers['set-cookie']].flat()[0]).split(';')[0] ?? '';
  // A torrent, so that the list has something to compare.
  const urls = `magnet:?xt=urn:btih:${'9'.repeat(40)}&dn=compared`;
  const flags = { paused: 'true', stopped: 'true' };
  const added = await send({ method: 'POST', path: '/api/v2/torrents/add', form: { urls, ...flags } }, cookie);
  const own = async () => {
    const list: unknown = JSON.parse((await send({ method: 'GET', path: '/api/v2/torrents/info' }, cookie)).text);
    return Array.isArray(list) ? list.find((torrent) => torrent.hash === '9'.repeat(40)) : undefined;
  };
  await expect.poll(own, { timeout: 15_000 }).toBeDefined();
  const shapes: Record<string, unknown> = {
    login: [loggedIn.status, loggedIn.text, cookie.split('=')[0]],
    added: [added.status, added.text],
    compared: shapeOf(await own()),
  };
  for (const question of asked) {
    const reply = await send(question, question.session === false ? null : cookie);
    const name = `${question.method} ${question.path} ${JSON.stringify(question.form ?? {})} ${question.session ?? true}`;
    shapes[name] = [reply.status, reply.status === 200 ? textShape(question.path, reply.text) : null];
  }
  const remove = { hashes: '9'.repeat(40), deleteFiles: 'true' };
  await send({ method: 'POST', path: '/api/v2/torrents/delete', form: remove }, cookie);
  return shapes;
}

/** Of a list or an object what the client reads; of a version that it is one; of other text the text. */
function textShape(path: string, text: string): unknown {
  if (path.endsWith('torrents/info')) return 'a list';
  if (path.endsWith('transfer/info')) return shapeOf(JSON.parse(text));
  if (/version/i.test(path)) return /^v?\d+\.\d+/.test(text);
  return text;
}

const read = [
  'hash',
  'name',
  'state',
  'progress',
  'size',
  'dlspeed',
  'upspeed',
  'eta',
  'dl_info_speed',
  'up_info_speed',
];

function shapeOf(value: unknown): Record<string, string> {
  const entries = Object.entries(typeof value === 'object' && value !== null ? value : {});
  return Object.fromEntries(
    entries
      .filter(([key]) => read.includes(key))
      .map(([key, inner]) => [key, key === 'state' ? String(inner) : typeof inner])
      .sort(),
  );
}
