import { sql } from 'drizzle-orm';
import { migrate } from 'drizzle-orm/pg-proxy/migrator';
import { HostError } from '../errors.ts';
import type { Connection } from './connection.ts';
import { describeDatabaseError } from './describe-database-error.ts';
import { migrationsFolder } from './migrations.ts';
import { type PostgresAddress, readPostgresAddress } from './postgres-address.ts';
import { openLineTo } from './postgres-line.ts';
import { PostgresPool } from './postgres-pool.ts';
import { drizzlePool } from './postgres-session.ts';

/** How long an attempt to connect may take, in milliseconds, where no other limit is given. */
const connectMs = 10_000;
/** The same for the connection that shows that this process lives, and how long a statement on it may take: whoever is slow counts as away. */
const lockMs = 5000;

/**
 * A pool of 10 connections. A connection that is silent for `silenceMs` milliseconds while a statement is open is ended, so that the
 * statement fails instead of waiting for a server that is gone. Throws HostError when the server does not answer or refuses.
 */
export async function connectPostgres(
  url: string,
  { silenceMs }: { silenceMs?: number | undefined } = {},
): Promise<Connection> {
  const { address, pool } = openPool(url, silenceMs);
  try {
    await pool.run('select 1');
  } catch (cause) {
    await pool.close();
    throw unusable(cause);
  }
  return {
    db: drizzlePool(pool),
    engine: 'postgres',
    background: pool.forBackground(),
    openLine: () => openLineTo(address, { connectMs: lockMs, silenceMs: lockMs }),
    migrate: () => migrateAlone(address),
    close: () => pool.close(),
  };
}

function openPool(url: string, silenceMs: number | undefined): { address: PostgresAddress; pool: PostgresPool } {
  try {
    const address = readPostgresAddress(url);
    const open = () => openLineTo(address, { connectMs: silenceMs ?? connectMs, silenceMs });
    // Unused ones are ended before a router on the way forgets them.
    const idleMs = silenceMs === undefined ? undefined : silenceMs * 0.6;
    return { address, pool: new PostgresPool(open, { waitMs: silenceMs ?? connectMs, idleMs }) };
  } catch (cause) {
    throw unusable(cause);
  }
}

/**
 * Migrating is not safe from several processes at once: one transaction holds a lock from before it until it is over. A lock of the
 * session would stay behind in a pooler that hands out transactions.
 */
async function migrateAlone(address: PostgresAddress): Promise<void> {
  // Without a limit of silence: another process may be migrating for as long as it takes.
  const pool = new PostgresPool(() => openLineTo(address, { connectMs }), { waitMs: connectMs });
  try {
    await drizzlePool(pool).transaction(async (transaction) => {
      await transaction.execute(sql`select pg_advisory_xact_lock(hashtext('assistarr migrations'))`);
      const run = async (statements: string[]) => {
        for (const statement of statements) await transaction.execute(sql.raw(statement));
      };
      await migrate(transaction, run, { migrationsFolder });
    });
  } catch (cause) {
    throw unusable(cause);
  } finally {
    await pool.close();
  }
}

function unusable(cause: unknown): HostError {
  const { code = 'unknown' } = describeDatabaseError(cause);
  return new HostError(
    `The database at POSTGRES_URL cannot be used (${code}). Check that the server runs, that user, password and database are right, and that the user may create tables.`,
    { cause },
  );
}
