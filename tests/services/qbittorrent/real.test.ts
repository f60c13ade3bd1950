import { randomBytes } from 'node:crypto';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PlaygroundQbittorrent, startQbittorrent } from '../../../playground/servers/qbittorrent.ts';
import { openQbittorrent, type QbittorrentClient } from '../../../src/services/qbittorrent/client.ts';
import { startTestBot } from '../../bot.ts';
import { TcpProxy } from '../../tcp-proxy.ts';
import { connectionTo, settings } from '../loopback-server.ts';

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
    playground = await startQbittorrent({ version: version.startsWith('5') ? 5 : 4 });
  });
  afterAll(() => playground.stop());

  const magnet = () => {
    const hash = randomBytes(20).toString('hex');
    return { hash, link: `magnet:?xt=urn:btih:${hash}&dn=assistarr-test` };
  };
  const stateOf = async (hash: string) => (await client.torrents()).find((torrent) => torrent.hash === hash)?.state;

  it('tells its version, adds, lists, pauses, resumes and removes', async () => {
    expect((await client.check()).version).toMatch(/^[45]\./);
    const unlimited = { download: null, upload: null };
    expect(await client.transfer()).toEqual({ downloadSpeed: 0, uploadSpeed: 0, limits: unlimited });
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

  it('limits the speed of all together and of one torrent, each in the measure that it keeps, and takes limits away', async () => {
    const { hash, link } = magnet();
    await client.add(link, { paused: true });
    await client.limitSpeed('all', { download: 500_000, upload: 1000 });
    // In whole KiB, of which there is at least one.
    expect((await client.transfer()).limits).toEqual({ download: 499_712, upload: 1024 });
    await client.limitSpeed('all', { download: null, upload: null });
    expect((await client.transfer()).limits).toEqual({ download: null, upload: null });
    const limitsOf = async () => (await client.torrents()).find((torrent) => torrent.hash === hash)?.limits;
    await expect.poll(limitsOf, { timeout: 15_000 }).toEqual({ download: null, upload: null });
    await client.limitSpeed([hash], { download: 500_000 });
    await expect.poll(limitsOf, { timeout: 15_000 }).toEqual({ download: 500_000, upload: null });
    await client.remove([hash], { deleteFiles: true });
  });

  it('refuses a wrong password in words', async () => {
    const wrong = openQbittorrent(connectionTo(real.origin, { username: 'admin', secret: 'wrong' }));
    await expect(wrong.check()).rejects.toMatchObject({ failure: 'unauthorized' });
  });

  it('refuses a mapped port, and that is told as what it is', async () => {
    const proxy = new TcpProxy({ host: url.hostname, port: Number(url.port) });
    await proxy.open();
    const mapped = `http://127.0.0.1:${proxy.port}`;
    const check = openQbittorrent(connectionTo(mapped, { username: real.username, secret: real.password })).check();
    await expect(check).rejects.toMatchObject({ failure: 'address_refused', detail: String(proxy.port) });
    await proxy.refuse();
  });

  it('is told at once as what it is, where the address says https', async () => {
    const http = { ...settings, timeoutMs: 6000 };
    const check = openQbittorrent(connectionTo(real.origin.replace('http:', 'https:'), { http })).check();
    // By itself it closes such a connection after 7.5 s: by then the limit of a call has passed.
    await expect(check).rejects.toMatchObject({ failure: 'plain_http' });
  });

  it('is answered alike by the playground’s', async () => {
    const [theirs, ours] = await Promise.all([
      questions(real),
      questions({ origin: playground.url, username: playground.username, password: playground.password }),
    ]);
    expect(ours.answers).toEqual(theirs.answers);
    // Later versions send more; what the playground sends is among it, and of the same type.
    expect(theirs.torrent).toMatchObject(ours.torrent);
    expect(theirs.transfer).toMatchObject(ours.transfer);
    expect(Object.keys(ours.torrent)).toEqual(expect.arrayContaining(['hash', 'name', 'progress', 'eta', 'dlspeed']));
  });

  it('is paused and resumed by /downloads, which then shows it so: the list alone is a second late', async () => {
    const { hash, link } = magnet();
    await client.add(link);
    await expect.poll(() => stateOf(hash), { timeout: 15_000 }).toBe('downloading');
    const test = await startTestBot({ environment: { SERVICE_TIMEOUT_MS: '10000', LEASE_MS: '30000' } });
    try {
      const ada = test.discord.person('Ada');
      const typed = { address: real.origin, username: real.username, secret: real.password };
      await test.setup.configure(ada, 'qbittorrent', typed);
      const card = await ada.slash(ada.dm(), 'downloads').reply();
      const shown = () => test.discord.render(test.discord.state.messages.get(card.id) ?? card).replaceAll('\\', '');
      const first = (words: RegExp) => test.discord.until(() => (words.test(shown()) ? shown() : null));
      expect(shown()).toMatch(/assistarr-test[^\n]*\n[^\n]*0 %\n[^\n]*qBittorrent/);
      await ada.press(card, 'Pause all').acknowledged();
      expect(await first(/⏸️|⚠️/)).toMatch(/⏸️ Paused[\s\S]*assistarr-test[^\n]*\n[^\n]*0 %\n[^\n]*paused/);
      await ada.press(card, 'Resume all').acknowledged();
      expect(await first(/▶️|⚠️/)).toMatch(/▶️ Resumed[\s\S]*assistarr-test[^\n]*\n[^\n]*0 %\n[^\n]*qBittorrent/);
    } finally {
      await test.stop();
      await client.remove([hash], { deleteFiles: true });
    }
  });
});

