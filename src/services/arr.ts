import { z } from 'zod';
import { ServiceError } from '../errors.ts';
import { createHttp, type Http } from './http.ts';
import { plainText } from './http-failures.ts';
import type { CallOptions, Connection } from './service.ts';
import type { QualityProfile, QueueItem, RootFolder } from './titles.ts';

/** What Radarr and Sonarr (API v3) have in common: one codebase, two libraries. */

const statusSchema = z.looseObject({ appName: z.string().nullish(), version: z.string().nullish() });
const profilesSchema = z.array(z.object({ id: z.number(), name: z.string().nullish() }));
const foldersSchema = z.array(z.object({ path: z.string().nullish(), freeSpace: z.number().nullish() }));
const queuePageSchema = z.object({
  totalRecords: z.number().nullish(),
  records: z
    .array(
      z.object({
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
        statusMessages: z.array(z.object({ messages: z.array(z.string()).nullish() })).nullish(),
        errorMessage: z.string().nullish(),
      }),
    )
    .nullish(),
});
type QueueRecord = NonNullable<z.output<typeof queuePageSchema>['records']>[number];

export const imagesSchema = z
  .array(z.object({ coverType: z.string().nullish(), remoteUrl: z.string().nullish() }))
  .nullish();

/** The poster's public https address: `url` is local and needs the key, so only `remoteUrl` counts. */
export function posterOf(images: z.output<typeof imagesSchema>): string | null {
  const address = images?.find((image) => image.coverType === 'poster')?.remoteUrl;
  const parsed = address ? URL.parse(address) : null;
  return parsed?.protocol === 'https:' && parsed.username === '' && parsed.href.length <= 2000 ? parsed.href : null;
}

/** HTTP to Radarr or Sonarr with the key in its header. */
export function createArrHttp(service: string, connection: Connection): Http {
  return createHttp({
    service,
    baseUrl: connection.baseUrl,
    headers: { 'x-api-key': connection.secret },
    http: connection.http,
  });
}

/** Asks which program answers, and refuses another: the two share a path, so a Sonarr answers under "radarr". */
export async function checkArr(http: Http, service: string, appName: string, options?: CallOptions): Promise<string> {
  const status = await http.json({ path: '/api/v3/system/status', signal: options?.signal }, statusSchema);
  if (status.appName === appName) return plainText(status.version ?? 'unknown', 40);
  const detail = status.appName ? plainText(status.appName, 40) : null;
  throw new ServiceError({ service, failure: 'wrong_service', sent: 'answered', detail });
}

export async function qualityProfiles(http: Http, options?: CallOptions): Promise<QualityProfile[]> {
  const profiles = await http.json({ path: '/api/v3/qualityprofile', signal: options?.signal }, profilesSchema);
  return profiles.map(({ id, name }) => ({ id, name: name ?? `Profile ${id}` }));
}

export async function rootFolders(http: Http, options?: CallOptions): Promise<RootFolder[]> {
  const folders = await http.json({ path: '/api/v3/rootfolder', signal: options?.signal }, foldersSchema);
  return folders.flatMap(({ path, freeSpace }) => (path ? [{ path, freeBytes: freeSpace ?? null }] : []));
}

const pageSize = 200;
const mostPages = 10;

/** The whole download queue. `include` asks for what the server leaves out by itself. */
export async function queue(http: Http, include: Record<string, boolean>, options?: CallOptions): Promise<QueueItem[]> {
  const items: QueueItem[] = [];
  for (let page = 1; page <= mostPages; page++) {
    const query = { page, pageSize, ...include };
    const reply = await http.json({ path: '/api/v3/queue', query, signal: options?.signal }, queuePageSchema);
    const records = reply.records ?? [];
    items.push(...records.map(queueItem));
    if (records.length < pageSize || items.length >= (reply.totalRecords ?? 0)) break;
  }
  return items;
}

function queueItem(record: QueueRecord): QueueItem {
  const sizeBytes = record.size ?? 0;
  const remainingBytes = record.sizeleft ?? 0;
  const messages = record.statusMessages?.flatMap((item) => item.messages ?? []) ?? [];
  const reason = record.errorMessage ?? messages[0] ?? null;
  return {
    title: record.title ?? 'Unknown',
    libraryId: record.movieId ?? record.seriesId ?? null,
    seasonNumber: record.episode?.seasonNumber ?? record.seasonNumber ?? null,
    episodeNumber: record.episode?.episodeNumber ?? null,
    percent: sizeBytes > 0 ? Math.min(100, Math.max(0, (1 - remainingBytes / sizeBytes) * 100)) : 0,
    sizeBytes,
    remainingBytes,
    secondsLeft: secondsOf(record.timeleft),
    state: stateOf(record),
    reason: reason === null ? null : plainText(reason),
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

/** "1.02:03:04" or "02:03:04" as seconds. */
function secondsOf(text: string | null | undefined): number | null {
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

/** Turns the refusal of a title that is there already into a `conflict`. Radarr and Sonarr say it with HTTP 400. */
export function asConflict(error: unknown, alreadyThere: RegExp): unknown {
  if (!(error instanceof ServiceError) || error.failure !== 'rejected') return error;
  if (error.detail === null || !alreadyThere.test(error.detail)) return error;
  return new ServiceError({
    service: error.service,
    failure: 'conflict',
    sent: 'answered',
    status: error.status,
    detail: error.detail,
  });
}
