import { describe, expect, it } from 'vitest';
import { openSonarr } from '../../../src/services/sonarr/client.ts';
import { connectionTo, Refusal, startRoutes } from '../loopback-server.ts';

const season = (seasonNumber: number, monitored: boolean, have?: number, of?: number) => ({
  seasonNumber,
  monitored,
  ...(of === undefined
    ? {}
    : { statistics: { episodeFileCount: have, episodeCount: of, totalEpisodeCount: of, sizeOnDisk: 1 } }),
});

/** SeriesResource as Sonarr 4 sends it, shortened. */
const mushi = {
  title: 'Mushi-Shi',
  status: 'ended',
  ended: true,
  overview: 'Ginko travels.',
  images: [{ coverType: 'poster', url: '/p.jpg', remoteUrl: 'https://artworks.thetvdb.com/p.jpg' }],
  seasons: [season(2, true), season(0, false), season(1, true)],
  year: 2005,
  tvdbId: 79514,
  runtime: 25,
  seriesType: 'anime',
  genres: ['Anime'],
  ratings: { votes: 900, value: 8.1 },
  monitored: true,
  titleSlug: 'mushi-shi',
  newInALaterVersion: ['kept'],
};
const owned = {
  ...mushi,
  id: 3,
  monitorNewItems: 'none',
  seasons: [season(0, false, 0, 2), season(1, true, 26, 26), season(2, false, 0, 20)],
};
const choices = { qualityProfileId: 4, rootFolderPath: '/series' };
const emptyQueue = () => ({ totalRecords: 0, records: [] });

