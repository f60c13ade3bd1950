import type { User } from '../../db/schema.ts';
import { type ServiceName, serviceDefinitions } from '../../services/registry.ts';
import type { LoadedCall } from '../../tools/preview.ts';
import type { PressToolName } from '../../tools/registry.ts';
import { requestRoute } from '../../tools/request-route.ts';
import { requestInSeerr } from '../../tools/requests/request-in-seerr.ts';
import { isWanted, requestMovie } from '../../tools/requests/request-movie.ts';
import { firstSeasons, requestSeries } from '../../tools/requests/request-series.ts';
import { searchMovieAgain } from '../../tools/requests/search-movie-again.ts';
import { searchSeriesAgain } from '../../tools/requests/search-series-again.ts';
import { missingSeasons } from '../../tools/requests/season-choices.ts';
import type { Stack } from '../../tools/stack.ts';
import type { FoundTitle } from '../../tools/titles/search-extras.ts';

type Options = { signal: AbortSignal };

/** What to do about a title: a tool and what its server says, depending on the title's status. */
export type Begun = { toolName: PressToolName; input: unknown; loaded: LoadedCall };

export type TitleKind = {
  subcommand: 'movie' | 'tv';
  /** Its own name, which a choice carries: the same subcommand may go to two servers. */
  key: 'movie' | 'tv' | 'seerr-movie' | 'seerr-tv';
  service: ServiceName;
  label: string;
  /** In the value of a choice: "tmdb:438631". */
  idPrefix: 'tmdb' | 'tvdb';
  idName: 'tmdbId' | 'tvdbId';
  searchTool: 'search_movies' | 'search_series' | 'search_seerr';
  /** What it is in the words of `run-request.ts`. */
  noun: 'film' | 'series';
  /** A look-up with fewer titles than this is complete; 0 if it never is, because one page of mixed results is filtered. */
  givesAllBelow: number;
  lookUp(stack: Stack, term: string, options: Options): Promise<FoundTitle[]>;
  /** Throws ServiceError, or UserError when there is no such title. */
  begin(stack: Stack, id: number, options: Options): Promise<Begun>;
};

const movie: TitleKind = {
  subcommand: 'movie',
  key: 'movie',
  service: 'radarr',
  label: serviceDefinitions.radarr.label,
  idPrefix: 'tmdb',
  idName: 'tmdbId',
  searchTool: 'search_movies',
  noun: 'film',
  givesAllBelow: 10,
  async lookUp(stack, term, options) {
    const found = await stack.get('radarr').lookup(term, options);
    return found.map((title) => ({ id: title.tmdbId, title }));
  },
  async begin(stack, tmdbId, options) {
    const details = await requestMovie.details(stack, { tmdbId }, options);
    const input = { tmdbId };
    return isWanted(details.title)
      ? { toolName: 'search_movie_again', input, loaded: searchMovieAgain.bind(details) }
      : { toolName: 'request_movie', input, loaded: requestMovie.bind(details) };
  },
};

const tv: TitleKind = {
  subcommand: 'tv',
  key: 'tv',
  service: 'sonarr',
  label: serviceDefinitions.sonarr.label,
  idPrefix: 'tvdb',
  idName: 'tvdbId',
  searchTool: 'search_series',
  noun: 'series',
  givesAllBelow: 10,
  async lookUp(stack, term, options) {
    const found = await stack.get('sonarr').lookup(term, options);
    return found.map((title) => ({ id: title.tvdbId, title }));
  },
  async begin(stack, tvdbId, options) {
    const details = await requestSeries.details(stack, { tvdbId, seasons: [] }, options);
    const isWhole = details.title.libraryId !== null && missingSeasons(details.title).length === 0;
    return isWhole
      ? { toolName: 'search_series_again', input: { tvdbId }, loaded: searchSeriesAgain.bind(details) }
      : {
          toolName: 'request_series',
          input: { tvdbId, seasons: firstSeasons(details.title) },
          loaded: requestSeries.bind(details),
        };
  },
};

/** Films and series by way of Seerr, which knows both by their TMDB ids. */
function bySeerr(kind: 'movie' | 'series', like: TitleKind): TitleKind {
  return {
    ...like,
    key: kind === 'movie' ? 'seerr-movie' : 'seerr-tv',
    service: 'jellyseerr',
    label: serviceDefinitions.jellyseerr.label,
    idPrefix: 'tmdb',
    idName: 'tmdbId',
    searchTool: 'search_seerr',
    givesAllBelow: 0,
    async lookUp(stack, term, options) {
      const found = await stack.get('jellyseerr').search(term, options);
      return found.filter((title) => title.kind === kind).map((title) => ({ id: title.tmdbId, title }));
    },
    async begin(stack, tmdbId, options) {
      const input = { kind, tmdbId };
      const loaded = requestInSeerr.bind(await requestInSeerr.details(stack, input, options));
      return { toolName: 'request_in_seerr', input, loaded };
    },
  };
}

const routes = {
  movie: { server: 'radarr', direct: movie, seerr: bySeerr('movie', movie) },
  tv: { server: 'sonarr', direct: tv, seerr: bySeerr('series', tv) },
} as const;

/** The kind of title for a subcommand of `/request`, by where this person's requests go. Null for an unknown subcommand. */
export function titleKindFor(
  subcommand: string,
  stack: { has(service: ServiceName): boolean },
  user: Pick<User, 'preferences'>,
): TitleKind | null {
  if (subcommand !== 'movie' && subcommand !== 'tv') return null;
  const { server, ...kinds } = routes[subcommand];
  return kinds[requestRoute(stack, user, server)];
}

/** The kind that a choice belongs to, or undefined for a choice of another version. */
export function titleKindOf(key: string): TitleKind | undefined {
  return Object.values(routes)
    .flatMap(({ direct, seerr }) => [direct, seerr])
    .find((kind) => kind.key === key);
}

/** The id in a picked choice's value, or null when the text is the person's own. */
export function pickedId(kind: TitleKind, value: string): number | null {
  const [prefix, digits = '', ...rest] = value.trim().split(':');
  if (prefix !== kind.idPrefix || rest.length > 0 || !/^[1-9]\d{0,9}$/.test(digits)) return null;
  return Number(digits);
}
