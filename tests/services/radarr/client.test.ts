import { describe, expect, it } from 'vitest';
import { openRadarr } from '../../../src/services/radarr/client.ts';
import { radarrWords } from '../../../src/services/radarr/words.ts';
import { connectionTo, Refusal, startRoutes } from '../loopback-server.ts';

/** MovieResource as Radarr 5 sends it, shortened. */
const dune = {
  title: 'Dune: Part Two',
  originalLanguage: { id: 1, name: 'English' },
  sortTitle: 'dune part two',
  status: 'released',
  overview: 'Follow the mythic journey of Paul Atreides.',
  images: [
    { coverType: 'fanart', url: '/MediaCoverProxy/b/f.jpg', remoteUrl: 'https://image.tmdb.org/t/p/original/f.jpg' },
    { coverType: 'poster', url: '/MediaCoverProxy/a/p.jpg', remoteUrl: 'https://image.tmdb.org/t/p/original/p.jpg' },
  ],
  year: 2024,
  runtime: 167,
  genres: ['Science Fiction', 'Adventure'],
  ratings: {
    imdb: { votes: 1, value: 8.5, type: 'user' },
    tmdb: { votes: 2, value: 8.2, type: 'user' },
    trakt: { votes: 3, value: 8 },
  },
  tmdbId: 693134,
  titleSlug: '693134',
  folder: 'Dune Part Two (2024)',
  monitored: false,
  hasFile: false,
  minimumAvailability: 'announced',
  newInALaterVersion: { kept: true },
};
const owned = {
  ...dune,
  id: 7,
  monitored: true,
  minimumAvailability: 'released',
  path: '/movies/Dune Part Two (2024)',
};
const emptyQueue = () => ({ page: 1, pageSize: 200, totalRecords: 0, records: [] });

