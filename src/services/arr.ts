import { z } from 'zod';
import { ServiceError } from '../errors.ts';
import { type ArrQueue, queueLength } from './arr-queue.ts';
import { createHttp, type Http } from './http.ts';
import { plainText } from './http-failures.ts';
import { listOf } from './list-of.ts';
import type { CallOptions, Connection, ServiceCheck, ServiceClient } from './service.ts';
import type { QualityProfile, RootFolder } from './titles.ts';
import { checkedAs } from './who-answers.ts';

/** What Radarr and Sonarr (API v3) have in common: one codebase, two libraries. */

/** What both can do in the same way. */
export type ArrClient = ServiceClient & ArrQueue;

const statusSchema = z.looseObject({ appName: z.string().nullish(), version: z.string().nullish() });
const profilesSchema = listOf(z.object({ id: z.number(), name: z.string().nullish() }));
const foldersSchema = listOf(z.object({ path: z.string().nullish(), freeSpace: z.number().nullish() }));
/** The answer to a command that they accepted; a proxy's web page does not match. */
export const acceptedSchema = z.looseObject({ id: z.number() });
export const imagesSchema = listOf(
  z.looseObject({ coverType: z.string().nullish(), remoteUrl: z.string().nullish() }),
).nullish();

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
    secrets: [connection.secret],
  });
}

type App = { service: string; appName: string; connection: Connection };

/**
 * Asks which program answers, and refuses another: the two share a path, so a Sonarr answers under "radarr". `count` asks
 * how many titles there are, in words.
 */
export function checkArr(
  http: Http,
  { service, appName, connection }: App,
  count: () => Promise<string>,
  options?: CallOptions,
): Promise<ServiceCheck> {
  return checkedAs({ service, label: appName, connection }, options, async () => {
    const status = await http.json({ path: '/api/v3/system/status', signal: options?.signal }, statusSchema);
    if (status.appName !== appName) {
      const detail = status.appName ? plainText(status.appName, 40) : null;
      throw new ServiceError({ service, failure: 'wrong_service', sent: 'answered', detail });
    }
    const [titles, waiting] = await Promise.all([count(), queueLength(http, options)]);
    return { version: plainText(status.version ?? 'unknown', 40), holds: `${titles}, ${waiting} in the queue` };
  });
}

export async function qualityProfiles(http: Http, options?: CallOptions): Promise<QualityProfile[]> {
  const profiles = await http.json({ path: '/api/v3/qualityprofile', signal: options?.signal }, profilesSchema);
  return profiles.map(({ id, name }) => ({ id, name: name ?? `Profile ${id}` }));
}

export async function rootFolders(http: Http, options?: CallOptions): Promise<RootFolder[]> {
  const folders = await http.json({ path: '/api/v3/rootfolder', signal: options?.signal }, foldersSchema);
  return folders.flatMap(({ path, freeSpace }) => (path ? [{ path, freeBytes: freeSpace ?? null }] : []));
}

/** How many titles, in words. A library whose list is too large to read is still a working library. */
export async function countTitles(titles: Promise<readonly unknown[]>, one: string, many: string): Promise<string> {
  try {
    const { length } = await titles;
    return `${length} ${length === 1 ? one : many}`;
  } catch (error) {
    if (error instanceof ServiceError && error.failure === 'too_large') return `more ${many} than can be counted`;
    throw error;
  }
}

/** For a title that should be added, but that the server's own source no longer knows. */
export function unknownTitle(service: string, what: string): ServiceError {
  return new ServiceError({
    service,
    failure: 'rejected',
    sent: 'answered',
    detail: `it knows no ${what} with that id.`,
  });
}
