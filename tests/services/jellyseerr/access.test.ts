import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type PlaygroundJellyseerr, startJellyseerr } from '../../../playground/servers/jellyseerr.ts';
import { openSeerr, type SeerrClient } from '../../../src/services/jellyseerr/client.ts';
import { seerrWords } from '../../../src/services/jellyseerr/words.ts';
import { connectionTo, Refusal, startRoutes } from '../loopback-server.ts';

let server: PlaygroundJellyseerr;
beforeEach(async () => {
  server = await startJellyseerr();
});
afterEach(() => server.stop());

const open = (options: { secret?: string; userId?: string } = {}) => {
  const { secret = server.apiKey, userId = null } = options;
  return openSeerr(connectionTo(server.url, { secret, actor: { user: userId, isOwner: true } }));
};

/** Everything that a client asks. */
const calls: Record<string, (client: SeerrClient) => Promise<unknown>> = {
  check: (client) => client.check(),
  users: (client) => client.users(),
  search: (client) => client.search('dune'),
  find: (client) => client.find({ kind: 'movie', tmdbId: 603 }),
  request: (client) => client.request({ kind: 'movie', tmdbId: 98, seasons: [], is4k: false }),
  myId: (client) => client.myId(),
  requests: (client) => client.requests({ mine: false, most: 5 }),
  findRequest: (client) => client.findRequest(1),
  removeRequest: (client) => client.removeRequest(1),
  progress: (client) => client.progress({ id: 1 }),
  newestProgress: (client) => client.newestProgress(),
};

describe('a 403 without a message', () => {
  it.each(Object.keys(calls))('is told as a changed key by %s', async (name) => {
    const call = calls[name]?.(open({ secret: 'another' }));
    await expect(call).rejects.toMatchObject({ failure: 'unauthorized', status: 403 });
  });

  it.each(
    Object.keys(calls).filter((name) => name !== 'users'),
  )('is told as a user who is gone by %s', async (name) => {
    const call = calls[name]?.(open({ userId: '9' }));
    await expect(call).rejects.toMatchObject({ failure: 'rejected', status: 403, explained: seerrWords.userIsGone });
  });

  it('is told as a missing permission where key and user are right', async () => {
    await using routes = await startRoutes({
      'GET /api/v1/auth/me': () => ({ id: 2 }),
      'GET /api/v1/search': () => new Refusal(403, { status: 403, error: 'You do not have permission' }),
    });
    const client = openSeerr(connectionTo(routes.url, { actor: { user: '2', isOwner: true } }));
    const explained = seerrWords.noPermission;
    await expect(client.search('dune')).rejects.toMatchObject({ failure: 'forbidden', status: 403, explained });
    expect(routes.seen.map(({ url }) => url.split('?')[0])).toEqual(['/api/v1/search', '/api/v1/auth/me']);
  });

  it('is told as it is where nothing more can be found out, and nothing is asked while all goes well', async () => {
    await using routes = await startRoutes({
      'GET /api/v1/auth/me': () => new Refusal(500, {}),
      'GET /api/v1/search': (_, query) =>
        query.get('query') === 'dune' ? { results: [] } : new Refusal(403, { status: 403, error: 'no' }),
    });
    const client = openSeerr(connectionTo(routes.url));
    expect(await client.search('dune')).toEqual([]);
    expect(routes.seen).toHaveLength(1);
    await expect(client.search('other')).rejects.toMatchObject({ failure: 'forbidden', detail: null, explained: null });
  });
});

describe('CSRF protection', () => {
  const posts = () => server.journal.filter(({ method }) => method !== 'GET');

  it('is passed with the cookies of a GET, kept for later changes of that client alone', async () => {
    server.state.csrfProtection = true;
    const client = open();
    expect(await client.request({ kind: 'movie', tmdbId: 98, seasons: [], is4k: false })).toMatchObject({ tmdbId: 98 });
    expect(posts().map(({ status }) => status)).toEqual([403, 201]);
    await client.removeRequest(1);
    expect(posts().map(({ status }) => status)).toEqual([403, 201, 204]);
    // Another person's client begins without them.
    await open({ userId: '2' }).request({ kind: 'movie', tmdbId: 680, seasons: [], is4k: false });
    expect(posts().map(({ status }) => status)).toEqual([403, 201, 204, 403, 201]);
    expect(server.state.requests.map(({ tmdbId }) => tmdbId)).toEqual([329865, 98, 680]);
  });

  it('sends cookies and token as the server gave them, and nothing else that it gave', async () => {
    await using routes = await startRoutes({
      'GET /api/v1/status': () => ({}),
      'POST /api/v1/request': () => new Refusal(403, { message: 'invalid csrf token' }),
    });
    const ask = () =>
      openSeerr(connectionTo(routes.url)).request({ kind: 'movie', tmdbId: 98, seasons: [], is4k: false });
    // It gives no cookies: the refusal stands, and nothing is sent again.
    await expect(ask()).rejects.toMatchObject({ failure: 'forbidden', detail: 'invalid csrf token' });
    expect(routes.seen.map(({ method }) => method)).toEqual(['POST', 'GET']);
  });

  it('is asked for once a call, however often the server refuses', async () => {
    server.state.csrfProtection = true;
    server.faults.next(
      { kind: 'status', status: 403, body: { message: 'invalid csrf token' } },
      { match: /POST/, times: 9 },
    );
    await expect(open().request({ kind: 'movie', tmdbId: 98, seasons: [], is4k: false })).rejects.toMatchObject({
      detail: 'invalid csrf token',
    });
    expect(server.state.requests).toHaveLength(2);
  });
});

describe('a title', () => {
  it('that TMDB does not have, which is 500, is none; another 500 stays one', async () => {
    expect(await open().find({ kind: 'movie', tmdbId: 999_999 })).toBeNull();
    expect(await open().find({ kind: 'series', tmdbId: 999_999 })).toBeNull();
    server.faults.next({ kind: 'status', status: 500, body: { message: 'database is locked' } });
    await expect(open().find({ kind: 'movie', tmdbId: 603 })).rejects.toMatchObject({ failure: 'server_error' });
  });

  it('on the blocklist is that in each edition', async () => {
    server.state.blocklist.add('movie:604').add('tv:81189');
    const film = await open().find({ kind: 'movie', tmdbId: 604 });
    expect([film?.status, film?.in4k.status]).toEqual([{ state: 'blocklisted' }, { state: 'blocklisted' }]);
    const series = await open().find({ kind: 'series', tmdbId: 81189 });
    expect(series?.status).toEqual({ state: 'blocklisted' });
    const found = await open().search('reloaded');
    expect(found.map(({ status }) => status)).toEqual([{ state: 'blocklisted' }]);
  });

  it('whose request failed is not one that waits, until it comes by another way', async () => {
    const [first] = server.state.requests;
    if (first === undefined) throw new Error('the playground’s Seerr has requests');
    Object.assign(first, { tmdbId: 680, status: 4 });
    const status = async () => (await open().find({ kind: 'movie', tmdbId: 680 }))?.status;
    const progress = async () => (await open().progress({ id: first.id }))?.state;
    expect([await status(), await progress()]).toEqual([{ state: 'failed' }, 'failed']);
    server.state.available.set('movie:680', []);
    expect([await status(), await progress()]).toEqual([{ state: 'available' }, 'available']);
  });
});
