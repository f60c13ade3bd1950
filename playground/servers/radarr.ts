import { randomBytes } from 'node:crypto';
import { isObject } from '../json.ts';
import {
  type ArrState,
  answerShared,
  beginDownload,
  dayFromNow,
  downloadOn,
  firstArrState,
  hashOf,
  historyPage,
  isAsked,
  matches,
  notFound,
  passedOn,
  refused,
  removeTitle,
  unauthorized,
} from './arr.ts';
import { type Film, films } from './films.ts';
import { type Answer, type Call, html, type PlaygroundServer, serve } from './http-server.ts';

export type LibraryFilm = {
  id: number;
  tmdbId: number;
  monitored: boolean;
  hasFile: boolean;
  qualityProfileId: number;
  rootFolderPath: string;
  minimumAvailability: string;
};
/** By TMDB id, when a film comes out: days as midnight UTC. */
type Releases = Record<number, { inCinemas?: string; digitalRelease?: string; physicalRelease?: string }>;
export type RadarrState = ArrState & { library: LibraryFilm[]; catalogue: Film[]; releases: Releases };
export type PlaygroundRadarr = PlaygroundServer & {
  apiKey: string;
  state: RadarrState;
  /** Moves the clock: downloads go on by `percent`, what is whole is imported, what is searched begins. */
  tick(percent: number): void;
  /** Adds a film as Seerr does, and searches for it. */
  want(tmdbId: number): void;
  /** What is downloading of a film, as Seerr passes it on. */
  downloadsOf(tmdbId: number): object[];
};

const gigabyte = 1_000_000_000;

/** A Radarr with some films, one of them downloading at 43 %. */
export async function startRadarr(
  options: { apiKey?: string; urlBase?: string; port?: number } = {},
): Promise<PlaygroundRadarr> {
  const apiKey = options.apiKey ?? randomBytes(16).toString('hex');
  const has = (tmdbId: number, id: number, hasFile: boolean, monitored = true): LibraryFilm => ({
    id,
    tmdbId,
    monitored,
    hasFile,
    qualityProfileId: 1,
    rootFolderPath: '/films',
    minimumAvailability: 'released',
  });
  const state: RadarrState = {
    ...firstArrState('/films'),
    catalogue: [...films],
    // Of what is wanted, a disc two days from now.
    releases: { 335984: { inCinemas: '2017-10-04T00:00:00Z', physicalRelease: `${dayFromNow(2)}T00:00:00Z` } },
    library: [
      has(603, 1, true),
      has(27205, 2, true),
      has(348, 3, true),
      has(335984, 4, false),
      has(98, 5, false, false),
    ],
  };
  state.imports.push(
    { titleId: 1, date: '2026-10-02T20:00:00Z' },
    { titleId: 2, date: '2026-10-09T20:00:00Z' },
    { titleId: 3, date: '2026-10-14T20:00:00Z' },
  );
  state.downloads.push({
    id: 1,
    titleId: 4,
    title: 'Blade.Runner.2049.2017.1080p',
    size: 10 * gigabyte,
    left: 5.7 * gigabyte,
    downloadId: hashOf('Blade.Runner.2049.2017.1080p'),
  });
  const server = await serve((call) => answer(call, state, apiKey), { ...options, server: 'radarr' });
  return {
    ...server,
    apiKey,
    state,
    tick: (percent) => tick(state, percent),
    want: (tmdbId) => want(state, tmdbId),
    downloadsOf: (tmdbId) => passedOn(state, state.library.find((film) => film.tmdbId === tmdbId)?.id),
  };
}

function answer(call: Call, state: RadarrState, apiKey: string): Answer {
  if (!call.path.startsWith('/api/'))
    return { status: 200, body: '<!doctype html><title>Radarr</title>', headers: html };
  if (call.headers['x-api-key'] !== apiKey && call.query.get('apikey') !== apiKey) return unauthorized;
  const shared = answerShared(call, state, { name: 'Radarr', version: '5.27.5.10198', idName: 'movieId' });
  if (shared !== null) return shared;
  const { method, path } = call;
  if (path === '/api/v3/movie/lookup' && method === 'GET') return lookup(call, state);
  if (path === '/api/v3/movie' && method === 'GET') {
    const tmdbId = call.query.get('tmdbId');
    const rows = state.library.filter((film) => tmdbId === null || film.tmdbId === Number(tmdbId));
    return { status: 200, body: rows.flatMap((row) => resource(state, row.tmdbId)) };
  }
  if (path === '/api/v3/calendar' && method === 'GET') {
    const rows = state.library.filter((film) =>
      Object.values(state.releases[film.tmdbId] ?? {}).some((at) => isAsked(call, film.monitored, at)),
    );
    return { status: 200, body: rows.flatMap((row) => resource(state, row.tmdbId)) };
  }
  if (path === '/api/v3/movie' && method === 'POST') return add(call, state);
  if (path === '/api/v3/history' && method === 'GET')
    return historyPage(call, state, ({ titleId }) => {
      const row = state.library.find(({ id }) => id === titleId);
      const movie = row === undefined ? undefined : resource(state, row.tmdbId)[0];
      return { movieId: titleId, ...(call.query.get('includeMovie') === 'true' ? { movie } : {}) };
    });
  const id = Number(/^\/api\/v3\/movie\/(\d+)$/.exec(path)?.[1]);
  const film = state.library.find((row) => row.id === id);
  if (film === undefined) return notFound;
  if (method === 'DELETE') return removeTitle(call, state, film, `tmdb:${film.tmdbId}`, 'addImportExclusion');
  if (method === 'PUT' && isObject(call.body)) film.monitored = call.body.monitored === true;
  return { status: method === 'PUT' ? 202 : 200, body: resource(state, film.tmdbId)[0] };
}

