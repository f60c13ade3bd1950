import type { ExtractTablesWithRelations } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type { Db } from 'pg-boss';
import { describeDatabaseError } from './describe-database-error.ts';
import { type MigrationStatus, migrationStatus } from './migrations.ts';
import type { PostgresLine } from './postgres-line.ts';
import type * as schema from './schema.ts';

/** One type for both engines, and for a transaction on either. */
export type Database = PgDatabase<PgQueryResultHKT, typeof schema, ExtractTablesWithRelations<typeof schema>>;

/** `failure` is safe to log: codes and names of what went wrong, when it did. */
export type Health = { ok: boolean; migrations: MigrationStatus; failure?: Record<string, string> };

export type OpenDatabase = {
  db: Database;
  engine: 'pglite' | 'postgres';
  /** For the queue of background work, which writes its own SQL. */
  background: Db;
  /** A connection to PostgreSQL of its own, for a lock; null on the embedded database, which no other process can use. */
  openLine: (() => Promise<PostgresLine>) | null;
  close(): Promise<void>;
  /** Whether a query works now, and which migrations are there. */
  health(): Promise<Health>;
};

/** A database whose schema may be of any age. */
export type Connection = Pick<OpenDatabase, 'db' | 'engine' | 'background' | 'openLine' | 'close'> & {
  migrate(): Promise<void>;
};

/**
 * `mustExist`: an embedded database is not made when there is none. `silenceMs`: how long PostgreSQL may be silent with a query
 * open, in milliseconds; for ever without it.
 */
export type DatabaseOptions = {
  postgresUrl?: string | undefined;
  dataDir: string;
  mustExist?: boolean;
  silenceMs?: number;
};

/**
 * Opens PostgreSQL when `postgresUrl` is given, else the embedded PGlite in `dataDir`, and brings the schema up to date.
 * Throws UserError when the folder is in use or of another version, or the server cannot be used.
 */
export async function openDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  const { migrate, ...connection } = await connectDatabase(options);
  try {
    await migrate();
  } catch (error) {
    await connection.close();
    throw error;
  }
  return { ...connection, health: () => healthOf(connection.db) };
}

/** Opens the database as it is, without migrating. Throws UserError as `openDatabase` does. */
export async function connectDatabase({ postgresUrl, silenceMs, ...embedded }: DatabaseOptions): Promise<Connection> {
  // Imported here, so that a bot on PostgreSQL does not load a database of its own, nor the other way round.
  if (postgresUrl === undefined) return (await import('./connect-embedded.ts')).connectEmbedded(embedded);
  return (await import('./connect-postgres.ts')).connectPostgres(postgresUrl, { silenceMs });
}

async function healthOf(db: Database): Promise<Health> {
  try {
    return { ok: true, migrations: await migrationStatus(db) };
  } catch (error) {
    return { ok: false, migrations: { applied: 0, pending: 0 }, failure: describeDatabaseError(error) };
  }
}