type Question = {
  method?: 'GET' | 'POST';
  path: string;
  form?: Record<string, string>;
  cookie?: string;
  origin?: string;
  /** The port that its Host names, where that is not the server's. */
  port?: number;
};

const unknown = 'f'.repeat(40);
const compared = randomBytes(20).toString('hex');
const post = (path: string, form: Record<string, string> = {}): Question => ({ method: 'POST', path, form });

/** What the client asks, and what it must tell apart. */
const asked: Question[] = [
  { path: '/api/v2/app/version', cookie: '' },
  { path: '/api/v2/app/version', cookie: 'SID=expired' },
  { path: '/api/v2/no/such', cookie: '' },
  { path: '/api/v2/app/version', origin: 'http://elsewhere.example' },
  { path: '/', origin: 'http://elsewhere.example' },
  { path: '/', port: 1 },
  { path: '/api/v2/app/version', port: 1 },
  { ...post('/api/v2/auth/login', { username: 'admin', password: 'wrong' }), cookie: '', port: 1 },
  { ...post('/api/v2/auth/login', { username: 'admin', password: 'wrong' }), cookie: '' },
  { path: '/api/v2/auth/login', cookie: '' },
  { path: '/api/v2/app/version' },
  { path: '/api/v2/app/webapiVersion' },
  { path: '/api/v2/torrents/info' },
  { path: '/api/v2/torrents/info?sort=added_on&reverse=true' },
  { path: '/api/v2/torrents/info?hashes=no-hash' },
  ...['seeding', 'completed', 'errored', 'nonsense'].map((filter) => ({
    path: `/api/v2/torrents/info?hashes=${compared}&filter=${filter}`,
  })),
  { path: '/api/v2/transfer/info' },
  { path: '/api/v2/torrents/pause' },
  ...['pause', 'stop', 'resume', 'start'].flatMap((verb) => [
    post(`/api/v2/torrents/${verb}`, { hashes: unknown }),
    post(`/api/v2/torrents/${verb}`, { hashes: 'no-hash' }),
    post(`/api/v2/torrents/${verb}`),
  ]),
  post('/api/v2/torrents/add', { urls: 'no magnet' }),
  post('/api/v2/torrents/add', { urls: `magnet:?xt=urn:btih:${compared}` }),
  post('/api/v2/torrents/add'),
  post('/api/v2/torrents/delete', { hashes: unknown }),
  post('/api/v2/torrents/delete', { deleteFiles: 'true' }),
  post('/api/v2/torrents/delete', { hashes: unknown, deleteFiles: 'false' }),
  ...['Download', 'Upload'].flatMap((way) => [
    post(`/api/v2/transfer/set${way}Limit`, { limit: '500000' }),
    post(`/api/v2/transfer/set${way}Limit`, { limit: 'nonsense' }),
    post(`/api/v2/transfer/set${way}Limit`),
    post(`/api/v2/torrents/set${way}Limit`, { hashes: unknown, limit: '500000' }),
    post(`/api/v2/torrents/set${way}Limit`, { hashes: unknown }),
    post(`/api/v2/torrents/set${way}Limit`, { limit: '500000' }),
  ]),
  { path: '/api/v2/no/such' },
  { path: '/no/such' },
  { path: '/' },
];