describe('radarr', () => {
  it('looks up films, and an id of 0 is not in the library', async () => {
    await using server = await startRoutes({
      'GET /api/v3/movie/lookup': () => [
        { ...dune, id: 0 },
        { ...owned, movieFileId: 12 },
        { tmdbId: 5, title: null, year: 0, overview: null, images: null, genres: null, ratings: null, runtime: 0 },
      ],
    });
    const [absent, there, bare] = await openRadarr(connectionTo(server.url)).lookup('dune & co');
    expect(server.seen[0]?.url).toBe('/api/v3/movie/lookup?term=dune%20%26%20co');
    expect(server.seen[0]?.headers['x-api-key']).toBe('the-secret');
    expect(absent).toEqual({
      kind: 'movie',
      tmdbId: 693134,
      title: 'Dune: Part Two',
      year: 2024,
      overview: 'Follow the mythic journey of Paul Atreides.',
      posterUrl: 'https://image.tmdb.org/t/p/original/p.jpg',
      runtimeMinutes: 167,
      genres: ['Science Fiction', 'Adventure'],
      rating: 8.2,
      libraryId: null,
      minimumAvailability: 'announced',
      status: { state: 'absent' },
    });
    expect(there).toMatchObject({ libraryId: 7, status: { state: 'available' }, minimumAvailability: 'released' });
    expect(bare).toMatchObject({
      title: 'Untitled',
      year: null,
      overview: null,
      posterUrl: null,
      rating: null,
      genres: [],
    });
  });

  it('shows a poster only by a public https address', async () => {
    const images = [
      'http://image.tmdb.org/p.jpg',
      '/MediaCover/7/poster.jpg?apikey=x',
      'https://a:b@tmdb.org/p.jpg',
      null,
    ];
    await using server = await startRoutes({
      'GET /api/v3/movie/lookup': () =>
        images.map((remoteUrl) => ({ ...dune, images: [{ coverType: 'poster', remoteUrl }] })),
    });
    const films = await openRadarr(connectionTo(server.url)).lookup('dune');
    expect(films.map((film) => film.posterUrl)).toEqual([null, null, null, null]);
  });

  it('finds a film of the library with what its downloads have come to, without a look-up', async () => {
    let film = { ...owned };
    const record = { movieId: 7, title: 'Dune.2024', size: 1000, sizeleft: 250, status: 'downloading' };
    await using server = await startRoutes({
      'GET /api/v3/movie': (_, query) => (query.get('tmdbId') === '693134' ? [film] : []),
      'GET /api/v3/queue': () => ({ totalRecords: 2, records: [record, { ...record, movieId: 8, sizeleft: 0 }] }),
    });
    const radarr = openRadarr(connectionTo(server.url));
    expect((await radarr.find(693134))?.status).toEqual({ state: 'downloading', percent: 75 });
    film = { ...owned, id: 9 };
    expect((await radarr.find(693134))?.status).toEqual({ state: 'monitored' });
    film = { ...owned, id: 9, monitored: false };
    expect((await radarr.find(693134))?.status).toEqual({ state: 'unmonitored' });
    film = { ...owned, hasFile: true };
    expect((await radarr.find(693134))?.status).toEqual({ state: 'available' });
  });

  it('finds a film that is not there by its id alone, and nothing when there is none such', async () => {
    await using server = await startRoutes({
      'GET /api/v3/movie': () => [],
      'GET /api/v3/movie/lookup': (_, query) => (query.get('term') === 'tmdb:693134' ? [dune] : []),
    });
    const radarr = openRadarr(connectionTo(server.url));
    expect(await radarr.find(693134)).toMatchObject({ tmdbId: 693134, status: { state: 'absent' } });
    expect(await radarr.find(1)).toBeNull();
  });

  it('adds the looked-up film as it came, with the choices', async () => {
    await using server = await startRoutes({
      'GET /api/v3/movie/lookup': () => [dune],
      'POST /api/v3/movie': ({ body }) => ({ ...JSON.parse(body), id: 31 }),
    });
    const choices = { qualityProfileId: 4, rootFolderPath: '/movies', minimumAvailability: 'inCinemas' as const };
    const added = await openRadarr(connectionTo(server.url)).add({ tmdbId: 693134, ...choices });
    expect(added).toMatchObject({ libraryId: 31, status: { state: 'monitored' } });
    expect(server.seen[0]?.url).toBe('/api/v3/movie/lookup?term=tmdb%3A693134');
    expect(JSON.parse(server.seen[1]?.body ?? '')).toEqual({
      ...dune,
      ...choices,
      monitored: true,
      addOptions: { searchForMovie: true },
    });
  });

  it('says that a film is there already, was refused, or is unknown; and posts once', async () => {
    let refusal = {
      propertyName: 'TmdbId',
      errorMessage: 'This movie has already been added',
      errorCode: 'MovieExistsValidator',
    };
    await using server = await startRoutes({
      'GET /api/v3/movie/lookup': (_, query) => (query.get('term') === 'tmdb:693134' ? [dune] : []),
      'POST /api/v3/movie': () => new Refusal(400, [refusal]),
    });
    const radarr = openRadarr(connectionTo(server.url));
    const choices = { qualityProfileId: 4, rootFolderPath: '/movies', minimumAvailability: 'released' as const };
    const add = (tmdbId: number) => radarr.add({ tmdbId, ...choices });
    await expect(add(693134)).rejects.toMatchObject({ failure: 'conflict', sent: 'answered' });
    refusal = { propertyName: 'RootFolderPath', errorMessage: 'Invalid Path', errorCode: 'PathValidator' };
    await expect(add(693134)).rejects.toMatchObject({ failure: 'rejected', detail: 'Invalid Path' });
    await expect(add(1)).rejects.toMatchObject({ failure: 'rejected', explained: radarrWords.noSuchTitle });
    expect(server.seen.filter(({ method }) => method === 'POST')).toHaveLength(2);
  });

  it('monitors by sending the whole film back, and searches by command', async () => {
    await using server = await startRoutes({
      'GET /api/v3/movie/7': () => ({ ...owned, monitored: false }),
      'PUT /api/v3/movie/7': ({ body }) => JSON.parse(body),
      'POST /api/v3/command': () => ({ id: 1 }),
    });
    const radarr = openRadarr(connectionTo(server.url));
    await radarr.monitor(7);
    await radarr.search(7);
    expect(JSON.parse(server.seen[1]?.body ?? '')).toEqual({ ...owned, monitored: true });
    expect(JSON.parse(server.seen[2]?.body ?? '')).toEqual({ name: 'MoviesSearch', movieIds: [7] });
  });

  it('lists profiles and folders', async () => {
    await using server = await startRoutes({
      'GET /api/v3/qualityprofile': () => [
        { id: 4, name: 'HD', items: [] },
        { id: 5, name: null },
      ],
      'GET /api/v3/rootfolder': () => [
        { id: 1, path: '/movies', freeSpace: 5e12 },
        { path: '/old', freeSpace: null },
        { path: null },
      ],
    });
    const radarr = openRadarr(connectionTo(server.url));
    expect(await radarr.qualityProfiles()).toEqual([
      { id: 4, name: 'HD' },
      { id: 5, name: 'Profile 5' },
    ]);
    expect(await radarr.rootFolders()).toEqual([
      { path: '/movies', freeBytes: 5e12 },
      { path: '/old', freeBytes: null },
    ]);
  });

  it('reads the whole queue, page by page, and what each download is at', async () => {
    const base = { movieId: 1, title: 'A', size: 1000, sizeleft: 400, timeleft: '1.02:03:04', status: 'downloading' };
    const rows = [
      { ...base, id: 7 },
      { ...base, status: 'paused', timeleft: null },
      { ...base, status: 'completed', trackedDownloadState: 'importPending', sizeleft: 0, timeleft: '00:00:00' },
      {
        ...base,
        status: 'completed',
        trackedDownloadStatus: 'warning',
        statusMessages: [{ messages: ['Not an *upgrade*'] }],
      },
      { ...base, status: 'warning', errorMessage: 'No space left' },
      { ...base, status: 'delay', size: 0, sizeleft: 0, movieId: null, title: null },
      ...new Array<typeof base>(294).fill(base),
    ];
    await using server = await startRoutes({
      'GET /api/v3/queue': (_, query) => {
        const [page, pageSize] = [Number(query.get('page')), Number(query.get('pageSize'))];
        return {
          page,
          pageSize,
          totalRecords: rows.length,
          records: rows.slice((page - 1) * pageSize, page * pageSize),
        };
      },
    });
    const queue = await openRadarr(connectionTo(server.url)).queue();
    expect(queue).toHaveLength(300);
    expect(server.seen).toHaveLength(2);
    expect(queue[0]).toEqual({
      queueId: 7,
      title: 'A',
      libraryId: 1,
      seasonNumber: null,
      episodeNumber: null,
      percent: 60,
      sizeBytes: 1000,
      remainingBytes: 400,
      secondsLeft: 93784,
      state: 'downloading',
      reason: null,
      downloadId: null,
    });
    expect(
      queue.slice(1, 6).map(({ state, reason, percent, secondsLeft }) => [state, reason, percent, secondsLeft]),
    ).toEqual([
      ['paused', null, 60, null],
      ['importing', null, 100, 0],
      ['stuck', 'Not an upgrade', 60, 93784],
      ['stuck', 'No space left', 60, 93784],
      ['queued', null, 0, 93784],
    ]);
  });

  it('checks that it is a Radarr, that the key is right, and counts', async () => {
    let appName = 'Radarr';
    let films: unknown[] = [owned];
    await using server = await startRoutes({
      'GET /api/v3/system/status': () => ({ appName, version: '5.27.5.10198', startupPath: '/app' }),
      'GET /api/v3/movie': () => films,
      'GET /api/v3/queue': () => ({ ...emptyQueue(), totalRecords: 3 }),
    });
    const radarr = openRadarr(connectionTo(server.url));
    expect(await radarr.check()).toEqual({ version: '5.27.5.10198', holds: '1 film, 3 in the queue' });
    films = [owned, dune];
    expect((await radarr.check()).holds).toBe('2 films, 3 in the queue');
    films = new Array<unknown>(200).fill(owned);
    expect((await radarr.check()).holds).toBe('more films than can be counted, 3 in the queue');
    appName = 'Sonarr';
    await expect(radarr.check()).rejects.toMatchObject({ failure: 'wrong_service', detail: 'Sonarr' });
  });
});
