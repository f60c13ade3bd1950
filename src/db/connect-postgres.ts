import { Socket } from 'node:net';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { UserError } from '../errors.ts';
import type { Connection } from './connection.ts';
import { describeDatabaseError } from './describe-database-error.ts';
import { migrationsFolder } from './migrations.ts';
import { PostgresPool } from './postgres-pool.ts';
import * as schema from './schema.ts';

/** How long an attempt to connect may take, in milliseconds, where no other limit is given. */
const connectMs = 10_000;

/**
 * A pool of 10 connections. A connection that is silent for `silenceMs` milliseconds while a query is open is closed, so that the
 * query fails instead of waiting for a server that is gone. Throws UserError when the server does not answer or refuses.
 */
export async function connectPostgres(
  url: string,
  { silenceMs }: { silenceMs?: number | undefined } = {},
): Promise<Connection> {
  const limits = silenceMs === undefined ? { connectionTimeoutMillis: connectMs } : endingSilence(silenceMs);
  const pool = new PostgresPool({ connectionString: url, max: 10, ...limits });
  try {
    await pool.query('select 1');
  } catch (cause) {
    await pool.end();
    throw unusable(cause);
  }
  return {
    db: drizzle(pool, { schema }),
    engine: 'postgres',
    background: pool.forBackground(),
    migrate: () => migrateAlone(url),
    close: () => pool.end(),
  };
}

/**
 * The driver's own limit for a query leaves its connection in use. Connections without a query are ended before the limit of silence
 * passes, so that only those with one can reach it.
 */
function endingSilence(silenceMs: number): pg.PoolConfig {
  const stream = () => {
    const socket = new Socket();
    const silence = Object.assign(new Error('PostgreSQL was silent for too long'), { code: 'ETIMEDOUT' });
    return socket.setTimeout(silenceMs, () => socket.destroy(silence));
  };
  // The same limit for who waits while all connections are in use.
  return { idleTimeoutMillis: silenceMs * 0.6, connectionTimeoutMillis: silenceMs, stream };
}

/** `migrate` is not safe from several processes at once: one connection holds a lock from before it until it is over. */
async function migrateAlone(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectMs });
  // What breaks the connection fails the statement that is open, too.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(`select pg_advisory_lock(hashtext('assistarr migrations'))`);
    await migrate(drizzle(client), { migrationsFolder });
  } catch (cause) {
    throw unusable(cause);
  } finally {
    await client.end();
  }
}

function unusable(cause: unknown): UserError {
  const { code = 'unknown' } = describeDatabaseError(cause);
  return new UserError(
    `The database at POSTGRES_URL cannot be used (${code}). Check that the server runs, that user, password and database are right, and that the user may create tables.`,
    { cause },
  );
}
