import { z } from 'zod';
import { ServiceError } from '../../errors.ts';
import type { Message, Say } from '../../messages.ts';
import { createHttp, type Http } from '../http.ts';
import { plainText } from '../http-failures.ts';
import { listOf } from '../list-of.ts';
import type { CallOptions, Connection, ServiceCheck } from '../service.ts';
import { namelessMessages, type QualityProfile, type RootFolder } from '../titles.ts';
import { checkedAs } from '../who-answers.ts';
import { queueLength } from './queue.ts';

/** What Radarr and Sonarr (API v3) have in common: one codebase, two libraries. */

const statusSchema = z.looseObject({ appName: z.string().nullish(), version: z.string().nullish() });
const profilesSchema = listOf(z.object({ id: z.number(), name: z.string().nullish() }));
const foldersSchema = listOf(z.object({ path: z.string().nullish(), freeSpace: z.number().nullish() }));
/** The answer to a command or a change that they accepted; a proxy's web page does not match. */
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

/** What such a server holds, in words. */
export type HoldsWords = {
  holds: Message<{ count: number; waiting: number }>;
  /** More titles than can be counted. */
  holdsMany: Message<{ waiting: number }>;
};

/**
 * Asks which program answers, and refuses another: the two share a path, so a Sonarr answers under "radarr". `count` asks
 * how many titles there are, null when there are too many to be counted.
 */
export function checkArr(
  http: Http,
  { service, label, connection, words }: { service: string; label: string; connection: Connection; words: HoldsWords },
  count: () => Promise<number | null>,
  options?: CallOptions,
): Promise<ServiceCheck> {
  return checkedAs({ service, label, connection }, options, async () => {
    const status = await http.json({ path: '/api/v3/system/status', signal: options?.signal }, statusSchema);
    if (status.appName !== label) {
      const detail = status.appName ? plainText(status.appName, 40) : null;
      throw new ServiceError({ service, failure: 'wrong_service', sent: 'answered', detail });
    }
    const [titles, waiting] = await Promise.all([count(), queueLength(http, options)]);
    const { say } = connection;
    const holds = titles === null ? say(words.holdsMany, { waiting }) : say(words.holds, { count: titles, waiting });
    return { version: plainText(status.version ?? say(namelessMessages.version), 40), holds };
  });
}

export async function qualityProfiles(http: Http, say: Say, options?: CallOptions): Promise<QualityProfile[]> {
  const profiles = await http.json({ path: '/api/v3/qualityprofile', signal: options?.signal }, profilesSchema);
  return profiles.map(({ id, name }) => ({ id, name: name ?? say(namelessMessages.profile, { id }) }));
}

export async function rootFolders(http: Http, options?: CallOptions): Promise<RootFolder[]> {
  const folders = await http.json({ path: '/api/v3/rootfolder', signal: options?.signal }, foldersSchema);
  return folders.flatMap(({ path, freeSpace }) => (path ? [{ path, freeBytes: freeSpace ?? null }] : []));
}

/** Starts a command of theirs, by its name and with what it acts on. */
export async function startCommand(http: Http, name: string, what: object, options?: CallOptions): Promise<void> {
  const body = { name, ...what };
  await http.json({ method: 'POST', path: '/api/v3/command', body, signal: options?.signal }, acceptedSchema);
}
