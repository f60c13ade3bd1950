import { z } from 'zod';
import { createHttp } from '../http.ts';
import { plainText } from '../http-failures.ts';
import type { Connection, ServiceCheck, ServiceClient } from '../service.ts';

const statusSchema = z.looseObject({ version: z.string(), commitTag: z.string() });
const userSchema = z.looseObject({ id: z.number() });
const countSchema = z.looseObject({ total: z.number(), pending: z.number() });

export type SeerrClient = ServiceClient;

/** Seerr and Jellyseerr, API v1 (seerr-api.yml). */
export function openSeerr(connection: Connection): SeerrClient {
  const http = createHttp({
    service: 'jellyseerr',
    baseUrl: connection.baseUrl,
    headers: { 'x-api-key': connection.secret },
    http: connection.http,
  });
  return {
    async check(options): Promise<ServiceCheck> {
      const status = await http.json({ path: '/api/v1/status', signal: options?.signal }, statusSchema);
      await http.json({ path: '/api/v1/auth/me', signal: options?.signal }, userSchema);
      const count = await http.json({ path: '/api/v1/request/count', signal: options?.signal }, countSchema);
      return {
        version: plainText(status.version, 40),
        holds: `${count.total} ${count.total === 1 ? 'request' : 'requests'}, ${count.pending} waiting for approval`,
      };
    },
  };
}
