import { createHash, randomBytes } from 'node:crypto';
import { matches } from './arr.ts';
import { films } from './films.ts';
import { type Answer, type Call, html, type PlaygroundServer, serve } from './http-server.ts';
import {
  filmPayload,
  findFilm,
  findShow,
  firstSeerrState,
  type Library,
  owner,
  requestStatus,
  type SeerrDownloads,
  type SeerrRequestRow,
  type SeerrState,
  showPayload,
  userPayload,
} from './jellyseerr-media.ts';
import {
  type AsUser,
  decideRequest,
  listRequests,
  makeRequest,
  removeRequest,
  showRequest,
} from './jellyseerr-requests.ts';
import { shows } from './shows.ts';

export type PlaygroundJellyseerr = PlaygroundServer & {
  apiKey: string;
  state: SeerrState;
  /** What who manages requests does in Seerr itself. Throws when no such request waits. */
  decide(requestId: number, isApproved: boolean): void;
};

type Options = {
  apiKey?: string;
  urlBase?: string;
  port?: number;
  /** Called with each request that is approved: Seerr passes it on to Radarr or Sonarr. */
  onApproved?: (request: SeerrRequestRow) => void;
  /** What Radarr and Sonarr are downloading of a title. */
  downloads?: SeerrDownloads;
  /** Whether what was approved has come, which Seerr learns from Radarr or Sonarr. */
  isThere?: (request: SeerrRequestRow) => boolean;
};
type Program = {
  library: Library;
  apiKey: string;
  onApproved: (request: SeerrRequestRow) => void;
  isThere: (request: SeerrRequestRow) => boolean;
};

/** A Seerr with some requests and two users, of whom one may approve. */
export async function startJellyseerr(options: Options = {}): Promise<PlaygroundJellyseerr> {
  const apiKey = options.apiKey ?? randomBytes(16).toString('base64');
  const library = { state: firstSeerrState(), downloads: options.downloads ?? (() => []) };
  const onApproved = options.onApproved ?? (() => undefined);
  const program = { library, apiKey, onApproved, isThere: options.isThere ?? (() => false) };
  const server = await serve((call) => answer(call, program), { ...options, server: 'jellyseerr' });
  const decide = (requestId: number, isApproved: boolean) => {
    const row = library.state.requests.find(({ id, status }) => id === requestId && status === requestStatus.pending);
    if (row === undefined) throw new Error('no such request waits');
    row.status = isApproved ? requestStatus.approved : requestStatus.declined;
    if (isApproved) onApproved(row);
  };
  return { ...server, apiKey, state: library.state, decide };
}

/** What was approved and has come is in the library from now on. */
function noteArrivals({ library: { state }, isThere }: Program): void {
  for (const row of state.requests) {
    if (row.status !== requestStatus.approved || row.is4k || !isThere(row)) continue;
    row.status = requestStatus.completed;
    const name = `${row.type}:${row.tmdbId}`;
    state.available.set(name, [...new Set([...(state.available.get(name) ?? []), ...row.seasons])]);
  }
}

const noPermission = (status: number): Answer => ({
  status,
  body: { status, error: 'You do not have permission to access this endpoint' },
});
const notFound: Answer = { status: 404, body: { status: 404, message: 'Not found.' } };

/** As csurf does it: every answer to a GET gives a secret and its token, and a change without both is refused before anything else. */
function answer(call: Call, program: Program): Answer {
  if (!program.library.state.csrfProtection) return answerPath(call, program);
  const secret = /(?:^|; )_csrf=([^;]+)/.exec(call.headers.cookie ?? '')?.[1];
  if (call.method !== 'GET' && (secret === undefined || call.headers['x-xsrf-token'] !== tokenOf(secret)))
    return { status: 403, body: { message: 'invalid csrf token' } };
  const given = secret ?? randomBytes(18).toString('base64url');
  const cookies = [...(secret === undefined ? [`_csrf=${given}; HttpOnly`] : []), `XSRF-TOKEN=${tokenOf(given)}`];
  const reply = answerPath(call, program);
  const setCookie = cookies.map((cookie) => `${cookie}; Path=/; Secure; SameSite=Strict`);
  return { ...reply, headers: { ...reply.headers, 'set-cookie': setCookie } };
}

