import { describe, expect, it } from 'vitest';
import { openSeerr } from '../../../src/services/jellyseerr/client.ts';
import { inEdition } from '../../../src/services/jellyseerr/schemas.ts';
import { seerrWords } from '../../../src/services/jellyseerr/words.ts';
import { connectionTo, Refusal, startRoutes } from '../loopback-server.ts';

const forbidden = new Refusal(403, { status: 403, error: 'You do not have permission to access this endpoint' });
const requestOf = (more: object) => ({ id: 7, status: 2, type: 'tv', is4k: false, media: { tmdbId: 5 }, ...more });
const season = (seasonNumber: number, status: number, status4k = 1) => ({ seasonNumber, status, status4k });
const listed = (...counts: number[]) => counts.map((episodeCount, seasonNumber) => ({ seasonNumber, episodeCount }));

describe('seerr', () => {
  it('checks the public status, the key and the requests', async () => {
    await using server = await startRoutes({
      'GET /api/v1/status': () => ({ version: '3.1.0', commitTag: 'v3.1.0', restartRequired: false }),
      'GET /api/v1/auth/me': ({ headers }) =>
        headers['x-api-key'] === 'the-secret'
          ? { id: 1, permissions: 2 }
          : new Refusal(403, { error: 'no permission' }),
      'GET /api/v1/request/count': () => ({ total: 1, pending: 0, movie: 1, tv: 0 }),
    });
    const check = await openSeerr(connectionTo(server.url)).check();
    expect(check).toEqual({ version: '3.1.0', holds: '1 request, 0 waiting for approval' });
    // Seerr answers a wrong key with 403, which elsewhere means that the user may not.
    const wrong = openSeerr(connectionTo(server.url, { secret: 'another' })).check();
    await expect(wrong).rejects.toMatchObject({ failure: 'unauthorized', status: 403 });
  });

  it('acts as the chosen user, and tells a user who is gone from a wrong key', async () => {
    await using server = await startRoutes({
      'GET /api/v1/auth/me': ({ headers }) =>
        headers['x-api-key'] !== 'the-secret' || headers['x-api-user'] === '9'
          ? forbidden
          : { id: Number(headers['x-api-user'] ?? 1) },
    });
    const as = (user: string | null, secret = 'the-secret') =>
      openSeerr(connectionTo(server.url, { secret, actor: { user, isOwner: true } })).myId();
    expect(await as(null)).toBe(1);
    expect(await as('2')).toBe(2);
    // What is no number of a user is not sent: a header must not be made of anything.
    expect(await as('2\r\nx: y')).toBe(1);
    await expect(as('9')).rejects.toMatchObject({ failure: 'rejected', explained: seerrWords.userIsGone });
    await expect(as('9', 'wrong')).rejects.toMatchObject({ failure: 'unauthorized' });
  });

  it('asks with every mark encoded, and leaves out people and what it cannot read', async () => {
    await using server = await startRoutes({
      'GET /api/v1/search': () => ({
        results: [
          { mediaType: 'person', id: 1, name: 'Somebody' },
          { mediaType: 'movie', id: 'a name', title: 'Broken' },
          { mediaType: 'movie', id: 3, title: 'Whole', releaseDate: '', posterPath: '/../../x?y', voteAverage: 0 },
          { mediaType: 'tv', id: 4, name: 'Series', mediaInfo: { id: 1, status: 4, seasons: null } },
        ],
      }),
    });
    const found = await openSeerr(connectionTo(server.url)).search("Who's (there)*! & +");
    expect(server.seen[0]?.url).toBe('/api/v1/search?query=Who%27s%20%28there%29%2A%21%20%26%20%2B');
    expect(found).toMatchObject([
      { kind: 'movie', tmdbId: 3, year: null, posterUrl: null, rating: null, status: { state: 'absent' } },
      { kind: 'series', tmdbId: 4, status: { state: 'partial', have: 0, of: 0 } },
    ]);
  });

  it('knows the seasons that are there or asked for, in each edition for itself', async () => {
    await using server = await startRoutes({
      'GET /api/v1/tv/5': () => ({
        id: 5,
        name: 'Series',
        seasons: listed(3, 10, 10, 10, 10, 10, 0),
        mediaInfo: {
          id: 1,
          status: 4,
          status4k: 2,
          seasons: [season(1, 5), season(2, 3), season(3, 7, 1), season(4, 6)],
          requests: [
            requestOf({ status: 2, seasons: [{ seasonNumber: 2 }] }),
            requestOf({ status: 1, is4k: true, seasons: [{ seasonNumber: 1 }] }),
            requestOf({ status: 4, seasons: [{ seasonNumber: 4 }] }),
            requestOf({ status: 3, seasons: [{ seasonNumber: 5 }] }),
          ],
        },
      }),
    });
    const title = await openSeerr(connectionTo(server.url)).find({ kind: 'series', tmdbId: 5 });
    if (title === null) throw new Error('the series is there');
    const open = (is4k: boolean) =>
      inEdition(title, is4k)
        .seasons.filter(({ monitored }) => !monitored)
        .map((one) => one.seasonNumber);
    // Removed from the library (7) and declined may be asked for again; failed may not; what has no episode is not listed.
    expect(open(false)).toEqual([0, 3, 5]);
    expect(open(true)).toEqual([0, 2, 3, 4, 5]);
    expect(title.status).toEqual({ state: 'partial', have: 10, of: 50 });
    expect(title.in4k.status).toEqual({ state: 'requested' });
  });

  it('tells made, nothing left, duplicate and each refusal apart', async () => {
    let answer: unknown;
    await using server = await startRoutes({ 'POST /api/v1/request': () => answer });
    const ask = () =>
      openSeerr(connectionTo(server.url)).request({ kind: 'series', tmdbId: 5, seasons: [1, 2], is4k: false });
    answer = new Refusal(201, requestOf({ seasons: [{ seasonNumber: 2 }] }));
    expect(await ask()).toMatchObject({ id: 7, state: 'approved', seasons: [2] });
    answer = new Refusal(201, requestOf({ status: 1 }));
    expect(await ask()).toMatchObject({ state: 'waiting_for_approval', seasons: [1, 2] });
    answer = new Refusal(202, { message: 'No seasons available to request' });
    expect(await ask()).toBeNull();
    answer = new Refusal(409, { message: 'Request for this media already exists.' });
    await expect(ask()).rejects.toMatchObject({ failure: 'conflict' });
    answer = new Refusal(403, { message: 'Series Quota exceeded.' });
    await expect(ask()).rejects.toMatchObject({ failure: 'forbidden', detail: 'Series Quota exceeded.' });
    answer = new Refusal(403, { message: 'invalid csrf the-secret', errors: [] });
    await expect(ask()).rejects.toMatchObject({ failure: 'forbidden', detail: 'invalid csrf …' });
    answer = new Refusal(201, { id: 'x' });
    await expect(ask()).rejects.toMatchObject({ failure: 'unexpected_reply' });
    expect(server.seen[0]?.body).toBe('{"mediaType":"tv","mediaId":5,"is4k":false,"seasons":[1,2]}');
  });

  it('removes a request, and tells why an approved one stays', async () => {
    let answer: unknown = new Refusal(401, { message: 'You do not have permission to delete this request.' });
    await using server = await startRoutes({ 'DELETE /api/v1/request/7': () => answer });
    const remove = () => openSeerr(connectionTo(server.url)).removeRequest(7);
    await expect(remove()).rejects.toMatchObject({ failure: 'forbidden', explained: seerrWords.approvedStays });
    answer = { a: 'proxy' };
    await expect(remove()).rejects.toMatchObject({ failure: 'not_json' });
  });
});

