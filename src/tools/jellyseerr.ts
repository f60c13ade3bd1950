import { z } from 'zod';
import { ServiceError, UserError } from '../errors.ts';
import type { SeerrTitle } from '../services/jellyseerr/schemas.ts';
import { shortTitle } from './title-list.ts';
import { definePressTool, defineReadTool } from './tool.ts';

const kind = z.enum(['movie', 'series']);
const tmdbId = z.number().int().positive().describe('from search_seerr');
const mostRequests = 10;
/** How far back a request is still known to be the person's own. */
const mostOwn = 100;

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
    const seasons = of === 'series' ? (wanted ?? openSeasons(title)) : [];
    const summary = { ...titleSummary(title), is4k };
    if (of === 'series' && seasons.length === 0) return { result: 'already_there' as const, ...summary };
    try {
      const made = await seerr.request({ kind: of, tmdbId: id, seasons, is4k }, options);
      if (made === null) return { result: 'already_there' as const, ...summary };
      const isWaiting = made.state === 'waiting_for_approval';
      const result = isWaiting ? ('waiting_for_approval' as const) : ('requested' as const);
      return { result, ...summary, requestId: made.id, requestedSeasons: seasons };
    } catch (error) {
      if (!(error instanceof ServiceError) || error.failure !== 'conflict') throw error;
      return { result: 'already_requested' as const, ...summary };
    }
  },
  async verify(stack, { kind: of, tmdbId: id, seasons = [], is4k }, options) {
    const title = await stack.get('jellyseerr').find({ kind: of, tmdbId: id }, options);
    if (title === null) return 'did_not_happen';
    if (of === 'movie' || is4k === true) return isAsked(is4k ? title.status4k : title.status);
    const there = new Set(title.seasons.filter(({ monitored }) => monitored).map(({ seasonNumber }) => seasonNumber));
    return seasons.length > 0 && seasons.every((number) => there.has(number)) ? 'happened' : 'did_not_happen';
  },
});

function isAsked({ state }: SeerrTitle['status']): 'happened' | 'did_not_happen' {
  return state === 'absent' ? 'did_not_happen' : 'happened';
}

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
    const titles = await Promise.all(requests.map((request) => seerr.find(request, options)));
    return {
      requests: requests.map(({ id, state, seasons, is4k, requestedBy }, index) => {
        const title = titles[index];
        const named = title == null ? { title: 'Unknown', year: null, status: 'unknown' } : shortTitle(title);
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
    const request = await seerr.findRequest(requestId, options);
    if (request === null) return { result: 'already_gone' as const };
    const own = await seerr.requests({ ...options, mine: true, most: mostOwn });
    if (!own.some(({ id }) => id === requestId))
      throw new UserError('That request is not yours, or an old one. Remove it in Seerr itself.');
    const title = await seerr.find(request, options);
    await seerr.removeRequest(requestId, options);
    return { result: 'removed' as const, title: title?.title ?? null, year: title?.year ?? null };
  },
  async verify(stack, { requestId }, options) {
    const request = await stack.get('jellyseerr').findRequest(requestId, options);
    return request === null ? 'happened' : 'did_not_happen';
  },
});
