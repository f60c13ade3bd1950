import { type Film, films } from './films.ts';
import { type Show, shows } from './shows.ts';

/** Seerr's MediaStatus and MediaRequestStatus. */
export const mediaStatus = { pending: 2, processing: 3, partial: 4, available: 5 };
export const requestStatus = { pending: 1, approved: 2 };

export type SeerrRequestRow = {
  id: number;
  type: 'movie' | 'tv';
  tmdbId: number;
  seasons: number[];
  is4k: boolean;
  status: number;
  requestedBy: number;
};

export type SeerrState = {
  requests: SeerrRequestRow[];
  /** What is in the library, by "movie:603" or "tv:81189"; of a series the seasons. */
  available: Map<string, number[]>;
  users: { id: number; username: string }[];
  /** Whether the key's user may approve, so that a request is approved at once. */
  autoApprove: boolean;
  /** The words of a refusal: permission, quota or blocklist. */
  refuses: string | null;
  movie4kEnabled: boolean;
  series4kEnabled: boolean;
  csrf: boolean;
};

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
      { id: owner.id, username: owner.username },
      { id: 2, username: 'Grace' },
    ],
    autoApprove: true,
    refuses: null,
    movie4kEnabled: true,
    series4kEnabled: false,
    csrf: false,
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
  return state.requests.filter((row) => row.type === type && row.tmdbId === tmdbId && row.is4k === is4k);
}

/** Seasons that are there or asked for. */
export function takenSeasons(state: SeerrState, tmdbId: number, is4k: boolean): Set<number> {
  const there = is4k ? [] : (state.available.get(`tv:${tmdbId}`) ?? []);
  return new Set([...there, ...asked(state, 'tv', tmdbId, is4k).flatMap(({ seasons }) => seasons)]);
}

function statusOf(state: SeerrState, type: 'movie' | 'tv', tmdbId: number, is4k: boolean): number {
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
  return rows.length > 0 ? mediaStatus.pending : 1;
}

/** Undefined for what nobody asked for and that is not there: Seerr leaves it out. */
function mediaInfo(state: SeerrState, type: 'movie' | 'tv', tmdbId: number): object | undefined {
  const status = statusOf(state, type, tmdbId, false);
  const status4k = statusOf(state, type, tmdbId, true);
  if (status === 1 && status4k === 1) return undefined;
  const there = new Set(state.available.get(`tv:${tmdbId}`));
  const approved = asked(state, type, tmdbId, false).some((row) => row.status === requestStatus.approved);
  const seasons = [...takenSeasons(state, tmdbId, false)].map((seasonNumber) => ({
    seasonNumber,
    status: there.has(seasonNumber) ? mediaStatus.available : approved ? mediaStatus.processing : mediaStatus.pending,
    status4k: 1,
  }));
  return { id: tmdbId, tmdbId, status, status4k, downloadStatus: [], seasons: type === 'tv' ? seasons : [] };
}

const genresOf = (names: readonly string[]) => names.map((name, index) => ({ id: index + 1, name }));
const posterOf = (id: number) => `/playground-${id}.jpg`;

/** A film as a search lists it, and with `details` as its own page has it. */
export function filmPayload(state: SeerrState, film: Film, details: boolean): object {
  return {
    id: film.tmdbId,
    title: film.title,
    overview: film.overview,
    posterPath: posterOf(film.tmdbId),
    releaseDate: `${film.year}-03-01`,
    voteAverage: film.rating,
    mediaInfo: mediaInfo(state, 'movie', film.tmdbId),
    ...(details ? { runtime: film.runtime, genres: genresOf(film.genres) } : { mediaType: 'movie' }),
  };
}

export function showPayload(state: SeerrState, show: Show, details: boolean): object {
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
    mediaInfo: mediaInfo(state, 'tv', show.tvdbId),
    ...(details ? { episodeRunTime: [45], genres: genresOf(show.genres), seasons } : { mediaType: 'tv' }),
  };
}

export function requestPayload(state: SeerrState, row: SeerrRequestRow): object {
  const user = state.users.find(({ id }) => id === row.requestedBy);
  const info = mediaInfo(state, row.type, row.tmdbId) ?? { tmdbId: row.tmdbId };
  return {
    id: row.id,
    status: row.status,
    type: row.type,
    is4k: row.is4k,
    media: info,
    seasons: row.seasons.map((seasonNumber) => ({ id: seasonNumber, seasonNumber, status: row.status })),
    requestedBy: { ...owner, ...user },
    createdAt: owner.createdAt,
    updatedAt: owner.updatedAt,
  };
}
