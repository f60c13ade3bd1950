import { z } from 'zod';
import { ServiceError } from '../../errors.ts';
import { plainText } from '../http-failures.ts';
import { listOf } from '../list-of.ts';
import type { CallOptions, Connection, ServiceClient, ServiceUser } from '../service.ts';
import { checkedAs } from '../who-answers.ts';
import { openAccess, service } from './access.ts';
import { progressOf, type SeerrProgress } from './progress.ts';
import {
  movieOf,
  movieSchema,
  type RequestFilter,
  requestOf,
  requestSchema,
  type SeerrRequest,
  type SeerrTitle,
  searchSchema,
  seriesOf,
  seriesSchema,
} from './schemas.ts';
import { seerrWords } from './words.ts';

const statusSchema = z.looseObject({ version: z.string(), commitTag: z.string() });
const usersSchema = z.looseObject({
  pageInfo: z.looseObject({ results: z.number().nullish() }).nullish(),
  results: listOf(z.looseObject({ id: z.number(), displayName: z.string().nullish(), username: z.string().nullish() })),
});
const requestsSchema = z.looseObject({ results: listOf(requestSchema) });
const newest = 100;
const usersPage = 100;
const mostUsers = 1000;
const countSchema = z.looseObject({ total: z.number(), pending: z.number() });
const settingsSchema = z.looseObject({
  movie4kEnabled: z.boolean().nullish(),
  series4kEnabled: z.boolean().nullish(),
  enableSpecialEpisodes: z.boolean().nullish(),
});

/** A title by its kind and TMDB id. */
export type SeerrId = { kind: 'movie' | 'series'; tmdbId: number };

/** What may be asked for on this server. */
export type SeerrOffers = { movie4k: boolean; series4k: boolean; specials: boolean };

export type SeerrClient = ServiceClient & {
  /** Everyone who has an account, which the key's owner may see. */
  users(options?: CallOptions): Promise<ServiceUser[]>;
  /** Films and series by words. */
  search(query: string, options?: CallOptions): Promise<SeerrTitle[]>;
  /** One title. Null when TMDB gives Seerr no such title, or is not reachable at the moment. */
  find(id: SeerrId, options?: CallOptions): Promise<SeerrTitle | null>;
  offers(options?: CallOptions): Promise<SeerrOffers>;
  /**
   * Requests a film or seasons. Null when nothing is left to ask for (HTTP 202). Throws ServiceError: `conflict` for what is
   * requested already, `forbidden` for permission, quota and blocklist.
   */
  request(
    title: SeerrId & { seasons: readonly number[]; is4k: boolean },
    options?: CallOptions,
  ): Promise<SeerrRequest | null>;
  /** The number of the user as whom everything is asked for: the chosen one, else the key's own. */
  myId(options?: CallOptions): Promise<number>;
  /** The newest requests: that user's, or everybody's. */
  requests(options: CallOptions & { mine: boolean; most: number; filter?: RequestFilter }): Promise<SeerrRequest[]>;
  /** One request, null when it is gone. */
  findRequest(id: number, options?: CallOptions): Promise<SeerrRequest | null>;
  /** Approves or declines a request, whatever its state. Throws ServiceError: `forbidden` for who may not manage requests. */
  decide(id: number, decision: 'approve' | 'decline', options?: CallOptions): Promise<void>;
  /** Throws ServiceError: `forbidden` for one that was approved, when the user may not manage requests. */
  removeRequest(id: number, options?: CallOptions): Promise<void>;
  /** How far a request has come, null when it is gone. */
  progress(request: { id: number }, options?: CallOptions): Promise<SeerrProgress | null>;
  /** The progress of the newest hundred requests by their ids, in one call; without which seasons are available. */
  newestProgress(options?: CallOptions): Promise<Map<number, SeerrProgress>>;
};

