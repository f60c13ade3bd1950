import { type Film, films } from './films.ts';
import { type Show, shows } from './shows.ts';

/** Seerr's MediaStatus and MediaRequestStatus. */
export const mediaStatus = { unknown: 1, pending: 2, processing: 3, partial: 4, available: 5, blocklisted: 6 };
export const requestStatus = { pending: 1, approved: 2, declined: 3, failed: 4, completed: 5 };

export type SeerrRequestRow = {
  id: number;
  type: 'movie' | 'tv';
  tmdbId: number;
  seasons: number[];
  is4k: boolean;
  status: number;
  requestedBy: number;
};

export type SeerrUser = {
  id: number;
  username: string;
  /** Sees and changes everybody's requests; what they ask for is approved at once. */
  manages: boolean;
  /** How many more films they may ask for; null without a limit. */
  filmsLeft: number | null;
};

export type SeerrState = {
  requests: SeerrRequestRow[];
  /** What is in the library, by "movie:603" or "tv:81189"; of a series the seasons. */
  available: Map<string, number[]>;
  users: SeerrUser[];
  /** Titles that nobody may ask for, by the same names. */
  blocklist: Set<string>;
  movie4kEnabled: boolean;
  series4kEnabled: boolean;
  enableSpecialEpisodes: boolean;
  /** "Enable CSRF Protection": a change wants the cookies of a GET and their token as a header. */
  csrfProtection: boolean;
};

/** What the Radarr and Sonarr behind it are downloading of a title. */
export type SeerrDownloads = (type: 'movie' | 'tv', tmdbId: number) => object[];

export const owner = {
  id: 1,
  email: 'owner@example.org',
  username: 'Owner',
  permissions: 2,
  createdAt: '2025-01-01T00:00:00.000Z',
  updatedAt: '2025-01-01T00:00:00.000Z',
};

/** A library like that of the playground's Radarr and Sonarr, and two requests of others. */
export function firstSeerrState(): SeerrState {
  const row = (id: number, type: 'movie' | 'tv', tmdbId: number, status: number): SeerrRequestRow => {
    return { id, type, tmdbId, seasons: type === 'tv' ? [1] : [], is4k: false, status, requestedBy: 2 };
  };
  return {
    requests: [row(1, 'movie', 335984, requestStatus.approved), row(2, 'movie', 329865, requestStatus.pending)],
    available: new Map([
      ['movie:603', []],
      ['movie:27205', []],
      ['movie:348', []],
      ['tv:360893', [1]],
      ['tv:81189', [1, 2]],
    ]),
    users: [
      { id: owner.id, username: owner.username, manages: true, filmsLeft: null },
      { id: 2, username: 'Grace', manages: false, filmsLeft: 5 },
    ],
    blocklist: new Set(),
    movie4kEnabled: true,
    series4kEnabled: false,
    enableSpecialEpisodes: false,
    csrfProtection: false,
  };
}

/** The playground's series have one number for TVDB and TMDB. */
export function findShow(id: number): Show | undefined {
  return shows.find(({ tvdbId }) => tvdbId === id);
}

export function findFilm(id: number): Film | undefined {
  return films.find(({ tmdbId }) => tmdbId === id);
}

function asked(state: SeerrState, type: 'movie' | 'tv', tmdbId: number, is4k: boolean): SeerrRequestRow[] {
  const over = [requestStatus.declined, requestStatus.completed];
  return state.requests.filter(
    (row) => row.type === type && row.tmdbId === tmdbId && row.is4k === is4k && !over.includes(row.status),
  );
}

/** Seasons that are there or asked for. */
export function takenSeasons(state: SeerrState, tmdbId: number, is4k: boolean): Set<number> {
  const there = is4k ? [] : (state.available.get(`tv:${tmdbId}`) ?? []);
  return new Set([...there, ...asked(state, 'tv', tmdbId, is4k).flatMap(({ seasons }) => seasons)]);
}

function statusOf(state: SeerrState, type: 'movie' | 'tv', tmdbId: number, is4k: boolean): number {
  if (state.blocklist.has(`${type}:${tmdbId}`)) return mediaStatus.blocklisted;
  const rows = asked(state, type, tmdbId, is4k);
  const isThere = !is4k && state.available.has(`${type}:${tmdbId}`);
  if (isThere) {
    const numbered =
      findShow(tmdbId)?.episodes.flatMap((count, number) => (count > 0 && number > 0 ? number : [])) ?? [];
    const has = new Set(state.available.get(`tv:${tmdbId}`));
    return type === 'movie' || numbered.every((number) => has.has(number))
      ? mediaStatus.available
      : mediaStatus.partial;
  }
  if (rows.some(({ status }) => status === requestStatus.approved)) return mediaStatus.processing;
  // A request that could not be passed on leaves its title where it was: pending.
  const isPending = rows.some(({ status }) => status === requestStatus.pending || status === requestStatus.failed);
  return isPending ? mediaStatus.pending : mediaStatus.unknown;
}

