import { postgresHosts } from '../db/postgres-hosts.ts';
import type { OwnListener } from '../services/service.ts';

/** Where the bot listens itself, and where its database does: people may not give these as their media servers. */
export function ownListeners(
  postgresUrl: string | undefined,
  http: { host: string; port: number } | null,
): readonly OwnListener[] {
  const own: OwnListener[] = http === null ? [] : [{ ...http, scope: 'as-bound' }];
  // Only the database knows on which of its machine's addresses it listens.
  const database = postgresUrl === undefined ? [] : postgresHosts(postgresUrl);
  return [...own, ...database.map((at) => ({ ...at, scope: 'whole-machine' as const }))];
}
