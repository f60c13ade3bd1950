import { randomBytes } from 'node:crypto';
import { isObject } from '../json.ts';
import {
  type ArrState,
  answerShared,
  beginDownload,
  dayFromNow,
  downloadOn,
  firstArrState,
  historyPage,
  isAsked,
  matches,
  notFound,
  passedOn,
  refused,
  removeTitle,
  unauthorized,
} from './arr.ts';
import { type Answer, type Call, html, type PlaygroundServer, serve } from './http-server.ts';
import { type Show, shows } from './shows.ts';

export type LibraryShow = {
  id: number;
  tvdbId: number;
  monitored: boolean;
  monitorNewItems: string;
  qualityProfileId: number;
  rootFolderPath: string;
  /** Season number → monitored. */
  monitoredSeasons: Set<number>;
  /** Season number → episodes that are there. */
  files: Map<number, number>;
};
/** An episode that has a day on which it is broadcast. */
export type Airing = {
  seriesId: number;
  seasonNumber: number;
  episodeNumber: number;
  title: string;
  airDateUtc: string;
};
export type SonarrState = ArrState & { library: LibraryShow[]; catalogue: Show[]; airings: Airing[] };
export type PlaygroundSonarr = PlaygroundServer & {
  apiKey: string;
  state: SonarrState;
  /** Moves the clock: downloads go on by `percent`, whole ones are imported, episodes that are searched for begin. */
  tick(percent: number): void;
  /** Adds seasons as Seerr does, and searches for them. */
  want(tvdbId: number, seasons: readonly number[]): void;
  /** What is downloading of a series, as Seerr passes it on. */
  downloadsOf(tvdbId: number): object[];
};

const gigabyte = 1_000_000_000;

/** A Sonarr with one whole series, one partly there, and a catalogue with a series of 36 seasons. */
export async function startSonarr(
  options: { apiKey?: string; urlBase?: string; port?: number } = {},
): Promise<PlaygroundSonarr> {
  const apiKey = options.apiKey ?? randomBytes(16).toString('hex');
  const has = (id: number, tvdbId: number, files: [number, number][]): LibraryShow => ({
    id,
    tvdbId,
    monitored: true,
    monitorNewItems: 'all',
    qualityProfileId: 1,
    rootFolderPath: '/series',
    monitoredSeasons: new Set(files.map(([season]) => season)),
    files: new Map(files),
  });
  const state: SonarrState = {
    ...firstArrState('/series'),
    catalogue: [...shows],
    airings: [
      { seriesId: 2, seasonNumber: 3, episodeNumber: 1, title: 'No Más', airDateUtc: `${dayFromNow(1)}T20:00:00Z` },
      { seriesId: 2, seasonNumber: 2, episodeNumber: 13, title: 'ABQ', airDateUtc: `${dayFromNow(-3)}T20:00:00Z` },
    ],
    library: [
      has(1, 360893, [[1, 5]]),
      has(2, 81189, [
        [1, 7],
        [2, 13],
      ]),
    ],
  };
  state.imports.push(
    { titleId: 1, date: '2026-10-03T20:00:00Z', seasonNumber: 1, episodeNumber: 5 },
    { titleId: 2, date: '2026-10-20T20:00:00Z', seasonNumber: 2, episodeNumber: 12 },
    { titleId: 2, date: '2026-10-20T20:05:00Z', seasonNumber: 2, episodeNumber: 13 },
  );
  const server = await serve((call) => answer(call, state, apiKey), { ...options, server: 'sonarr' });
  return {
    ...server,
    apiKey,
    state,
    tick: (percent) => tick(state, percent),
    want: (tvdbId, seasons) => want(state, tvdbId, seasons),
    downloadsOf: (tvdbId) => passedOn(state, state.library.find((show) => show.tvdbId === tvdbId)?.id),
  };
}

