import { pino } from 'pino';
import { type PlaygroundServers, startServers } from '../../playground/servers/start-servers.ts';
import { createKeyring } from '../../src/db/encryption.ts';
import { createServiceConfig } from '../../src/db/queries/service-configs.ts';
import { upsertUser } from '../../src/db/queries/users.ts';
import type { User } from '../../src/db/schema.ts';
import type { LedgerContext } from '../../src/tools/ledger.ts';
import type { engines } from '../database.ts';
import { openTestDatabase } from '../database.ts';

export type TwoLedgers = {
  servers: PlaygroundServers;
  /** The same ledger in two processes. */
  context: LedgerContext;
  other: LedgerContext;
  /** Has the services set up. */
  ada: User;
  close(): Promise<void>;
};

/** Media servers, a database, and two processes that work on it for one person. Times in milliseconds. */
export async function startTwoLedgers(
  engine: (typeof engines)[number],
  {
    services,
    serviceMs,
    leaseMs,
  }: { services: readonly ('radarr' | 'sonarr' | 'jellyseerr')[]; serviceMs: number; leaseMs: number },
): Promise<TwoLedgers> {
  const database = await openTestDatabase(engine);
  const servers = await startServers();
  const keyring = createKeyring([Buffer.alloc(32, 1)]);
  const limits = {
    serviceMs,
    modelMs: 300,
    autocompleteMs: 300,
    buttonMs: 60_000,
    leaseMs,
    editMs: 50,
    progressMs: 300,
    followMs: 60_000,
    tokenMs: 60_000,
    stopMs: 500,
  };
  const http = { addressPolicy: 'private-allowed' as const, timeoutMs: serviceMs, maxResponseBytes: 1_000_000 };
  const context = { db: database.db, keyring, http, limits, log: pino({ level: 'silent' }), processId: 'one' };
  const ada = await upsertUser(database.db, { discordId: '1001', username: 'ada' });
  for (const serviceName of services) {
    const apiKey = keyring.encrypt({ plaintext: servers[serviceName].apiKey, userId: ada.id, serviceName });
    await createServiceConfig(database.db, { userId: ada.id, serviceName, baseUrl: servers[serviceName].url, apiKey });
  }
  return {
    servers,
    context,
    other: { ...context, processId: 'two' },
    ada,
    close: async () => {
      await database.close();
      await servers.stop();
    },
  };
}
