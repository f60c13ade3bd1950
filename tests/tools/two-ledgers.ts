import { pino } from 'pino';
import { type PlaygroundServers, startServers } from '../../playground/servers/start-servers.ts';
import { createKeyring } from '../../src/db/encryption.ts';
import { createServiceConfig } from '../../src/db/queries/service-configs.ts';
import { upsertUser } from '../../src/db/queries/users.ts';
import type { User } from '../../src/db/schema.ts';
import { SealedKey } from '../../src/db/sealed-key.ts';
import { type Caller, callerOf } from '../../src/tools/caller.ts';
import { Fence } from '../../src/tools/fence.ts';
import type { LedgerContext } from '../../src/tools/run-claimed.ts';
import type { engines } from '../database.ts';
import { openTestDatabase } from '../database.ts';

export type TwoLedgers = {
  servers: PlaygroundServers;
  /** The same ledger in two processes. */
  context: LedgerContext;
  other: LedgerContext;
  /** Has the services set up. */
  ada: User;
  /** She, by a command. */
  caller: Caller;
  close(): Promise<void>;
};

/** Media servers, a database, and two processes that work on it for one person. Times in milliseconds. */
export async function startTwoLedgers(
  engine: (typeof engines)[number],
  {
    services,
    serviceMs,
    answerMs = 60_000,
    slowMs = 60_000,
    leaseMs,
  }: {
    services: readonly ('radarr' | 'sonarr' | 'jellyseerr')[];
    serviceMs: number;
    answerMs?: number;
    slowMs?: number;
    leaseMs: number;
  },
): Promise<TwoLedgers> {
  const database = await openTestDatabase(engine);
  const servers = await startServers();
  const keyring = createKeyring([Buffer.alloc(32, 1)]);
  const limits = {
    serviceMs,
    answerMs,
    slowMs,
    modelMs: 300,
    autocompleteMs: 300,
    buttonMs: 60_000,
    leaseMs,
    editMs: 50,
    firstWordsMs: 10,
    progressMs: 300,
    followMs: 60_000,
    tokenMs: 60_000,
    stopMs: 500,
  };
  const http = { addressPolicy: 'private-allowed' as const, timeoutMs: serviceMs, maxResponseBytes: 1_000_000 };
  const context = {
    db: database.db,
    keyring,
    http,
    limits,
    log: pino({ level: 'silent' }),
    processId: 'one',
    fence: new Fence(),
  };
  const ada = await upsertUser(database.db, { discordId: '1001', username: 'ada' });
  for (const serviceName of services) {
    const place = { userId: ada.id, serviceName, baseUrl: servers[serviceName].url };
    const apiKey = SealedKey.seal(keyring, servers[serviceName].apiKey, place);
    await createServiceConfig(database.db, { ...place, apiKey });
  }
  return {
    servers,
    context,
    other: { ...context, processId: 'two' },
    ada,
    caller: callerOf(ada, 'command'),
    close: async () => {
      await database.close();
      await servers.stop();
    },
  };
}
