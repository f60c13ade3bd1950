import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startJellyfin } from '../../../playground/servers/jellyfin.ts';
import { sayInEnglish } from '../../../src/messages.ts';
import { openJellyfin } from '../../../src/services/jellyfin/client.ts';
import { itemOf, itemSchema, sessionOf, sessionSchema } from '../../../src/services/jellyfin/items.ts';
import { pictureOf } from '../../../src/services/jellyfin/picture.ts';
import { connectionTo, Refusal, type Seen, settings, startRoutes, startServer } from '../loopback-server.ts';

const token = 'Token="a%22b"';
const own = (answer: unknown) => (request: Seen) =>
  request.headers.authorization?.includes(token) ? answer : new Refusal(401, '');
const open = { ProductName: 'Jellyfin Server', Version: '10.11.11', ServerName: 'Home' };

describe('jellyfin', () => {
  it('checks with the key in its own header, which is quoted so that no key can break out of it', async () => {
    await using server = await startRoutes({
      'GET /System/Info/Public': () => open,
      'GET /System/Info': own({ ...open, OperatingSystem: '' }),
      'GET /Items/Counts': own({ MovieCount: 1, SeriesCount: 31, SongCount: 9 }),
    });
    const check = await openJellyfin(connectionTo(server.url, { secret: 'a"b' })).check();
    expect(check).toEqual({ version: '10.11.11', holds: '1 film, 31 series' });
    expect(server.seen[1]?.headers.authorization).toBe(
      `MediaBrowser Client="Assistarr", Device="Discord", DeviceId="assistarr", Version="1", ${token}`,
    );
    await expect(openJellyfin(connectionTo(server.url)).check()).rejects.toMatchObject({ failure: 'unauthorized' });
  });

  it('names an Emby', async () => {
    await using server = await startRoutes({
      'GET /System/Info/Public': () => ({ ...open, ProductName: 'Emby Server' }),
    });
    await expect(openJellyfin(connectionTo(server.url)).check()).rejects.toMatchObject({
      failure: 'wrong_service',
      detail: 'Emby Server',
    });
  });

  it('lists everyone who has an account', async () => {
    await using server = await startRoutes({
      'GET /Users': () => [
        { Id: 'u1', Name: 'Ada', Policy: {} },
        { Id: 'u2', Name: null },
      ],
    });
    expect(await openJellyfin(connectionTo(server.url)).users()).toEqual([
      { id: 'u1', name: 'Ada' },
      { id: 'u2', name: 'u2' },
    ]);
  });
});

const userId = '1'.repeat(32);
const versions = ['10.11.11', '12.0.0'] as const;

describe.each(versions)('Jellyfin %s', (version) => {
  const started = async (user: string | null) => {
    const server = await startJellyfin({ version });
    const http = { ...settings, timeoutMs: 10_000 };
    const actor = { user, isOwner: true };
    const client = openJellyfin(connectionTo(server.url, { secret: server.apiKey, actor, http }));
    return { server, client, [Symbol.asyncDispose]: () => server.stop() };
  };
  const titles = (items: { title: string }[]) => items.map(({ title }) => title);

  it('finds films and series, and no episodes, with what the person watched of them', async () => {
    await using jellyfin = await started(userId);
    const { client, server } = jellyfin;
    expect(titles(await client.search('grilled'))).toEqual([]);
    expect(titles(await client.search('breaking bad'))).toEqual(['Breaking Bad']);
    expect(await client.search('inception')).toMatchObject([
      { kind: 'movie', title: 'Inception', year: 2010, runtimeMinutes: 148, watchedPercent: 40 },
    ]);
    expect(await client.search("Ocean's (11)!*")).toEqual([]);
    expect(server.journal.at(-1)?.path).toContain('searchTerm=Ocean%27s%20%2811%29%21%2A');
  });

  it('lists the newest first, with a user and with the server’s key alone', async () => {
    for (const user of [userId, null]) {
      await using jellyfin = await started(user);
      expect(titles(await jellyfin.client.latest())).toEqual([
        'Breaking Bad',
        'Alien',
        'Inception',
        'Chernobyl',
        'The Matrix',
      ]);
    }
  });

  it('lists what the person began, and asks for nobody where it does not know who that is', async () => {
    await using jellyfin = await started(userId);
    expect(titles(await jellyfin.client.resume())).toEqual(['Inception', 'Seven Thirty-Seven']);
    await using unknown = await started('../../Users');
    expect(unknown.client.hasUser).toBe(false);
    expect(await unknown.client.resume()).toEqual([]);
    expect(unknown.server.journal).toEqual([]);
  });

  it('tells who plays what, how far and how, and leaves out devices that play nothing', async () => {
    await using jellyfin = await started(null);
    expect(await jellyfin.client.sessions()).toMatchObject([
      {
        id: '5'.repeat(32),
        user: 'Grace',
        device: 'Living room TV',
        percent: 25,
        isPaused: false,
        isTranscoding: true,
        item: { title: 'The Matrix' },
      },
    ]);
  });

  it('fetches a poster, of an episode its series’', async () => {
    await using jellyfin = await started(userId);
    const { client } = jellyfin;
    const [episode] = (await client.resume()).filter(({ kind }) => kind === 'episode');
    const [series] = await client.search('Breaking');
    expect(episode?.posterId).toBe(series?.posterId);
    const { extension, bytes } = await client.poster(series?.posterId ?? '');
    expect(extension).toBe('png');
    expect(bytes.length).toBeGreaterThan(200);
    await expect(client.poster('f'.repeat(32))).rejects.toMatchObject({ failure: 'not_found' });
  });
});