describe('the progress of a request', () => {
  const item = (more: object) => ({ size: 100, sizeLeft: 25, status: 'downloading', timeLeft: '00:10:00', ...more });
  const episode = (seasonNumber: number) => ({ episode: { seasonNumber, episodeNumber: 1 } });

  /** The progress of season 2 of a series, by the state of the request, of the season, and what downloads. */
  async function progress(status: number, seasonTwo: number, downloadStatus: object[] = [], is4k = false) {
    const downloads = is4k ? { downloadStatus4k: downloadStatus } : { downloadStatus };
    const seasons = [season(1, 5), is4k ? season(2, 1, seasonTwo) : season(2, seasonTwo)];
    const media = { tmdbId: 5, id: 1, status: 4, status4k: 3, seasons, ...downloads };
    await using server = await startRoutes({
      'GET /api/v1/request/7': () => requestOf({ status, is4k, seasons: [{ seasonNumber: 2 }], media }),
    });
    return await openSeerr(connectionTo(server.url)).progress({ id: 7 });
  }

  it.each([
    ['waits', 1, 1, [], { state: 'waiting_for_approval', percent: 0 }],
    ['is declined', 3, 1, [], { state: 'declined' }],
    ['failed', 4, 3, [], { state: 'failed' }],
    ['is searched for', 2, 3, [], { state: 'searching', percent: 0, secondsLeft: null }],
    ['is searched for while another season downloads', 2, 3, [item(episode(1))], { state: 'searching' }],
    ['downloads', 2, 3, [item(episode(2)), item({})], { state: 'downloading', percent: 75, secondsLeft: 600 }],
    [
      'downloads, the longest last',
      2,
      3,
      [item(episode(2)), item({ timeLeft: '1.00:00:01' }), item({ status: 'warning' })],
      { state: 'downloading', secondsLeft: 86_401 },
    ],
    ['has no size yet', 2, 3, [item({ size: 0, sizeLeft: null, timeLeft: null })], { percent: 0, secondsLeft: null }],
    ['is stuck', 2, 3, [item({ status: 'warning' }), item({ status: 'failed' })], { state: 'stuck' }],
    ['is paused', 2, 3, [item({ status: 'paused' }), item({ status: 'failed' })], { state: 'paused', queued: 2 }],
    ['is imported', 2, 3, [item({ status: 'completed', sizeLeft: 0 })], { state: 'importing', percent: 100 }],
    ['is there', 2, 5, [], { state: 'available', percent: 100 }],
    ['is complete', 5, 3, [], { state: 'available', percent: 100 }],
  ])('that %s', async (_, status, seasonTwo, downloads, expected) => {
    expect(await progress(status, seasonTwo, downloads)).toMatchObject(expected);
    expect(await progress(status, seasonTwo, downloads, true)).toMatchObject(expected);
  });

  it('is none when the request is gone', async () => {
    await using server = await startRoutes({});
    expect(await openSeerr(connectionTo(server.url)).progress({ id: 7 })).toBeNull();
  });
});
