import { isObject } from '../json.ts';
import type { Answer, Call } from './http-server.ts';
import {
  findFilm,
  findShow,
  type Library,
  requestPayload,
  requestStatus,
  type SeerrRequestRow,
  type SeerrUser,
  takenSeasons,
} from './jellyseerr-media.ts';

/** A call of Seerr's with the user as whom it is made. */
export type AsUser = { call: Call; user: SeerrUser; library: Library };

const refused = (status: number, message: string): Answer => ({ status, body: { message } });

/** Everybody's for who manages requests, else one's own. */
export function listRequests({ call, user, library }: AsUser): Answer {
  const requestedBy = call.query.get('requestedBy');
  if (!user.manages && requestedBy !== null && Number(requestedBy) !== user.id)
    return refused(403, "You do not have permission to view this user's requests.");
  const whose = user.manages ? requestedBy : user.id;
  const filter = call.query.get('filter');
  const rows = library.state.requests.filter(
    (row) => (whose === null || row.requestedBy === Number(whose)) && isAmong(row, filter),
  );
  const take = Number(call.query.get('take') ?? 10);
  const skip = Number(call.query.get('skip') ?? 0);
  const shown = rows.toReversed().slice(skip, skip + take);
  const results = shown.map((row) => requestPayload(library, row, true));
  const pageInfo = { pages: Math.ceil(rows.length / take), pageSize: take, results: rows.length, page: 1 };
  return { status: 200, body: { pageInfo, results } };
}

export function showRequest({ user, library }: AsUser, id: number): Answer {
  const row = library.state.requests.find((one) => one.id === id);
  if (row === undefined) return refused(404, 'Request not found.');
  return user.manages || row.requestedBy === user.id
    ? { status: 200, body: requestPayload(library, row) }
    : refused(403, 'You do not have permission to view this request.');
}

/** By its own state; what is processed is what was approved and is not there yet. */
function isAmong({ status }: SeerrRequestRow, filter: string | null): boolean {
  const { pending, approved, failed, completed } = requestStatus;
  switch (filter) {
    case 'pending':
      return status === pending;
    case 'approved':
    case 'processing':
      return status === approved;
    case 'failed':
      return status === failed;
    case 'available':
      return status === completed;
    default:
      return true;
  }
}

/** Approves or declines, as Seerr does whatever the state: an approved one is passed on again. */
export function decideRequest(
  { user, library }: AsUser,
  id: number,
  decision: 'approve' | 'decline',
  onApproved: (row: SeerrRequestRow) => void,
): Answer {
  if (!user.manages)
    return { status: 403, body: { status: 403, error: 'You do not have permission to access this endpoint' } };
  const row = library.state.requests.find((one) => one.id === id);
  if (row === undefined) return refused(404, 'Request not found.');
  row.status = decision === 'approve' ? requestStatus.approved : requestStatus.declined;
  if (decision === 'approve') onApproved(row);
  return { status: 200, body: requestPayload(library, row) };
}

/** Who does not manage requests may only take back their own, and only before it is approved: 401 otherwise. */
export function removeRequest({ user, library: { state } }: AsUser, id: number): Answer {
  const row = state.requests.find((one) => one.id === id);
  if (row === undefined) return refused(404, 'Request not found.');
  const isOwnPending = row.requestedBy === user.id && row.status === requestStatus.pending;
  if (!user.manages && !isOwnPending) return refused(401, 'You do not have permission to delete this request.');
  state.requests = state.requests.filter((one) => one !== row);
  return { status: 204 };
}

/** 201 made, 202 nothing left to ask for, 403 not allowed, 409 a duplicate, which only a stated `is4k` makes one. */
export function makeRequest({ call, user, library }: AsUser, onApproved: (row: SeerrRequestRow) => void): Answer {
  const { state } = library;
  const body = isObject(call.body) ? call.body : {};
  const type = body.mediaType === 'tv' ? 'tv' : 'movie';
  const tmdbId = Number(body.mediaId);
  const is4k = body.is4k === true;
  if (type === 'movie' && user.filmsLeft === 0) return refused(403, 'Movie Quota exceeded.');
  const show = type === 'tv' ? findShow(tmdbId) : undefined;
  if (show === undefined && (type === 'tv' || findFilm(tmdbId) === undefined))
    return refused(500, '[TMDB] Failed to fetch details.');
  if (state.blocklist.has(`${type}:${tmdbId}`)) return refused(403, 'This media is blocklisted.');
  const over = [requestStatus.declined, requestStatus.completed];
  const isSame = (row: SeerrRequestRow) =>
    row.type === 'movie' && row.tmdbId === tmdbId && row.is4k === is4k && !over.includes(row.status);
  if (type === 'movie' && state.requests.some(isSame) && body.is4k !== undefined)
    return refused(409, 'Request for this media already exists.');
  const all = show?.episodes.flatMap((count, number) => (count > 0 && number > 0 ? number : [])) ?? [];
  const wanted = body.seasons === 'all' ? all : Array.isArray(body.seasons) ? body.seasons.map(Number) : [];
  const taken = takenSeasons(state, tmdbId, is4k);
  const seasons = wanted.filter((number) => !taken.has(number) && (number > 0 || state.enableSpecialEpisodes));
  if (type === 'tv' && seasons.length === 0) return refused(202, 'No seasons available to request');
  const status = user.manages ? requestStatus.approved : requestStatus.pending;
  const id = Math.max(0, ...state.requests.map((row) => row.id)) + 1;
  const row: SeerrRequestRow = { id, type, tmdbId, seasons, is4k, status, requestedBy: user.id };
  state.requests.push(row);
  if (type === 'movie' && user.filmsLeft !== null) user.filmsLeft -= 1;
  if (status === requestStatus.approved) onApproved(row);
  return { status: 201, body: requestPayload(library, row) };
}
