import { connect, type Socket } from 'node:net';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { UserError } from '../errors.ts';
import { backgroundDatabase } from './background-database.ts';
import type { Connection } from './connection.ts';
import { describeDatabaseError } from './describe-database-error.ts';
import { migrationsFolder } from './migrations.ts';
import * as schema from './schema.ts';

const quiet = { onnotice: () => undefined, connect_timeout: 10 };

/** Seconds before an attempt to connect again, by how many failed: a server that is back is found within a second. */
const backoff = (attempts: number) => Math.min(3 ** attempts / 100, 1);

/**
 * A pool of 10 connections. A connection that is silent for `silenceMs` milliseconds while a query is open is closed, so that the
 * query fails instead of waiting for a server that is gone. Throws UserError when the server does not answer or refuses.
 */
export async function connectPostgres(
  url: string,
  { silenceMs }: { silenceMs?: number | undefined } = {},
): Promise<Connection> {
  const open = (max: number) =>
    postgres(url, { ...quiet, ...(silenceMs === undefined ? {} : endingSilence(silenceMs)), max, backoff });
  const client = open(10);
  // Connects when it is first used.
  const single = open(1);
  try {
    await client`select 1`;
  } catch (cause) {
    await client.end({ timeout: 0 });
    throw unusable(cause);
  }
  return {
    db: drizzle(preparing(client), { schema }),
    engine: 'postgres',
    background: backgroundDatabase({ pool: client, single }),
    migrate: () => migrateAlone(url),
    close: async () => {
      await Promise.all([client.end({ timeout: 5 }), single.end({ timeout: 5 })]);
    },
  };
}

/**
 * The same, with every statement prepared once for a connection: Drizzle asks for none, and each then takes two ways to the
 * server and a plan anew. (`?prepare=false` in the address switches it off, as some poolers need it.)
 */
function preparing<Client extends postgres.Sql | postgres.TransactionSql>(client: Client): Client {
  return new Proxy(client, {
    get(target, name) {
      if (name === 'unsafe')
        return (query: string, values: never[] = []) => target.unsafe(query, values, { prepare: values.length > 0 });
      if (name === 'begin' && 'begin' in target)
        return (work: (transaction: postgres.TransactionSql) => Promise<unknown>) =>
          target.begin((transaction) => whileConnected(() => work(preparing(transaction))));
      return Reflect.get(target, name);
    },
  });
}

/**
 * The driver says by itself that a transaction failed when its connection broke, and then still sends the rollback: into a socket that
 * is not there any more, which ends the process. So it does not learn that the work failed.
 */
async function whileConnected<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isAlive(error)) throw error;
    return new Promise(() => undefined);
  }
}

/**
 * The driver has no limit for a query. Its connections without a query are ended before the limit of silence passes, so that
 * only those with one can reach it.
 */
function endingSilence(silenceMs: number) {
  let attempts = 0;
  return {
    idle_timeout: (silenceMs * 0.6) / 1000,
    socket({ host, port, path }: { host: string[]; port: number[]; path?: string | null }): Socket {
      const index = attempts++ % host.length;
      const socket = connect(path ? { path } : { host: host[index], port: port[index] ?? 5432 });
      const silence = Object.assign(new Error('PostgreSQL was silent for too long'), { errno: 'ETIMEDOUT' });
      // The driver lets go of a socket at times before it has closed; an error that nobody listens to would end the process.
      return socket.setTimeout(silenceMs, () =>
        socket.destroy(socket.listenerCount('error') > 0 ? silence : undefined),
      );
    },
  };
}

/** `migrate` is not safe from several processes at once: one connection holds a lock from before it until it is over. */
async function migrateAlone(url: string): Promise<void> {
  // A connection that was replaced on the way would be without the lock.
  const single = postgres(url, { ...quiet, max: 1, idle_timeout: 0, max_lifetime: null });
  try {
    await single`select pg_advisory_lock(hashtext('assistarr migrations'))`;
    await migrate(drizzle(single), { migrationsFolder });
  } catch (cause) {
    throw unusable(cause);
  } finally {
    await single.end({ timeout: 5 });
  }
}

/** Whether the connection is there after an error: of the server's own only those with which it leaves end it, and of a query's those of its socket. */
function isAlive(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current instanceof postgres.PostgresError) return !/^(FATAL|PANIC)$/.test(current.severity);
    if ('parameters' in current && 'errno' in current) return false;
  }
  return true;
}

function unusable(cause: unknown): UserError {
  const { code = 'unknown' } = describeDatabaseError(cause);
  return new UserError(
    `The database at POSTGRES_URL cannot be used (${code}). Check that the server runs, that user, password and database are right, and that the user may create tables.`,
    { cause },
  );
}