/** A season's own status, which knows nothing of requests that wait for approval. */
function seasonStatus(state: SeerrState, tmdbId: number, seasonNumber: number, is4k: boolean): number {
  if (!is4k && state.available.get(`tv:${tmdbId}`)?.includes(seasonNumber)) return mediaStatus.available;
  const isApproved = ({ status, seasons }: SeerrRequestRow) =>
    status === requestStatus.approved && seasons.includes(seasonNumber);
  return asked(state, 'tv', tmdbId, is4k).some(isApproved) ? mediaStatus.processing : mediaStatus.unknown;
}

/** Undefined for what nobody asked for and that is not there: Seerr leaves it out. Only a title's own page has `requests`. */
function mediaInfo(library: Library, type: 'movie' | 'tv', tmdbId: number, details: boolean): object | undefined {
  const { state } = library;
  const status = statusOf(state, type, tmdbId, false);
  const status4k = statusOf(state, type, tmdbId, true);
  if (status === mediaStatus.unknown && status4k === mediaStatus.unknown) return undefined;
  const taken = new Set([...takenSeasons(state, tmdbId, false), ...takenSeasons(state, tmdbId, true)]);
  const seasons = [...taken].map((seasonNumber) => ({
    seasonNumber,
    status: seasonStatus(state, tmdbId, seasonNumber, false),
    status4k: seasonStatus(state, tmdbId, seasonNumber, true),
  }));
  const rows = state.requests.filter((row) => row.type === type && row.tmdbId === tmdbId);
  return {
    id: tmdbId,
    tmdbId,
    status,
    status4k,
    downloadStatus: library.downloads(type, tmdbId),
    seasons: type === 'tv' ? seasons : [],
    ...(details ? { requests: rows.map((row) => plainRequest(state, row)) } : {}),
  };
}

/** What Seerr's answers are made of. */
export type Library = { state: SeerrState; downloads: SeerrDownloads };

const genresOf = (names: readonly string[]) => names.map((name, index) => ({ id: index + 1, name }));
const posterOf = (id: number) => `/playground-${id}.jpg`;

/** A film as a search lists it, and with `details` as its own page has it. */
export function filmPayload(library: Library, film: Film, details: boolean): object {
  return {
    id: film.tmdbId,
    title: film.title,
    overview: film.overview,
    posterPath: posterOf(film.tmdbId),
    releaseDate: `${film.year}-03-01`,
    voteAverage: film.rating,
    mediaInfo: mediaInfo(library, 'movie', film.tmdbId, details),
    ...(details ? { runtime: film.runtime, genres: genresOf(film.genres) } : { mediaType: 'movie' }),
  };
}

export function showPayload(library: Library, show: Show, details: boolean): object {
  const seasons = show.episodes.flatMap((episodeCount, seasonNumber) =>
    episodeCount > 0 ? [{ id: seasonNumber, seasonNumber, episodeCount, name: `Season ${seasonNumber}` }] : [],
  );
  return {
    id: show.tvdbId,
    name: show.title,
    overview: show.overview,
    posterPath: posterOf(show.tvdbId),
    firstAirDate: `${show.year}-01-01`,
    voteAverage: show.rating,
    mediaInfo: mediaInfo(library, 'tv', show.tvdbId, details),
    ...(details ? { episodeRunTime: [45], genres: genresOf(show.genres), seasons } : { mediaType: 'tv' }),
  };
}

export function userPayload({ id, username }: Pick<SeerrUser, 'id' | 'username'>): object {
  return { ...owner, id, username, email: `${username.toLowerCase()}@example.org` };
}

function plainRequest(state: SeerrState, row: SeerrRequestRow) {
  const user = state.users.find(({ id }) => id === row.requestedBy) ?? { id: row.requestedBy, username: 'Deleted' };
  return {
    id: row.id,
    status: row.status,
    type: row.type,
    is4k: row.is4k,
    seasons: row.seasons.map((seasonNumber) => ({ id: seasonNumber, seasonNumber, status: row.status })),
    requestedBy: userPayload(user),
    createdAt: owner.createdAt,
    updatedAt: owner.updatedAt,
  };
}

/** A request by itself; `listed` among others, where Seerr leaves out the seasons of its title. */
export function requestPayload(library: Library, row: SeerrRequestRow, listed = false): object {
  const info = mediaInfo(library, row.type, row.tmdbId, false) ?? { tmdbId: row.tmdbId };
  const media = listed ? { ...info, seasons: undefined } : info;
  return { ...plainRequest(library.state, row), media };
}