function answer(call: Call, state: SonarrState, apiKey: string): Answer {
  if (!call.path.startsWith('/api/'))
    return { status: 200, body: '<!doctype html><title>Sonarr</title>', headers: html };
  if (call.headers['x-api-key'] !== apiKey && call.query.get('apikey') !== apiKey) return unauthorized;
  const shared = answerShared(call, state, { name: 'Sonarr', version: '4.0.15.2941', idName: 'seriesId' });
  if (shared !== null) return shared;
  const { method, path } = call;
  if (path === '/api/v3/series/lookup' && method === 'GET') {
    const term = call.query.get('term') ?? '';
    const id = /^tvdb:(\d+)$/.exec(term)?.[1];
    const found =
      id === undefined ? matches(state.catalogue, term) : state.catalogue.filter((show) => show.tvdbId === Number(id));
    return { status: 200, body: found.flatMap((show) => resource(state, show.tvdbId, false)) };
  }
  if (path === '/api/v3/series' && method === 'GET')
    return { status: 200, body: state.library.flatMap((row) => resource(state, row.tvdbId, true)) };
  if (path === '/api/v3/history' && method === 'GET') return history(call, state);
  if (path === '/api/v3/calendar' && method === 'GET') return calendar(call, state);
  if (path === '/api/v3/series' && method === 'POST') return add(call, state);
  const id = Number(/^\/api\/v3\/series\/(\d+)$/.exec(path)?.[1]);
  const row = state.library.find((entry) => entry.id === id);
  if (row === undefined) return notFound;
  if (method === 'DELETE') return removeTitle(call, state, row, `tvdb:${row.tvdbId}`, 'addImportListExclusion');
  if (method === 'PUT') change(row, call.body);
  return { status: method === 'PUT' ? 202 : 200, body: resource(state, row.tvdbId, true)[0] };
}

function calendar(call: Call, state: SonarrState): Answer {
  const asked = state.airings.flatMap((airing, index) => {
    const row = state.library.find(({ id }) => id === airing.seriesId);
    if (row === undefined || !isAsked(call, row.monitored, airing.airDateUtc)) return [];
    const hasFile = (row.files.get(airing.seasonNumber) ?? 0) >= airing.episodeNumber;
    const series = resource(state, row.tvdbId, false)[0];
    const more = call.query.get('includeSeries') === 'true' ? { series } : {};
    return [{ id: index + 1, ...airing, airDate: airing.airDateUtc.slice(0, 10), hasFile, monitored: true, ...more }];
  });
  return { status: 200, body: asked };
}

function history(call: Call, state: SonarrState): Answer {
  const includes = (name: string) => call.query.get(name) === 'true';
  return historyPage(call, state, ({ titleId, seasonNumber, episodeNumber }) => {
    const row = state.library.find(({ id }) => id === titleId);
    const series = row === undefined ? undefined : resource(state, row.tvdbId, false)[0];
    return {
      seriesId: titleId,
      ...(includes('includeSeries') ? { series } : {}),
      ...(includes('includeEpisode') ? { episode: { seasonNumber, episodeNumber } } : {}),
    };
  });
}

function want(state: SonarrState, tvdbId: number, seasons: readonly number[]): void {
  const there = state.library.find((entry) => entry.tvdbId === tvdbId);
  const row = there ?? {
    id: Math.max(0, ...state.library.map((entry) => entry.id)) + 1,
    tvdbId,
    monitored: true,
    monitorNewItems: 'all',
    qualityProfileId: 1,
    rootFolderPath: '/series',
    monitoredSeasons: new Set<number>(),
    files: new Map<number, number>(),
  };
  if (there === undefined) state.library.push(row);
  for (const seasonNumber of seasons) {
    row.monitoredSeasons.add(seasonNumber);
    state.commands.push({ name: 'SeasonSearch', seriesId: row.id, seasonNumber });
  }
}

function add(call: Call, state: SonarrState): Answer {
  const body = isObject(call.body) ? call.body : {};
  const show = state.catalogue.find((candidate) => candidate.tvdbId === body.tvdbId);
  if (show === undefined)
    return refused('TvdbId', 'A series with this ID was not found', 'SeriesNotFound', body.tvdbId);
  if (state.library.some((row) => row.tvdbId === show.tvdbId))
    return refused('TvdbId', 'This series has already been added', 'SeriesExistsValidator', show.tvdbId);
  if (!state.qualityProfiles.some((profile) => profile.id === body.qualityProfileId))
    return refused(
      'QualityProfileId',
      'Quality Profile does not exist',
      'QualityProfileExistsValidator',
      body.qualityProfileId,
    );
  if (!state.rootFolders.some((folder) => folder.path === body.rootFolderPath))
    return refused('RootFolderPath', 'Root folder path is invalid', 'RootFolderExistsValidator', body.rootFolderPath);
  const row: LibraryShow = {
    id: Math.max(0, ...state.library.map((entry) => entry.id)) + 1,
    tvdbId: show.tvdbId,
    monitored: true,
    monitorNewItems: 'all',
    qualityProfileId: Number(body.qualityProfileId),
    rootFolderPath: String(body.rootFolderPath),
    monitoredSeasons: new Set(),
    files: new Map(),
  };
  change(row, body);
  state.library.push(row);
  if (isObject(body.addOptions) && body.addOptions.searchForMissingEpisodes === true)
    state.commands.push({ name: 'MissingEpisodeSearch', seriesId: row.id });
  return { status: 201, body: resource(state, show.tvdbId, true)[0] };
}