function want(state: RadarrState, tmdbId: number): void {
  const id = Math.max(0, ...state.library.map((entry) => entry.id)) + 1;
  const places = { qualityProfileId: 1, rootFolderPath: '/films', minimumAvailability: 'released' };
  const row = state.library.find((entry) => entry.tmdbId === tmdbId);
  if (row === undefined) state.library.push({ id, tmdbId, monitored: true, hasFile: false, ...places });
  else row.monitored = true;
  state.commands.push({ name: 'MoviesSearch', movieIds: [row?.id ?? id] });
}

function lookup(call: Call, state: RadarrState): Answer {
  const term = call.query.get('term') ?? '';
  const id = /^tmdb:(\d+)$/.exec(term)?.[1];
  const found =
    id === undefined ? matches(state.catalogue, term) : state.catalogue.filter((film) => film.tmdbId === Number(id));
  return { status: 200, body: found.flatMap((film) => resource(state, film.tmdbId)) };
}

function add(call: Call, state: RadarrState): Answer {
  const body = isObject(call.body) ? call.body : {};
  const film = state.catalogue.find((candidate) => candidate.tmdbId === body.tmdbId);
  if (film === undefined) return refused('TmdbId', 'A movie with this ID was not found', 'MovieNotFound', body.tmdbId);
  if (state.library.some((row) => row.tmdbId === film.tmdbId))
    return refused('TmdbId', 'This movie has already been added', 'MovieExistsValidator', film.tmdbId);
  if (!state.qualityProfiles.some((profile) => profile.id === body.qualityProfileId))
    return refused(
      'QualityProfileId',
      'Quality Profile does not exist',
      'QualityProfileExistsValidator',
      body.qualityProfileId,
    );
  if (!state.rootFolders.some((folder) => folder.path === body.rootFolderPath))
    return refused('RootFolderPath', 'Root folder path is invalid', 'RootFolderExistsValidator', body.rootFolderPath);
  const row: LibraryFilm = {
    id: Math.max(0, ...state.library.map((entry) => entry.id)) + 1,
    tmdbId: film.tmdbId,
    monitored: body.monitored === true,
    hasFile: false,
    qualityProfileId: Number(body.qualityProfileId),
    rootFolderPath: String(body.rootFolderPath),
    minimumAvailability: String(body.minimumAvailability ?? 'announced'),
  };
  state.library.push(row);
  if (isObject(body.addOptions) && body.addOptions.searchForMovie === true)
    state.commands.push({ name: 'MoviesSearch', movieIds: [row.id] });
  return { status: 201, body: resource(state, film.tmdbId)[0] };
}

function resource(state: RadarrState, tmdbId: number): object[] {
  const film = state.catalogue.find((candidate) => candidate.tmdbId === tmdbId);
  if (film === undefined) return [];
  const row = state.library.find((entry) => entry.tmdbId === tmdbId);
  const poster = {
    coverType: 'poster',
    url: `/MediaCover/${row?.id ?? 0}/poster.jpg`,
    remoteUrl: `https://image.tmdb.org/t/p/original/playground-${tmdbId}.jpg`,
  };
  return [
    {
      title: film.title,
      sortTitle: film.title.toLowerCase(),
      status: 'released',
      overview: film.overview,
      images: [poster],
      year: film.year,
      hasFile: false,
      sizeOnDisk: row?.hasFile ? 8 * gigabyte : 0,
      monitored: false,
      minimumAvailability: 'released',
      runtime: film.runtime,
      tmdbId,
      titleSlug: String(tmdbId),
      genres: film.genres,
      ratings: { tmdb: { votes: 1000, value: film.rating, type: 'user' } },
      ...state.releases[tmdbId],
      ...row,
      id: row?.id ?? 0,
    },
  ];
}

function tick(state: RadarrState, percent: number): void {
  for (const done of downloadOn(state, percent)) {
    const film = state.library.find((row) => row.id === done.titleId);
    if (film === undefined) continue;
    film.hasFile = true;
    state.imports.push({ titleId: film.id, date: new Date().toISOString() });
  }
  for (const command of state.commands.splice(0)) {
    for (const id of Array.isArray(command.movieIds) ? command.movieIds : []) {
      const film = state.library.find((row) => row.id === id && !row.hasFile);
      if (film === undefined) continue;
      const title = state.catalogue.find((entry) => entry.tmdbId === film.tmdbId)?.title ?? 'Film';
      beginDownload(state, { titleId: film.id, title: `${title.replaceAll(' ', '.')}.1080p`, size: 8 * gigabyte });
    }
  }
}