describe('what a Jellyfin may send', () => {
  const nothing = {
    id: null,
    kind: 'other',
    title: 'Untitled',
    series: null,
    year: null,
    watchedPercent: null,
    posterId: null,
  };

  it.each([{}, { Items: null }, { Items: [] }])('a list that is %j', async (reply) => {
    await using server = await startRoutes({ 'GET /Items': () => reply });
    expect(await openJellyfin(connectionTo(server.url)).search('dune')).toEqual([]);
  });

  it('items and sessions of which all is null or missing', async () => {
    const empty = Object.fromEntries(Object.keys(itemSchema.shape).map((key) => [key, null]));
    await using server = await startRoutes({
      'GET /Items': () => ({ Items: [{}, empty, { Name: 'Tagged', ImageTags: { Primary: null }, Id: userId }] }),
      'GET /Sessions': () => [
        {},
        { NowPlayingItem: null },
        { NowPlayingItem: {}, PlayState: null, UserName: null, Client: 'Kodi' },
        { NowPlayingItem: { RunTimeTicks: 0 }, PlayState: { PositionTicks: 5 } },
        { NowPlayingItem: { RunTimeTicks: 10 }, PlayState: { PositionTicks: 50, PlayMethod: 'DirectStream' } },
      ],
    });
    const client = openJellyfin(connectionTo(server.url));
    expect(await client.search('x')).toMatchObject([nothing, nothing, { title: 'Tagged', posterId: null }]);
    expect(await client.sessions()).toMatchObject([
      { user: null, device: 'Kodi', percent: null, isPaused: false, isTranscoding: false, item: nothing },
      { percent: null },
      { percent: 100, isTranscoding: false },
    ]);
  });

  it.each([
    '../../System/Info',
    'a/b',
    '%2e%2e',
    '',
    'x'.repeat(32),
  ])('an id that would leave the path: %s', async (id) => {
    await using server = await startRoutes({
      'GET /Items': () => ({ Items: [{ Id: id, ImageTags: { Primary: 'a' } }] }),
    });
    const client = openJellyfin(connectionTo(server.url));
    expect(await client.search('x')).toMatchObject([{ id: null, posterId: null }]);
    await expect(client.poster(id)).rejects.toThrow();
    expect(server.seen).toHaveLength(1);
  });

  it('a picture that is too large, a page, or nothing', async () => {
    const bodies = [Buffer.alloc(600_000, 0xff), Buffer.from('<!doctype html>'), Buffer.alloc(0)];
    const failures = [];
    for (const body of bodies) {
      await using server = await startServer((_, response) => {
        response.writeHead(200, { 'content-type': 'image/jpeg' }).end(body);
      });
      const http = { ...settings, maxResponseBytes: 10_000_000 };
      const poster = openJellyfin(connectionTo(server.url, { http })).poster(userId);
      failures.push(await poster.catch(({ failure }) => failure));
    }
    expect(failures).toEqual(['too_large', 'unexpected_reply', 'unexpected_reply']);
  });

  it('pictures by their first bytes, whatever they are called', () => {
    const kinds = { jpg: 'ffd8ffe0', png: '89504e470d0a1a0a00', webp: '524946460000000057454250' };
    for (const [extension, hex] of Object.entries(kinds))
      expect(pictureOf(Buffer.from(hex, 'hex'))?.extension).toBe(extension);
    expect(pictureOf(Buffer.from('524946460000000057415645', 'hex'))).toBeNull();
  });

  it('anything that the schemas let through is shown in bounds', () => {
    const some = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    const item = fc.record({
      Type: some(fc.oneof(fc.string(), fc.constantFrom('Movie', 'Episode', 'constructor', '__proto__'))),
      Id: some(fc.string()),
      ImageTags: some(fc.dictionary(fc.string(), fc.string())),
      RunTimeTicks: some(finite),
      UserData: some(fc.record({ Played: fc.boolean(), PlayedPercentage: finite })),
    });
    const session = fc.record({
      NowPlayingItem: item,
      PlayState: fc.record({ PositionTicks: finite }),
    });
    const isPercent = (value: number | null) => value === null || (value >= 0 && value <= 100);
    fc.assert(
      fc.property(session, (raw) => {
        const shown = sessionOf(sessionSchema.parse(raw), sayInEnglish);
        expect(isPercent(shown?.percent ?? null)).toBe(true);
        const { id, watchedPercent, kind, posterId } = itemOf(itemSchema.parse(raw.NowPlayingItem), sayInEnglish);
        expect(isPercent(watchedPercent)).toBe(true);
        expect(['movie', 'series', 'season', 'episode', 'other']).toContain(kind);
        for (const one of [id, posterId]) expect(one ?? userId).toMatch(/^[0-9a-f-]+$/i);
      }),
    );
  });
});
