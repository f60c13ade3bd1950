import { z } from 'zod';
import { ServiceError } from '../../errors.ts';
import { createHttp } from '../http.ts';
import { plainText } from '../http-failures.ts';
import type { CallOptions, Connection, ServiceClient } from '../service.ts';
import { checkedAs } from '../who-answers.ts';

const infoSchema = z.looseObject({ ProductName: z.string().nullish(), Version: z.string().nullish() });
const countsSchema = z.looseObject({ MovieCount: z.number().nullish(), SeriesCount: z.number().nullish() });
const usersSchema = z.array(z.looseObject({ Id: z.string(), Name: z.string().nullish() }));

export type JellyfinUser = { id: string; name: string };

export type JellyfinClient = ServiceClient & {
  /** Everyone who has an account: API keys are server-wide, so the person must say who they are. */
  users(options?: CallOptions): Promise<JellyfinUser[]>;
};

/** Jellyfin 10.11 and 12.0 (api.jellyfin.org). */
export function openJellyfin(connection: Connection): JellyfinClient {
  const fields = {
    Client: 'Assistarr',
    Device: 'Discord',
    DeviceId: 'assistarr',
    Version: '1',
    Token: connection.secret,
  };
  const pairs = Object.entries(fields).map(([name, value]) => `${name}="${encodeURIComponent(value.toWellFormed())}"`);
  const http = createHttp({
    service: 'jellyfin',
    baseUrl: connection.baseUrl,
    headers: { authorization: `MediaBrowser ${pairs.join(', ')}` },
    http: connection.http,
    secrets: [connection.secret],
  });
  return {
    check: (options) =>
      checkedAs({ service: 'jellyfin', label: 'Jellyfin', connection }, options, async () => {
        const open = await http.json({ path: '/System/Info/Public', signal: options?.signal }, infoSchema);
        if (open.ProductName !== 'Jellyfin Server') {
          const detail = open.ProductName ? plainText(open.ProductName, 40) : null;
          throw new ServiceError({ service: 'jellyfin', failure: 'wrong_service', sent: 'answered', detail });
        }
        const [info, counts] = await Promise.all([
          http.json({ path: '/System/Info', signal: options?.signal }, infoSchema),
          http.json({ path: '/Items/Counts', signal: options?.signal }, countsSchema),
        ]);
        const films = counts.MovieCount ?? 0;
        return {
          version: plainText(info.Version ?? 'unknown', 40),
          holds: `${films} ${films === 1 ? 'film' : 'films'}, ${counts.SeriesCount ?? 0} series`,
        };
      }),
    async users(options) {
      const users = await http.json({ path: '/Users', signal: options?.signal }, usersSchema);
      return users.map((user) => ({ id: user.Id, name: user.Name ?? user.Id }));
    },
  };
}