/** Seerr and Jellyseerr, API v1 (seerr-api.yml). Acts as the user that the person chose, with their rights and quota. */
export function openSeerr(connection: Connection): SeerrClient {
  const { asUser: http, asOwner: owner, myId } = openAccess(connection);
  const { say } = connection;

  async function find({ kind, tmdbId }: SeerrId, options?: CallOptions): Promise<SeerrTitle | null> {
    const signal = options?.signal;
    try {
      return kind === 'movie'
        ? movieOf(await http.json({ path: `/api/v1/movie/${tmdbId}`, signal }, movieSchema), say)
        : seriesOf(await http.json({ path: `/api/v1/tv/${tmdbId}`, signal }, seriesSchema), say);
    } catch (error) {
      if (error instanceof ServiceError && isUnknownTitle(error)) return null;
      throw error;
    }
  }

  async function findRequest(id: number, options?: CallOptions): Promise<SeerrRequest | null> {
    const request = { path: `/api/v1/request/${id}`, signal: options?.signal };
    return unlessGone(async () => requestOf(await http.json(request, requestSchema)));
  }

  return {
    check: (options) =>
      checkedAs({ service, label: 'Seerr', connection }, options, async () => {
        const status = await http.json({ path: '/api/v1/status', signal: options?.signal }, statusSchema);
        await myId(options?.signal);
        const count = await http.json({ path: '/api/v1/request/count', signal: options?.signal }, countSchema);
        return {
          version: plainText(status.version, 40),
          holds: say(seerrWords.holds, { total: count.total, pending: count.pending }),
        };
      }),
    async users(options) {
      const users: ServiceUser[] = [];
      for (let skip = 0; skip < mostUsers; skip += usersPage) {
        const query = { take: usersPage, skip, sort: 'displayname' };
        const page = await owner.json({ path: '/api/v1/user', query, signal: options?.signal }, usersSchema);
        users.push(
          ...page.results.map(({ id, displayName, username }) => {
            return { id: String(id), name: displayName || username || say(seerrWords.namelessUser, { id }) };
          }),
        );
        if (page.results.length < usersPage || users.length >= (page.pageInfo?.results ?? 0)) break;
      }
      return users;
    },
    async search(query, options) {
      const request = { path: '/api/v1/search', query: { query }, signal: options?.signal };
      const { results } = await http.json(request, searchSchema);
      return results.flatMap((result): SeerrTitle[] => {
        // People are among the results too.
        if (result.mediaType === 'movie') return read(movieSchema, result, (raw) => movieOf(raw, say));
        return result.mediaType === 'tv' ? read(seriesSchema, result, (raw) => seriesOf(raw, say)) : [];
      });
    },
    find,
    findRequest,
    myId: (options) => myId(options?.signal),
    async offers(options) {
      const path = '/api/v1/settings/public';
      const settings = await http.json({ path, signal: options?.signal }, settingsSchema);
      return {
        movie4k: settings.movie4kEnabled === true,
        series4k: settings.series4kEnabled === true,
        specials: settings.enableSpecialEpisodes === true,
      };
    },
    async request({ kind, tmdbId, seasons, is4k }, options) {
      // Without `is4k` Seerr takes a duplicate; an empty list of seasons asks for nothing.
      const body =
        kind === 'movie'
          ? { mediaType: 'movie', mediaId: tmdbId, is4k }
          : { mediaType: 'tv', mediaId: tmdbId, is4k, seasons };
      const answer = z.union([requestSchema, z.looseObject({ message: z.string() })]);
      const request = { method: 'POST' as const, path: '/api/v1/request', body, signal: options?.signal };
      const made = requestSchema.safeParse(await http.json(request, answer));
      if (!made.success) return null;
      const asked = seasons.map((seasonNumber) => ({ seasonNumber }));
      return requestOf({ seasons: asked, ...made.data, type: body.mediaType, media: { tmdbId } });
    },
    async requests({ mine, most, filter, signal }) {
      const requestedBy = mine ? await myId(signal) : undefined;
      const query = {
        take: most,
        skip: 0,
        sort: 'added',
        ...(filter === undefined ? {} : { filter }),
        ...(requestedBy === undefined ? {} : { requestedBy }),
      };
      const { results } = await http.json({ path: '/api/v1/request', query, signal }, requestsSchema);
      return results.map(requestOf).filter((request) => request !== null);
    },
    async decide(id, decision, options) {
      const path = `/api/v1/request/${id}/${decision}`;
      await http.json({ method: 'POST', path, signal: options?.signal }, z.looseObject({ id: z.number() }));
    },
    async removeRequest(id, options) {
      const request = { method: 'DELETE' as const, path: `/api/v1/request/${id}`, signal: options?.signal };
      await http.nothing(request).catch((error: unknown) => {
        // A wrong key would be 403: this is how Seerr says that this user may not remove an approved request.
        const isRefused =
          error instanceof ServiceError && error.status === 401 && /permission/i.test(error.detail ?? '');
        if (!isRefused) throw error;
        const explained = seerrWords.approvedStays;
        throw new ServiceError({ service, failure: 'forbidden', sent: 'answered', status: 401, explained });
      });
    },
    async progress({ id }, options) {
      const request = { path: `/api/v1/request/${id}`, signal: options?.signal };
      return unlessGone(async () => progressOf(await http.json(request, requestSchema)));
    },
    async newestProgress(options) {
      const request = {
        path: '/api/v1/request',
        query: { take: newest, skip: 0, sort: 'added' },
        signal: options?.signal,
      };
      const { results } = await http.json(request, requestsSchema);
      return new Map(results.map((one) => [one.id, progressOf(one)]));
    },
  };
}

/** One result of a search; one that is not as it should be is left out instead of hiding the others. */
function read<Schema extends z.ZodType>(
  schema: Schema,
  result: unknown,
  toTitle: (raw: z.output<Schema>) => SeerrTitle,
): SeerrTitle[] {
  const parsed = schema.safeParse(result);
  return parsed.success ? [toTitle(parsed.data)] : [];
}

/** An id that TMDB does not have is 500 with these words (server/routes/movie.ts and tv.ts). */
function isUnknownTitle({ failure, detail }: ServiceError): boolean {
  return failure === 'not_found' || (failure === 'server_error' && /^Unable to retrieve/.test(detail ?? ''));
}

/** Null for what Seerr does not have, or no longer. */
async function unlessGone<Found>(find: () => Promise<Found | null>): Promise<Found | null> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof ServiceError && error.failure === 'not_found') return null;
    throw error;
  }
}
