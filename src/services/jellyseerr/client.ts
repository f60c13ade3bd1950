import { z } from 'zod';
import { ServiceError } from '../../errors.ts';
import { createHttp } from '../http.ts';
import { plainText } from '../http-failures.ts';
import type { Connection, ServiceClient } from '../service.ts';
import { checkedAs } from '../who-answers.ts';

const service = 'jellyseerr';

const statusSchema = z.looseObject({ version: z.string(), commitTag: z.string() });
const userSchema = z.looseObject({ id: z.number() });
const countSchema = z.looseObject({ total: z.number(), pending: z.number() });

export type SeerrClient = ServiceClient;

/** Seerr and Jellyseerr, API v1 (seerr-api.yml). */
export function openSeerr(connection: Connection): SeerrClient {
  const http = createHttp({
    service,
    baseUrl: connection.baseUrl,
    headers: { 'x-api-key': connection.secret },
    http: connection.http,
    secrets: [connection.secret],
  });
  return {
    check: (options) =>
      checkedAs({ service, label: 'Seerr', connection }, options, async () => {
        const status = await http.json({ path: '/api/v1/status', signal: options?.signal }, statusSchema);
        await acceptedKey(http.json({ path: '/api/v1/auth/me', signal: options?.signal }, userSchema));
        const count = await http.json({ path: '/api/v1/request/count', signal: options?.signal }, countSchema);
        return {
          version: plainText(status.version, 40),
          holds: `${count.total} ${count.total === 1 ? 'request' : 'requests'}, ${count.pending} waiting for approval`,
        };
      }),
  };
}

/** A missing key is 401 in Seerr and a wrong one 403, which for other calls means that the user may not do it. */
async function acceptedKey(user: Promise<unknown>): Promise<void> {
  try {
    await user;
  } catch (error) {
    if (!(error instanceof ServiceError) || error.failure !== 'forbidden') throw error;
    throw new ServiceError({ service, failure: 'unauthorized', sent: 'answered', status: error.status });
  }
}
