import { z } from 'zod';
import { secondsOf } from '../arr/queue.ts';
import { listOf } from '../list-of.ts';
import type { Season, TitleStatus } from '../titles.ts';

/** What Seerr holds of a title that someone asked for or that is there, plain and in 4K. All text is untrusted. */

/** Seerr's MediaStatus and MediaRequestStatus (server/constants/media.ts). */
const media = { pending: 2, processing: 3, partial: 4, available: 5, blocklisted: 6 };
export const requestStates = [
  'unknown',
  'waiting_for_approval',
  'approved',
  'declined',
  'failed',
  'completed',
] as const;
export type RequestState = (typeof requestStates)[number];

/** A download of the Radarr or Sonarr behind Seerr, as often as Seerr looks there. */
export type SeerrDownload = {
  /** Null for a film, and where Seerr does not say. */
  seasonNumber: number | null;
  sizeBytes: number;
  remainingBytes: number;
  /** Seconds, null when unknown. */
  secondsLeft: number | null;
  state: 'downloading' | 'paused' | 'importing' | 'stuck';
};

/** A title in plain or in 4K, which Seerr keeps apart. */
export type Edition = { status: TitleStatus; seasons: Season[]; downloads: SeerrDownload[] };

const downloadSchema = z.looseObject({
  size: z.number().nullish(),
  sizeLeft: z.number().nullish(),
  status: z.string().nullish(),
  timeLeft: z.string().nullish(),
  episode: z.looseObject({ seasonNumber: z.number().nullish() }).nullish(),
});
const downloadsSchema = listOf(downloadSchema).nullish();
const seasonsSchema = listOf(z.looseObject({ seasonNumber: z.number() })).nullish();
const status = z.number().nullish();

export const mediaInfoSchema = z
  .looseObject({
    id: z.number().nullish(),
    tmdbId: z.number().nullish(),
    status,
    status4k: status,
    downloadStatus: downloadsSchema,
    downloadStatus4k: downloadsSchema,
    seasons: listOf(z.looseObject({ seasonNumber: z.number(), status, status4k: status })).nullish(),
    requests: listOf(z.looseObject({ status, is4k: z.boolean().nullish(), seasons: seasonsSchema })).nullish(),
  })
  .nullish();
type MediaInfo = z.output<typeof mediaInfoSchema>;

/** The seasons that TMDB lists of a series. */
export const listedSeasonsSchema = listOf(
  z.looseObject({ seasonNumber: z.number(), episodeCount: z.number().nullish() }),
).nullish();

/** A request's state in words; a number that Seerr does not have yet is `unknown`. */
export function requestState(code: number | null | undefined): RequestState {
  return requestStates[code ?? 0] ?? 'unknown';
}

/** What Seerr holds of one edition. A season is `monitored` when it can't be asked for again. */
export function editionOf(info: MediaInfo, is4k: boolean, listed: z.output<typeof listedSeasonsSchema>): Edition {
  // What Seerr itself counts as asked for: a failed request too, which its administrators may send again.
  const requests = (info?.requests ?? []).filter((request) => {
    const state = requestState(request.status);
    return (request.is4k ?? false) === is4k && state !== 'declined' && state !== 'completed';
  });
  // A request that waits for approval is not among the seasons, only among the requests.
  const asked = new Set(requests.flatMap(({ seasons }) => (seasons ?? []).map(({ seasonNumber }) => seasonNumber)));
  const known = new Map((info?.seasons ?? []).map((one) => [one.seasonNumber, is4k ? one.status4k : one.status]));
  const seasons = (listed ?? [])
    .filter(({ episodeCount }) => episodeCount !== 0)
    .map(({ seasonNumber, episodeCount }): Season => {
      const code = known.get(seasonNumber) ?? 0;
      const count = episodeCount ?? 0;
      return {
        seasonNumber,
        monitored: asked.has(seasonNumber) || (code >= media.pending && code <= media.available),
        episodeCount: count,
        episodeFileCount: code === media.available ? count : 0,
      };
    })
    .sort((one, other) => one.seasonNumber - other.seasonNumber);
  const downloads = ((is4k ? info?.downloadStatus4k : info?.downloadStatus) ?? []).map(downloadOf);
  const code = is4k ? info?.status4k : info?.status;
  // The blocklist knows no editions.
  const isBlocklisted = info?.status === media.blocklisted;
  const isFailed = requests.length > 0 && requests.every((one) => requestState(one.status) === 'failed');
  const isWaiting = requests.length > 0 && requests.every((one) => requestState(one.status) === 'waiting_for_approval');
  return {
    status: isBlocklisted
      ? { state: 'blocklisted' }
      : statusOf({ code, downloads, seasons, isAsked: requests.length > 0, isWaiting, isFailed }),
    seasons,
    downloads,
  };
}

function statusOf(of: {
  code: number | null | undefined;
  downloads: readonly SeerrDownload[];
  seasons: readonly Season[];
  isAsked: boolean;
  isWaiting: boolean;
  isFailed: boolean;
}): TitleStatus {
  if (of.code === media.available) return { state: 'available' };
  if (of.downloads.length > 0) return { state: 'downloading', percent: percentOf(of.downloads) };
  if (of.code === media.partial) {
    const counted = of.seasons.filter(({ seasonNumber }) => seasonNumber > 0);
    const have = counted.reduce((sum, season) => sum + season.episodeFileCount, 0);
    return { state: 'partial', have, of: counted.reduce((sum, season) => sum + season.episodeCount, 0) };
  }
  if (of.isFailed) return { state: 'failed' };
  if (of.code === media.pending || of.isWaiting) return { state: 'requested' };
  return of.code === media.processing || of.isAsked ? { state: 'monitored' } : { state: 'absent' };
}

/** How far some downloads have come together, 0 to 100. */
export function percentOf(downloads: readonly SeerrDownload[]): number {
  const size = downloads.reduce((sum, download) => sum + download.sizeBytes, 0);
  const left = downloads.reduce((sum, download) => sum + download.remainingBytes, 0);
  return size > 0 ? Math.min(100, Math.max(0, (1 - left / size) * 100)) : 0;
}

function downloadOf(raw: z.output<typeof downloadSchema>): SeerrDownload {
  return {
    seasonNumber: raw.episode?.seasonNumber ?? null,
    sizeBytes: raw.size ?? 0,
    remainingBytes: raw.sizeLeft ?? 0,
    secondsLeft: secondsOf(raw.timeLeft),
    state: downloadStates[raw.status?.toLowerCase() ?? ''] ?? 'downloading',
  };
}

/** Radarr's and Sonarr's words; everything else moves, or is about to. */
const downloadStates: Record<string, SeerrDownload['state']> = {
  warning: 'stuck',
  failed: 'stuck',
  downloadclientunavailable: 'stuck',
  completed: 'importing',
  paused: 'paused',
};