describe('sonarr', () => {
  it('looks up series, their seasons ascending', async () => {
    await using server = await startRoutes({
      'GET /api/v3/series/lookup': () => [mushi, { tvdbId: 2, seasons: null, title: null, ratings: null }],
    });
    const [series, bare] = await openSonarr(connectionTo(server.url)).lookup('mushi');
    expect(series).toEqual({
      kind: 'series',
      tvdbId: 79514,
      title: 'Mushi-Shi',
      year: 2005,
      overview: 'Ginko travels.',
      posterUrl: 'https://artworks.thetvdb.com/p.jpg',
      runtimeMinutes: 25,
      genres: ['Anime'],
      rating: 8.1,
      libraryId: null,
      seasons: [
        { seasonNumber: 0, monitored: false, episodeCount: 0, episodeFileCount: 0 },
        { seasonNumber: 1, monitored: true, episodeCount: 0, episodeFileCount: 0 },
        { seasonNumber: 2, monitored: true, episodeCount: 0, episodeFileCount: 0 },
      ],
      ended: true,
      status: { state: 'absent' },
    });
    expect(bare).toMatchObject({ title: 'Untitled', seasons: [], ended: false });
  });

  it('finds a series of the library: partly there, there, downloading, without counting specials', async () => {
    let series: unknown = owned;
    let records: unknown[] = [];
    await using server = await startRoutes({
      'GET /api/v3/series': (_, query) => (query.get('tvdbId') === '79514' ? [series] : []),
      'GET /api/v3/queue': () => ({ totalRecords: records.length, records }),
    });
    const status = async () => (await openSonarr(connectionTo(server.url)).find(79514))?.status;
    expect(await status()).toEqual({ state: 'partial', have: 26, of: 46 });
    series = { ...owned, seasons: [season(0, true, 0, 9), season(1, true, 26, 26)] };
    expect(await status()).toEqual({ state: 'available' });
    series = { ...owned, seasons: [season(0, true, 2, 2), season(1, true, 0, 26)] };
    expect(await status()).toEqual({ state: 'monitored' });
    series = { ...owned, monitored: false, seasons: [season(1, true, 0, 26)] };
    expect(await status()).toEqual({ state: 'unmonitored' });
    records = [
      { seriesId: 3, size: 100, sizeleft: 100, status: 'queued' },
      { seriesId: 3, size: 300, sizeleft: 100, status: 'downloading' },
    ];
    expect(await status()).toEqual({ state: 'downloading', percent: 50 });
  });

  it('finds a series that is not there by its id alone, and nothing when there is none such', async () => {
    await using server = await startRoutes({
      'GET /api/v3/series': () => [],
      'GET /api/v3/series/lookup': (_, query) => (query.get('term') === 'tvdb:79514' ? [mushi] : []),
    });
    const sonarr = openSonarr(connectionTo(server.url));
    expect(await sonarr.find(79514)).toMatchObject({ libraryId: null, status: { state: 'absent' } });
    expect(await sonarr.find(1)).toBeNull();
  });

  it.each([
    [true, 'all'],
    [false, 'none'],
  ])('adds just the chosen seasons (later ones too: %s)', async (monitorNew, monitorNewItems) => {
    await using server = await startRoutes({
      'GET /api/v3/series/lookup': () => [mushi],
      'POST /api/v3/series': ({ body }) => ({ ...JSON.parse(body), id: 9 }),
    });
    const added = await openSonarr(connectionTo(server.url)).add({
      tvdbId: 79514,
      ...choices,
      seasons: [2],
      monitorNew,
    });
    expect(added).toMatchObject({ libraryId: 9 });
    const body: unknown = JSON.parse(server.seen[1]?.body ?? '');
    expect(body).toEqual({
      ...mushi,
      ...choices,
      seasons: [season(2, true), season(0, false), season(1, false)],
      seasonFolder: true,
      monitorNewItems,
      addOptions: { searchForMissingEpisodes: true, searchForCutoffUnmetEpisodes: false },
    });
  });

  it('says that a series is there already or unknown', async () => {
    const refusal = {
      propertyName: 'TvdbId',
      errorMessage: 'This series has already been added',
      errorCode: 'SeriesExistsValidator',
    };
    await using server = await startRoutes({
      'GET /api/v3/series/lookup': (_, query) => (query.get('term') === 'tvdb:79514' ? [mushi] : []),
      'POST /api/v3/series': () => new Refusal(400, [refusal]),
    });
    const sonarr = openSonarr(connectionTo(server.url));
    const add = (tvdbId: number) => sonarr.add({ tvdbId, ...choices, seasons: [1], monitorNew: false });
    await expect(add(79514)).rejects.toMatchObject({ failure: 'conflict', detail: refusal.errorMessage });
    await expect(add(1)).rejects.toMatchObject({ failure: 'rejected' });
  });

  it('adds seasons to a series of the library: read, flags set, sent back whole, one search each', async () => {
    await using server = await startRoutes({
      'GET /api/v3/series/3': () => ({ ...owned, monitored: false }),
      'PUT /api/v3/series/3': ({ body }) => JSON.parse(body),
      'POST /api/v3/command': () => ({ id: 1 }),
    });
    const sonarr = openSonarr(connectionTo(server.url));
    const changed = await sonarr.monitorSeasons({ libraryId: 3, seasons: [2, 0, 2], monitorNew: true });
    await sonarr.searchSeasons({ libraryId: 3, seasons: [2, 0, 2] });
    expect(changed.seasons.map(({ monitored }) => monitored)).toEqual([true, true, true]);
    expect(server.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /api/v3/series/3',
      'PUT /api/v3/series/3',
      'POST /api/v3/command',
      'POST /api/v3/command',
    ]);
    expect(JSON.parse(server.seen[1]?.body ?? '')).toEqual({
      ...owned,
      monitored: true,
      monitorNewItems: 'all',
      seasons: [season(0, true, 0, 2), season(1, true, 26, 26), season(2, true, 0, 20)],
    });
    expect(server.seen.slice(2).map(({ body }) => JSON.parse(body))).toEqual([
      { name: 'SeasonSearch', seriesId: 3, seasonNumber: 2 },
      { name: 'SeasonSearch', seriesId: 3, seasonNumber: 0 },
    ]);
    await sonarr.monitorSeasons({ libraryId: 3, seasons: [], monitorNew: false });
    expect(JSON.parse(server.seen[5]?.body ?? '')).toMatchObject({ monitorNewItems: 'none' });
  });

  it('reads the queue with the episode of each download', async () => {
    await using server = await startRoutes({
      'GET /api/v3/queue': (_, query) => ({
        totalRecords: 1,
        records:
          query.get('includeEpisode') === 'true'
            ? [{ seriesId: 3, episode: { seasonNumber: 1, episodeNumber: 4 } }]
            : [],
      }),
    });
    const queue = await openSonarr(connectionTo(server.url)).queue();
    expect(queue).toMatchObject([{ libraryId: 3, seasonNumber: 1, episodeNumber: 4, title: 'Unknown', percent: 0 }]);
  });

  it('checks that it is a Sonarr and counts', async () => {
    let appName: string | null = 'Sonarr';
    await using server = await startRoutes({
      'GET /api/v3/system/status': () => ({ appName, version: null }),
      'GET /api/v3/series': () => [owned],
      'GET /api/v3/queue': emptyQueue,
    });
    const sonarr = openSonarr(connectionTo(server.url));
    expect(await sonarr.check()).toEqual({ version: 'unknown', holds: '1 series, 0 in the queue' });
    appName = 'Radarr';
    await expect(sonarr.check()).rejects.toMatchObject({ failure: 'wrong_service', detail: 'Radarr' });
    appName = null;
    await expect(sonarr.check()).rejects.toMatchObject({ failure: 'wrong_service', detail: null });
  });
});
