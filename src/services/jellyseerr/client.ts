import { z } from 'zod';
import { ServiceError } from '../../errors.ts';
import { createHttp } from '../http.ts';
import { plainText } from '../http-failures.ts';
import type { CallOptions, Connection, ServiceClient } from '../service.ts';
import { checkedAs } from '../who-answers.ts';
import {
  movieOf,
  movieSchema,
  requestOf,
  requestSchema,
  type SeerrRequest,
  type SeerrTitle,
  searchSchema,
  seriesOf,
  seriesSchema,
} from './schemas.ts';

const service = 'jellyseerr';

const statusSchema = z.looseObject({ version: z.string(), commitTag: z.string() });
const userSchema = z.looseObject({ id: z.number() });
const countSchema = z.looseObject({ total: z.number(), pending: z.number() });
const settingsSchema = z.looseObject({
  movie4kEnabled: z.boolean().nullish(),
  series4kEnabled: z.boolean().nullish(),
});

/** A title by its kind and TMDB id. */
export type SeerrId = { kind: 'movie' | 'series'; tmdbId: number };

export type SeerrClient = ServiceClient & {
  /** Films and series by words. */
  search(query: string, options?: CallOptions): Promise<SeerrTitle[]>;
  /** One title. Null when TMDB has none such. */
  find(id: SeerrId, options?: CallOptions): Promise<SeerrTitle | null>;
  /** For which kinds the server takes requests in 4K. */
  offers4k(options?: CallOptions): Promise<{ movie: boolean; series: boolean }>;
  /**
   * Requests a film or seasons. Null when nothing is left to ask for (HTTP 202). Throws ServiceError: `conflict` for what is
   * requested already, `forbidden` for permission, quota and blocklist.
   */
  request(
    title: SeerrId & { seasons: readonly number[]; is4k: boolean },
    options?: CallOptions,
  ): Promise<SeerrRequest | null>;
  /** The newest requests: the key's own user's, or everybody's. */
  requests(options: CallOptions & { mine: boolean; most: number }): Promise<SeerrRequest[]>;
  /** One request, null when it is gone. */
  findRequest(id: number, options?: CallOptions): Promise<SeerrRequest | null>;
  removeRequest(id: number, options?: CallOptions): Promise<void>;
};

/** Seerr and Jellyseerr, API v1 (seerr-api.yml). */
export function openSeerr(connection: Connection): SeerrClient {
  const http = createHttp({
    service,
    baseUrl: connection.baseUrl,
    headers: { 'x-api-key': connection.secret },
    http: connection.http,
    secrets: [connection.secret],
  });

  const me = (options?: CallOptions) =>
    acceptedKey(http.json({ path: '/api/v1/auth/me', signal: options?.signal }, userSchema));

  return {
    check: (options) =>
      checkedAs({ service, label: 'Seerr', connection }, options, async () => {
        const status = await http.json({ path: '/api/v1/status', signal: options?.signal }, statusSchema);
        await me(options);
        const count = await http.json({ path: '/api/v1/request/count', signal: options?.signal }, countSchema);
        return {
          version: plainText(status.version, 40),
          holds: `${count.total} ${count.total === 1 ? 'request' : 'requests'}, ${count.pending} waiting for approval`,
        };
      }),
    async search(query, options) {
      const request = { path: '/api/v1/search', query: { query }, signal: options?.signal };
      const { results } = await http.json(request, searchSchema);
      return results.flatMap((result): SeerrTitle[] => {
        // People are among the results too.
        if (result.mediaType === 'movie') return read(movieSchema, result, movieOf);
        return result.mediaType === 'tv' ? read(seriesSchema, result, seriesOf) : [];
      });
    },
    async find({ kind, tmdbId }, options) {
      const signal = options?.signal;
      try {
        if (kind === 'movie') return movieOf(await http.json({ path: `/api/v1/movie/${tmdbId}`, signal }, movieSchema));
        return seriesOf(await http.json({ path: `/api/v1/tv/${tmdbId}`, signal }, seriesSchema));
      } catch (error) {
        if (error instanceof ServiceError && error.failure === 'not_found') return null;
        throw error;
      }
    },
    async offers4k(options) {
      const path = '/api/v1/settings/public';
      const settings = await http.json({ path, signal: options?.signal }, settingsSchema);
      return { movie: settings.movie4kEnabled === true, series: settings.series4kEnabled === true };
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
      return requestOf({ ...made.data, type: body.mediaType, media: { tmdbId } });
    },
    async requests({ mine, most, signal }) {
      const requestedBy = mine ? (await me({ ...(signal === undefined ? {} : { signal }) })).id : undefined;
      const query = { take: most, skip: 0, sort: 'added', ...(requestedBy === undefined ? {} : { requestedBy }) };
      const schema = z.looseObject({ results: z.array(requestSchema) });
      const { results } = await http.json({ path: '/api/v1/request', query, signal }, schema);
      return results.map(requestOf).filter((request) => request !== null);
    },
    async findRequest(id, options) {
      try {
        return requestOf(await http.json({ path: `/api/v1/request/${id}`, signal: options?.signal }, requestSchema));
      } catch (error) {
        if (error instanceof ServiceError && error.failure === 'not_found') return null;
        throw error;
      }
    },
    async removeRequest(id, options) {
      const reply = await http.text({ method: 'DELETE', path: `/api/v1/request/${id}`, signal: options?.signal });
      // A page of a proxy is no answer of Seerr, which sends nothing.
      if (reply.text.trim() !== '') throw new ServiceError({ service, failure: 'not_json', sent: 'answered' });
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

/** A missing key is 401 in Seerr and a wrong one 403, which for other calls means that the user may not do it. */
async function acceptedKey<User>(user: Promise<User>): Promise<User> {
  try {
    return await user;
  } catch (error) {
    if (!(error instanceof ServiceError) || error.failure !== 'forbidden') throw error;
    throw new ServiceError({ service, failure: 'unauthorized', sent: 'answered', status: error.status });
  }
}
