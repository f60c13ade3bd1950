import { z } from 'zod';
import type { Say } from '../../messages.ts';
import type { Http } from '../http.ts';
import { plainText } from '../http-failures.ts';
import { listOf } from '../list-of.ts';
import type { CallOptions } from '../service.ts';
import { namelessMessages, type QueueItem } from '../titles.ts';

/** The download queue of Radarr and Sonarr (API v3, /queue). */

const queuePageSchema = z.object({
  totalRecords: z.number().nullish(),
  records: listOf(
    z.object({
      id: z.number().nullish(),
      title: z.string().nullish(),
      movieId: z.number().nullish(),
      seriesId: z.number().nullish(),
      seasonNumber: z.number().nullish(),
      episode: z.object({ seasonNumber: z.number().nullish(), episodeNumber: z.number().nullish() }).nullish(),
      size: z.number().nullish(),
      sizeleft: z.number().nullish(),
      timeleft: z.string().nullish(),
      status: z.string().nullish(),
      trackedDownloadStatus: z.string().nullish(),
      trackedDownloadState: z.string().nullish(),
      statusMessages: listOf(z.object({ messages: listOf(z.string()).nullish() })).nullish(),
      errorMessage: z.string().nullish(),
      downloadId: z.string().nullish(),
    }),
  ).nullish(),
});
type QueueRecord = NonNullable<z.output<typeof queuePageSchema>['records']>[number];

/** How many downloads there are. */
export async function queueLength(http: Http, options?: CallOptions): Promise<number> {
  const request = { path: '/api/v3/queue', query: { page: 1, pageSize: 1 }, signal: options?.signal };
  const page = await http.json(request, queuePageSchema);
  return page.totalRecords ?? page.records?.length ?? 0;
}

const pageSize = 200;
const mostPages = 10;

/** `unless_picked`: not where a person picked the release themselves, in an interactive search. */
export const redownloads = ['always', 'unless_picked', 'never'] as const;

/** Their settings of download clients, as far as they are read. */
const failedSchema = z.object({
  autoRedownloadFailed: z.boolean().nullish(),
  autoRedownloadFailedFromInteractiveSearch: z.boolean().nullish(),
});

/** What both do with their queue. */
export type ArrQueue = {
  /** The whole download queue. */
  queue(options?: CallOptions): Promise<QueueItem[]>;
  /**
   * Takes a download out of the queue, with all of its items, whichever of them is named. Without a client to remove it from and without the
   * blocklist it is ignored from then on. A search follows only the blocklist, and only as `redownload` says.
   */
  removeFromQueue(
    queueId: number,
    how: { removeFromClient: boolean; blocklist: boolean; searchAgain: boolean },
    options?: CallOptions,
  ): Promise<void>;
  /** Whether it looks for another release by itself when one failed or was put on the blocklist. */
  redownload(options?: CallOptions): Promise<(typeof redownloads)[number]>;
};

/** The queue of one server. `include` asks for what it leaves out by itself. */
export function openQueue(http: Http, include: Record<string, boolean>, say: Say): ArrQueue {
  return {
    queue: (options) => wholeQueue(http, include, say, options),
    removeFromQueue(queueId, { removeFromClient, blocklist, searchAgain }, options) {
      const query = { removeFromClient, blocklist, skipRedownload: !searchAgain };
      return http.nothing({ method: 'DELETE', path: `/api/v3/queue/${queueId}`, query, signal: options?.signal });
    },
    async redownload(options) {
      const config = await http.json({ path: '/api/v3/config/downloadclient', signal: options?.signal }, failedSchema);
      if (config.autoRedownloadFailed !== true) return 'never';
      // Older versions have no setting of its own for what was picked by hand.
      return config.autoRedownloadFailedFromInteractiveSearch === false ? 'unless_picked' : 'always';
    },
  };
}

async function wholeQueue(
  http: Http,
  include: Record<string, boolean>,
  say: Say,
  options?: CallOptions,
): Promise<QueueItem[]> {
  const items: QueueItem[] = [];
  for (let page = 1; page <= mostPages; page++) {
    const query = { page, pageSize, ...include };
    const reply = await http.json({ path: '/api/v3/queue', query, signal: options?.signal }, queuePageSchema);
    const records = reply.records ?? [];
    items.push(...records.map((record) => queueItem(record, say)));
    if (records.length < pageSize || items.length >= (reply.totalRecords ?? 0)) break;
  }
  return items;
}

function queueItem(record: QueueRecord, say: Say): QueueItem {
  const sizeBytes = record.size ?? 0;
  const remainingBytes = record.sizeleft ?? 0;
  const messages = record.statusMessages?.flatMap((item) => item.messages ?? []) ?? [];
  const reason = record.errorMessage ?? messages[0] ?? null;
  return {
    queueId: record.id ?? null,
    title: record.title ?? say(namelessMessages.download),
    libraryId: record.movieId ?? record.seriesId ?? null,
    seasonNumber: record.episode?.seasonNumber ?? record.seasonNumber ?? null,
    episodeNumber: record.episode?.episodeNumber ?? null,
    percent: sizeBytes > 0 ? Math.min(100, Math.max(0, (1 - remainingBytes / sizeBytes) * 100)) : 0,
    sizeBytes,
    remainingBytes,
    secondsLeft: secondsOf(record.timeleft),
    state: stateOf(record),
    reason: reason === null ? null : plainText(reason),
    downloadId: record.downloadId?.toLowerCase() ?? null,
  };
}

function stateOf(record: QueueRecord): QueueItem['state'] {
  const status = record.status?.toLowerCase();
  if (record.trackedDownloadStatus === 'warning' || record.trackedDownloadStatus === 'error') return 'stuck';
  if (status === 'warning' || status === 'failed' || record.errorMessage) return 'stuck';
  if (record.trackedDownloadState?.startsWith('import') || status === 'completed') return 'importing';
  if (status === 'paused') return 'paused';
  return status === 'downloading' ? 'downloading' : 'queued';
}

/** "1.02:03:04" or "02:03:04" as seconds: how Radarr and Sonarr write times, and Seerr, which passes theirs on. */
export function secondsOf(text: string | null | undefined): number | null {
  const match = /^(?:(\d+)\.)?(\d+):(\d+):(\d+)/.exec(text ?? '');
  if (match === null) return null;
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = match;
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
}

/** How far a title's downloads have come together, 0 to 100; null when none is in the queue. */
export function downloadPercent(items: readonly QueueItem[], libraryId: number): number | null {
  const own = items.filter((item) => item.libraryId === libraryId);
  if (own.length === 0) return null;
  const size = own.reduce((sum, item) => sum + item.sizeBytes, 0);
  const left = own.reduce((sum, item) => sum + item.remainingBytes, 0);
  return size > 0 ? Math.min(100, Math.max(0, (1 - left / size) * 100)) : 0;
}