function tokenOf(secret: string): string {
  return createHash('sha1').update(secret).digest('base64url');
}

function answerPath(call: Call, program: Program): Answer {
  const { library } = program;
  const { state } = library;
  noteArrivals(program);
  if (!call.path.startsWith('/api/v1/'))
    return { status: 200, body: '<!doctype html><title>Seerr</title>', headers: html };
  const path = call.path.slice('/api/v1'.length);
  if (path === '/status') {
    const body = { version: '3.1.0', commitTag: 'v3.1.0', updateAvailable: false, commitsBehind: 0 };
    return { status: 200, body: { ...body, restartRequired: false } };
  }
  if (path === '/settings/public') return { status: 200, body: { initialized: true, ...flagsOf(state) } };
  const key = call.headers['x-api-key'];
  if (key === undefined) return noPermission(401);
  // As in Seerr, a user who is not there is refused like a wrong key.
  const user = state.users.find(({ id }) => id === Number(call.headers['x-api-user'] ?? owner.id));
  if (key !== program.apiKey || user === undefined) return noPermission(403);
  const as: AsUser = { call, user, library };
  const [, collection = '', id = '', decision = ''] =
    /^\/(movie|tv|request)\/(\d+)(\/approve|\/decline)?$/.exec(path) ?? [];
  switch (`${call.method} ${collection === '' ? path : `/${collection}${decision}/`}`) {
    case 'GET /auth/me':
      return { status: 200, body: userPayload(user) };
    case 'GET /user':
      return user.manages ? listUsers(call, state) : noPermission(403);
    case 'GET /request/count':
      return { status: 200, body: countsOf(state) };
    case 'GET /search':
      return search(call, library);
    case 'GET /movie/': {
      const film = findFilm(Number(id));
      // Seerr answers so for whatever TMDB does not give it.
      if (film === undefined) return { status: 500, body: { message: 'Unable to retrieve movie.' } };
      return { status: 200, body: filmPayload(library, film, true) };
    }
    case 'GET /tv/': {
      const show = findShow(Number(id));
      if (show === undefined) return { status: 500, body: { message: 'Unable to retrieve series.' } };
      return { status: 200, body: showPayload(library, show, true) };
    }
    case 'GET /request':
      return listRequests(as);
    case 'POST /request':
      return makeRequest(as, program.onApproved);
    case 'GET /request/':
      return showRequest(as, Number(id));
    case 'POST /request/approve/':
      return decideRequest(as, Number(id), 'approve', program.onApproved);
    case 'POST /request/decline/':
      return decideRequest(as, Number(id), 'decline', program.onApproved);
    case 'DELETE /request/':
      return removeRequest(as, Number(id));
    default:
      return notFound;
  }
}

function flagsOf({ movie4kEnabled, series4kEnabled, enableSpecialEpisodes }: SeerrState) {
  return { movie4kEnabled, series4kEnabled, enableSpecialEpisodes };
}

function listUsers(call: Call, { users }: SeerrState): Answer {
  const take = Number(call.query.get('take') ?? 10);
  const skip = Number(call.query.get('skip') ?? 0);
  const results = users.slice(skip, skip + take).map(userPayload);
  const pageInfo = { page: 1, pages: Math.ceil(users.length / take), results: users.length };
  return { status: 200, body: { pageInfo, results } };
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

function search(call: Call, library: Library): Answer {
  const query = call.query.get('query') ?? '';
  const results = [
    ...matches(films, query).map((film) => filmPayload(library, film, false)),
    ...matches(shows, query).map((show) => showPayload(library, show, false)),
  ];
  return { status: 200, body: { page: 1, totalPages: 1, totalResults: results.length, results } };
}