type Compared = { answers: Record<string, unknown>; torrent: Record<string, string>; transfer: Record<string, string> };

/** Asks everything of one of the two, in order: status, content type, cookie's name, and what was said. */
async function questions(peer: Peer): Promise<Compared> {
  const send = async ({ method = 'GET', path, form, port, origin = peer.origin }: Question, cookie: string) => {
    const reply = await request(peer.origin + path, {
      method,
      headers: {
        referer: origin,
        origin,
        ...(port === undefined ? {} : { host: `127.0.0.1:${port}` }),
        ...(cookie === '' ? {} : { cookie }),
        ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(form === undefined ? {} : { body: new URLSearchParams(form).toString() }),
    });
    return { status: reply.statusCode, headers: reply.headers, text: await reply.body.text() };
  };
  const { username, password } = peer;
  const loggedIn = await send(post('/api/v2/auth/login', { username, password }), '');
  const setCookie = String([loggedIn.headers['set-cookie']].flat()[0]);
  const cookie = setCookie.split(';')[0] ?? '';
  // A torrent, so that the list has something to compare.
  const urls = `magnet:?xt=urn:btih:${compared}&dn=compared`;
  const added = await send(post('/api/v2/torrents/add', { urls, paused: 'true', stopped: 'true' }), cookie);
  const own = async (): Promise<unknown> => {
    const list = await send({ path: `/api/v2/torrents/info?hashes=${compared}` }, cookie);
    const torrents: unknown = JSON.parse(list.text);
    return Array.isArray(torrents) ? torrents[0] : undefined;
  };
  await expect.poll(own, { timeout: 15_000 }).toBeDefined();
  const answers: Record<string, unknown> = {
    login: [loggedIn.status, loggedIn.text, cookie.split('=')[0], setCookie.split('; ').slice(1).sort()],
    added: [added.status, added.text],
  };
  for (const question of asked) {
    const reply = await send(question, question.cookie ?? cookie);
    answers[JSON.stringify(question)] = [
      reply.status,
      reply.headers['content-type']?.toString().split(';')[0],
      said(question.path, reply.text),
    ];
  }
  const torrent = shapeOf(await own());
  const transfer = shapeOf(JSON.parse((await send({ path: '/api/v2/transfer/info' }, cookie)).text));
  await send(post('/api/v2/torrents/delete', { hashes: compared, deleteFiles: 'true' }), cookie);
  return { answers, torrent, transfer };
}

/** Of a list how long it is where one torrent was asked for; of a version that it is one; of other text the text. */
function said(path: string, text: string): unknown {
  if (path.includes('torrents/info') && text.startsWith('['))
    return path.includes('hashes=') ? JSON.parse(text).length : 'a list';
  if (path.includes('transfer/info')) return 'an object';
  if (/version$/i.test(path) && /\d/.test(text)) return /^v?\d+\.\d+/.test(text);
  return path === '/' && text.startsWith('<!') ? 'a page' : text;
}

/** Each key with its value's type; of what the client tells apart, the value. */
function shapeOf(value: unknown): Record<string, string> {
  const entries = Object.entries(typeof value === 'object' && value !== null ? value : {});
  return Object.fromEntries(entries.map(([key, inner]) => [key, key === 'state' ? String(inner) : typeof inner]));
}
