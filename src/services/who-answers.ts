import { z } from 'zod';
import { ServiceError, type ServiceFailure } from '../errors.ts';
import { createHttp, type Http } from './http.ts';
import type { CallOptions, Connection, ServiceCheck } from './service.ts';

/** Failures that can mean that another program answers. All others are about the connection. */
const telling = new Set<ServiceFailure>([
  'unauthorized',
  'address_refused',
  'forbidden',
  'not_found',
  'rejected',
  'redirected',
  'not_json',
  'unexpected_reply',
  'wrong_service',
]);

/**
 * Runs a check. If another program seems to answer, finds out which one, without sending the key. Throws the check's own
 * ServiceError, or `wrong_service` with the program's name as detail.
 */
export async function checkedAs(
  expected: { service: string; label: string; connection: Connection },
  options: CallOptions | undefined,
  check: () => Promise<ServiceCheck>,
): Promise<ServiceCheck> {
  try {
    return withoutSecret(await check(), expected.connection);
  } catch (error) {
    if (!(error instanceof ServiceError) || !telling.has(error.failure) || error.detail === expected.label) throw error;
    if (error.failure === 'wrong_service' && error.detail !== null) throw error;
    const detail = await whoAnswers(expected.service, expected.connection, options);
    if (detail === null || detail === expected.label) throw error;
    throw new ServiceError({ service: expected.service, failure: 'wrong_service', sent: 'answered', detail });
  }
}

const jellyfinSchema = z.object({ ProductName: z.literal('Jellyfin Server') });
const seerrSchema = z.object({ version: z.string(), commitTag: z.string() });

/** A page has its title near its beginning. */
const headLength = 32_000;

/** The programs whose log-in or start page has their name as title. */
const titled = ['Radarr', 'Sonarr', 'Lidarr', 'Readarr', 'Prowlarr', 'Whisparr', 'Bazarr', 'qBittorrent', 'Jellyfin'];

/** Removes the key from a server's texts, since the server knows it. Very short keys are left: they would remove ordinary digits. */
function withoutSecret({ version, holds }: ServiceCheck, { secret }: Connection): ServiceCheck {
  const clean = (text: string) => (secret.length < 6 ? text : text.replaceAll(secret, '…'));
  return { version: clean(version), holds: clean(holds) };
}

/** The name of a known program at this address, told by what each shows to anyone; null when none is known. */
async function whoAnswers(service: string, connection: Connection, options?: CallOptions): Promise<string | null> {
  const limits = { ...connection.http, timeoutMs: Math.min(connection.http.timeoutMs, 3000) };
  const http = createHttp({ service, baseUrl: connection.baseUrl, headers: {}, http: limits });
  const signal = options?.signal;
  const names = await Promise.all([
    answersWith(http.json({ path: '/System/Info/Public', signal }, jellyfinSchema), () => 'Jellyfin'),
    answersWith(http.json({ path: '/api/v1/status', signal }, seerrSchema), () => 'Seerr'),
    titleOf(http, '/login', signal),
    titleOf(http, '/', signal),
  ]);
  return names.find((name) => name !== null) ?? null;
}

function titleOf(http: Http, path: string, signal: AbortSignal | undefined): Promise<string | null> {
  const page = http.text({ path, headers: { accept: 'text/html' }, signal });
  return answersWith(page, ({ text }) => {
    const title = /<title>([^<]{1,100})<\/title>/i.exec(text.slice(0, headLength))?.[1] ?? '';
    return titled.find((name) => title.split(/[^A-Za-z]+/).includes(name)) ?? null;
  });
}

/** Reads from a reply who answers. A failed probe gives null; the caller's stop is thrown on. */
async function answersWith<Reply>(reply: Promise<Reply>, read: (reply: Reply) => string | null) {
  try {
    return read(await reply);
  } catch (error) {
    if (error instanceof ServiceError) return null;
    throw error;
  }
}
