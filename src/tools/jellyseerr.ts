import { z } from 'zod';
import { ServiceError, UserError } from '../errors.ts';
import { inEdition, type SeerrRequest, type SeerrTitle } from '../services/jellyseerr/schemas.ts';
import { seerrProgress } from './seerr-progress.ts';
import type { Stack } from './stack.ts';
import { shortTitle } from './title-list.ts';
import { definePressTool, defineReadTool } from './tool.ts';

const kind = z.enum(['movie', 'series']);
const tmdbId = z.number().int().positive().describe('from search_seerr');
const mostRequests = 10;

function titleSummary(title: SeerrTitle) {
  return { kind: title.kind, tmdbId: title.tmdbId, ...shortTitle(title) };
}

export const searchSeerr = defineReadTool({
  name: 'search_seerr',
  description: 'Find films and series by title in Seerr, and whether they are there or requested.',
  services: ['jellyseerr'],
  input: z.object({ query: z.string().trim().min(1).max(200) }),
  activity: 'Searching Seerr',
  async run(stack, { query }, options) {
    const titles = await stack.get('jellyseerr').search(query, options);
    return { results: titles.slice(0, 10).map(titleSummary) };
  },
});

export const requestInSeerr = definePressTool({
  name: 'request_in_seerr',
  description:
    'Request a film, or seasons of a series (all that are missing when left out). Shows a card: call it at once.',
  effect: 'write',
  services: ['jellyseerr'],
  input: z.object({
    kind,
    tmdbId,
    seasons: z.array(z.number().int().min(0).max(10_000)).max(200).optional(),
    is4k: z.boolean().optional(),
  }),
  activity: 'Requesting in Seerr',
  async run(stack, { kind: of, tmdbId: id, seasons: wanted, is4k = false }, options) {
    const seerr = stack.get('jellyseerr');
    const title = await seerr.find({ kind: of, tmdbId: id }, options);
    if (title === null) throw new UserError('Seerr knows no title with that TMDB id. Search for the title again.');
    const edition = inEdition(title, is4k);
    const seasons = of === 'series' ? (wanted ?? openSeasons(edition)) : [];
    const summary = { ...titleSummary(edition), is4k };
    if (of === 'series' && seasons.length === 0) return { result: 'nothing_left' as const, ...summary };
    try {
      const made = await seerr.request({ kind: of, tmdbId: id, seasons, is4k }, options);
      if (made === null) return { result: 'nothing_left' as const, ...summary };
      const isWaiting = made.state === 'waiting_for_approval';
      const result = isWaiting ? ('waiting_for_approval' as const) : ('requested' as const);
      return { result, ...summary, requestId: made.id, requestedSeasons: made.seasons };
    } catch (error) {
      if (!(error instanceof ServiceError) || error.failure !== 'conflict') throw error;
      return { result: 'already_requested' as const, ...summary };
    }
  },
  async verify(stack, { kind: of, tmdbId: id, seasons = [], is4k }, options) {
    const title = await stack.get('jellyseerr').find({ kind: of, tmdbId: id }, options);
    if (title === null) return 'did_not_happen';
    const edition = inEdition(title, is4k === true);
    if (of === 'movie') return edition.status.state === 'absent' ? 'did_not_happen' : 'happened';
    const open = new Set(openSeasons(edition));
    return seasons.length > 0 && !seasons.some((number) => open.has(number)) ? 'happened' : 'did_not_happen';
  },
  progress: seerrProgress,
});

/** The numbered seasons that nobody asked for yet. */
export function openSeasons({ seasons }: Pick<SeerrTitle, 'seasons'>): number[] {
  return seasons.filter(({ seasonNumber, monitored }) => seasonNumber > 0 && !monitored).map((one) => one.seasonNumber);
}

export const listRequests = defineReadTool({
  name: 'list_requests',
  description: 'The newest requests in Seerr with their state: the person’s own, or everybody’s.',
  services: ['jellyseerr'],
  input: z.object({ everybody: z.boolean().optional() }),
  activity: 'Looking at the requests',
  async run(stack, { everybody = false }, options) {
    const seerr = stack.get('jellyseerr');
    const requests = await seerr.requests({ ...options, mine: !everybody, most: mostRequests });
    // A request has no title of its own: each title is asked for, side by side.
    const titles = await Promise.all(
      requests.map((request) =>
        seerr.find(request, options).catch((error: unknown) => {
          // Seerr's answer for a title that TMDB took away; the other requests are shown all the same.
          if (error instanceof ServiceError && error.failure === 'server_error') return null;
          throw error;
        }),
      ),
    );
    return {
      requests: requests.map(({ id, state, seasons, is4k, requestedBy }, index) => {
        const title = titles[index];
        const named =
          title == null ? { title: 'Unknown', year: null, status: 'unknown' } : shortTitle(inEdition(title, is4k));
        return { requestId: id, state, ...named, is4k, seasons, ...(everybody ? { requestedBy } : {}) };
      }),
    };
  },
});

export const removeRequest = definePressTool({
  name: 'remove_request',
  description: 'Remove one of the person’s own requests from Seerr.',
  effect: 'destroy',
  services: ['jellyseerr'],
  input: z.object({ requestId: z.number().int().positive().describe('from list_requests') }),
  activity: 'Removing the request',
  async run(stack, { requestId }, options) {
    const seerr = stack.get('jellyseerr');
    const request = await ownRequest(stack, requestId, options);
    if (request === null) return { result: 'already_gone' as const };
    const title = await seerr.find(request, options);
    await seerr.removeRequest(requestId, options);
    return { result: 'removed' as const, title: title?.title ?? null, year: title?.year ?? null };
  },
  async verify(stack, { requestId }, options) {
    const request = await stack.get('jellyseerr').findRequest(requestId, options);
    return request === null ? 'happened' : 'did_not_happen';
  },
});

/** A request of the person's own, null when it is gone. Throws UserError when it is someone else's. */
export async function ownRequest(
  stack: Stack,
  requestId: number,
  options: { signal: AbortSignal },
): Promise<SeerrRequest | null> {
  const seerr = stack.get('jellyseerr');
  const [request, myId] = await Promise.all([seerr.findRequest(requestId, options), seerr.myId(options)]);
  if (request !== null && request.requestedById !== myId)
    throw new UserError('That request is not yours. Whoever runs Seerr can remove it there.');
  return request;
}