function change(row: LibraryShow, body: unknown): void {
  if (!isObject(body)) return;
  row.monitored = body.monitored === true;
  if (typeof body.monitorNewItems === 'string') row.monitorNewItems = body.monitorNewItems;
  const seasons = Array.isArray(body.seasons) ? body.seasons.filter(isObject) : [];
  row.monitoredSeasons = new Set(
    seasons.filter((season) => season.monitored === true).map((season) => Number(season.seasonNumber)),
  );
}

/** How many episodes are there. */
function episodesOf(row: LibraryShow | undefined): number {
  return [...(row?.files.values() ?? [])].reduce((sum, count) => sum + count, 0);
}

/** SeriesResource. The look-up leaves the episode counts out, as the real one does. */
function resource(state: SonarrState, tvdbId: number, withStatistics: boolean): object[] {
  const show = state.catalogue.find((candidate) => candidate.tvdbId === tvdbId);
  if (show === undefined) return [];
  const row = state.library.find((entry) => entry.tvdbId === tvdbId);
  const seasons = show.episodes.flatMap((episodes, seasonNumber) => {
    if (episodes === 0) return [];
    const episodeFileCount = row?.files.get(seasonNumber) ?? 0;
    const statistics = {
      episodeFileCount,
      episodeCount: episodes,
      totalEpisodeCount: episodes,
      percentOfEpisodes: (episodeFileCount / episodes) * 100,
    };
    return [
      {
        seasonNumber,
        monitored: row?.monitoredSeasons.has(seasonNumber) ?? false,
        ...(withStatistics ? { statistics } : {}),
      },
    ];
  });
  return [
    {
      title: show.title,
      sortTitle: show.title.toLowerCase(),
      status: show.ended ? 'ended' : 'continuing',
      ended: show.ended,
      overview: show.overview,
      images: [
        {
          coverType: 'poster',
          url: `/MediaCover/${row?.id ?? 0}/poster.jpg`,
          remoteUrl: `https://artworks.thetvdb.com/playground-${tvdbId}.jpg`,
        },
      ],
      seasons,
      year: show.year,
      runtime: 45,
      tvdbId,
      seriesType: show.seriesType,
      genres: show.genres,
      ratings: { votes: 1000, value: show.rating },
      monitored: row?.monitored ?? false,
      ...(withStatistics ? { statistics: { sizeOnDisk: episodesOf(row) * gigabyte } } : {}),
      ...(row === undefined
        ? {}
        : {
            id: row.id,
            qualityProfileId: row.qualityProfileId,
            rootFolderPath: row.rootFolderPath,
            monitorNewItems: row.monitorNewItems,
          }),
    },
  ];
}

function tick(state: SonarrState, percent: number): void {
  for (const { titleId, seasonNumber = 0 } of downloadOn(state, percent)) {
    const row = state.library.find(({ id }) => id === titleId);
    if (row === undefined) continue;
    const episodeNumber = (row.files.get(seasonNumber) ?? 0) + 1;
    row.files.set(seasonNumber, episodeNumber);
    state.imports.push({ titleId: row.id, date: new Date().toISOString(), seasonNumber, episodeNumber });
  }
  for (const command of state.commands.splice(0)) {
    const row = state.library.find(({ id }) => id === command.seriesId);
    const show = state.catalogue.find(({ tvdbId }) => tvdbId === row?.tvdbId);
    if (row === undefined || show === undefined) continue;
    const isMeant = (season: number) =>
      row.monitoredSeasons.has(season) && (command.seasonNumber === undefined || command.seasonNumber === season);
    for (const [seasonNumber, episodes] of show.episodes.entries()) {
      if (!isMeant(seasonNumber)) continue;
      for (let episodeNumber = (row.files.get(seasonNumber) ?? 0) + 1; episodeNumber <= episodes; episodeNumber++) {
        const two = (value: number) => String(value).padStart(2, '0');
        const title = `${show.title.replaceAll(' ', '.')}.S${two(seasonNumber)}E${two(episodeNumber)}.1080p`;
        beginDownload(state, { titleId: row.id, title, size: gigabyte, seasonNumber, episodeNumber });
      }
    }
  }
}
