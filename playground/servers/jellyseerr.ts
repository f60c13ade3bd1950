import { randomBytes } from 'node:crypto';
import { isRecord, matches } from './arr.ts';
import { films } from './films.ts';
import { type Answer, type Call, html, type PlaygroundServer, serve } from './http-server.ts';
import {
  filmPayload,
  findFilm,
  findShow,
  firstSeerrState,
  owner,
  requestPayload,
  requestStatus,
  type SeerrRequestRow,
  type SeerrState,
  showPayload,
  takenSeasons,
} from './jellyseerr-media.ts';
import { shows } from './shows.ts';

export type PlaygroundJellyseerr = PlaygroundServer & { apiKey: string; state: SeerrState };

type Options = {
  apiKey?: string;
  urlBase?: string;
  port?: number;
  /** Called with each request that is approved: Seerr passes it on to Radarr or Sonarr. */
  onApproved?: (request: SeerrRequestRow) => void;
};
type Program = { state: SeerrState; apiKey: string; onApproved: (request: SeerrRequestRow) => void };

/** A Seerr with some requests. */
export async function startJellyseerr(options: Options = {}): Promise<PlaygroundJellyseerr> {
  const apiKey = options.apiKey ?? randomBytes(16).toString('base64');
  const program = { state: firstSeerrState(), apiKey, onApproved: options.onApproved ?? (() => undefined) };
  const server = await serve((call) => answer(call, program), { ...options, server: 'jellyseerr' });
  return { ...server, apiKey, state: program.state };
}

const noPermission = (status: number): Answer => ({
  status,
  body: { status, error: 'You do not have permission to access this endpoint' },
});
const notFound: Answer = { status: 404, body: { status: 404, message: 'Not found.' } };

function answer(call: Call, program: Program): Answer {
  const { state } = program;
  if (!call.path.startsWith('/api/v1/'))
    return { status: 200, body: '<!doctype html><title>Seerr</title>', headers: html };
  const path = call.path.slice('/api/v1'.length);
  if (path === '/status') {
    const body = { version: '3.1.0', commitTag: 'v3.1.0', updateAvailable: false, commitsBehind: 0 };
    return { status: 200, body: { ...body, restartRequired: false } };
  }
  const key = call.headers['x-api-key'];
  if (key === undefined) return noPermission(401);
  if (key !== program.apiKey) return noPermission(403);
  const [, collection = '', id = ''] = /^\/(movie|tv|request)\/(\d+)$/.exec(path) ?? [];
  switch (`${call.method} ${collection === '' ? path : `/${collection}/`}`) {
    case 'GET /auth/me':
      return { status: 200, body: owner };
    case 'GET /settings/public':
      return { status: 200, body: { initialized: true, ...flagsOf(state) } };
    case 'GET /request/count':
      return { status: 200, body: countsOf(state) };
    case 'GET /search':
      return search(call, state);
    case 'GET /movie/': {
      const film = findFilm(Number(id));
      return film === undefined ? notFound : { status: 200, body: filmPayload(state, film, true) };
    }
    case 'GET /tv/': {
      const show = findShow(Number(id));
      return show === undefined ? notFound : { status: 200, body: showPayload(state, show, true) };
    }
    case 'GET /request':
      return list(call, state);
    case 'POST /request':
      return request(call, program);
    case 'GET /request/': {
      const row = state.requests.find((one) => one.id === Number(id));
      return row === undefined ? notFound : { status: 200, body: requestPayload(state, row) };
    }
    case 'DELETE /request/': {
      if (!state.requests.some((one) => one.id === Number(id))) return notFound;
      state.requests = state.requests.filter((one) => one.id !== Number(id));
      return { status: 204 };
    }
    default:
      return notFound;
  }
}

function flagsOf({ movie4kEnabled, series4kEnabled }: SeerrState) {
  return { movie4kEnabled, series4kEnabled };
}

function countsOf({ requests, available }: SeerrState) {
  const count = (wanted: (row: SeerrRequestRow) => boolean) => requests.filter(wanted).length;
  return {
    total: requests.length,
    movie: count(({ type }) => type === 'movie'),
    tv: count(({ type }) => type === 'tv'),
    pending: count(({ status }) => status === requestStatus.pending),
    approved: count(({ status }) => status === requestStatus.approved),
    declined: 0,
    processing: count(({ status }) => status === requestStatus.approved),
    available: available.size,
    completed: 0,
  };
}

function search(call: Call, state: SeerrState): Answer {
  const query = call.query.get('query') ?? '';
  const results = [
    ...matches(films, query).map((film) => filmPayload(state, film, false)),
    ...matches(shows, query).map((show) => showPayload(state, show, false)),
  ];
  return { status: 200, body: { page: 1, totalPages: 1, totalResults: results.length, results } };
}

function list(call: Call, state: SeerrState): Answer {
  const requestedBy = call.query.get('requestedBy');
  const rows = state.requests.filter((row) => requestedBy === null || row.requestedBy === Number(requestedBy));
  const take = Number(call.query.get('take') ?? 10);
  const results = rows
    .toReversed()
    .slice(0, take)
    .map((row) => requestPayload(state, row));
  const pageInfo = { pages: 1, pageSize: take, results: rows.length, page: 1 };
  return { status: 200, body: { pageInfo, results } };
}

/** 201 made, 202 nothing left to ask for, 403 not allowed, 409 a duplicate, which only a stated `is4k` makes one. */
function request(call: Call, { state, onApproved }: Program): Answer {
  const body = isRecord(call.body) ? call.body : {};
  if (state.refuses !== null) return { status: 403, body: { message: state.refuses } };
  const type = body.mediaType === 'tv' ? 'tv' : 'movie';
  const tmdbId = Number(body.mediaId);
  const is4k = body.is4k === true;
  const show = type === 'tv' ? findShow(tmdbId) : undefined;
  if (show === undefined && findFilm(tmdbId) === undefined)
    return { status: 500, body: { message: 'Unable to retrieve the title.' } };
  const there = state.requests.some((row) => row.type === 'movie' && row.tmdbId === tmdbId && row.is4k === is4k);
  if (type === 'movie' && there && body.is4k !== undefined)
    return { status: 409, body: { message: 'Request for this media already exists.' } };
  const all = show?.episodes.flatMap((count, number) => (count > 0 && number > 0 ? number : [])) ?? [];
  const wanted = body.seasons === 'all' ? all : Array.isArray(body.seasons) ? body.seasons.map(Number) : [];
  const taken = takenSeasons(state, tmdbId, is4k);
  const seasons = wanted.filter((number) => !taken.has(number));
  if (type === 'tv' && seasons.length === 0)
    return { status: 202, body: { message: 'No seasons available to request' } };
  const status = state.autoApprove ? requestStatus.approved : requestStatus.pending;
  const id = Math.max(0, ...state.requests.map((row) => row.id)) + 1;
  const row: SeerrRequestRow = { id, type, tmdbId, seasons, is4k, status, requestedBy: owner.id };
  state.requests.push(row);
  if (status === requestStatus.approved) onApproved(row);
  return { status: 201, body: requestPayload(state, row) };
}
