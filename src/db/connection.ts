import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExtractTablesWithRelations } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { UserError } from '../errors.ts';
import { lockFolder } from './lock-folder.ts';
import { type MigrationStatus, migrationStatus, migrationsFolder } from './migrations.ts';
import * as schema from './schema.ts';

/** One type for both engines, and for a transaction on either. */
export type Database = PgDatabase<PgQueryResultHKT, typeof schema, ExtractTablesWithRelations<typeof schema>>;

export type OpenDatabase = {
  db: Database;
  engine: 'pglite' | 'postgres';
  close(): Promise<void>;
  /** Whether a query works now, and which migrations are there. */
  health(): Promise<{ ok: boolean; migrations: MigrationStatus }>;
};

/** PGlite 0.5 is PostgreSQL 18; a folder of another major cannot be opened. */
const embeddedMajor = '18';

/**
 * Opens PostgreSQL when `postgresUrl` is given, else the embedded PGlite in `dataDir`, and brings the schema up to date.
 * Throws UserError when the folder is in use or of another version, or the server does not answer.
 */
export async function openDatabase(options: {
  postgresUrl?: string | undefined;
  dataDir: string;
}): Promise<OpenDatabase> {
  return options.postgresUrl === undefined ? openEmbedded(options.dataDir) : openPostgres(options.postgresUrl);
}

async function openEmbedded(dataDir: string): Promise<OpenDatabase> {
  const release = await lockFolder(dataDir);
  try {
    const folder = join(dataDir, 'database');
    await checkVersion(folder);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // Imported here, so that a bot on PostgreSQL does not load a database of its own, nor the other way round.
    const [{ PGlite }, { drizzle }, { migrate }] = await Promise.all([
      import('@electric-sql/pglite'),
      import('drizzle-orm/pglite'),
      import('drizzle-orm/pglite/migrator'),
    ]);
    const client = await PGlite.create({ dataDir: folder, postgresqlconf: ['shared_buffers = 16MB'] });
    const db = drizzle(client, { schema });
    await migrate(db, { migrationsFolder });
    return {
      db,
      engine: 'pglite',
      close: async () => {
        if (!client.closed) await client.close();
        await release();
      },
      health: () => healthOf(db),
    };
  } catch (error) {
    await release();
    throw error;
  }
}

async function checkVersion(folder: string): Promise<void> {
  const path = join(folder, 'PG_VERSION');
  if (!existsSync(path)) return;
  const found = (await readFile(path, 'utf8')).trim();
  if (found === embeddedMajor) return;
  throw new UserError(
    `The database in ${folder} was made by another version (PostgreSQL ${found.slice(0, 10)}; this one is ${embeddedMajor}). Start the version of Assistarr that made it, or move the folder away to begin anew.`,
  );
}

async function openPostgres(url: string): Promise<OpenDatabase> {
  const [{ default: postgres }, { drizzle }, { migrate }] = await Promise.all([
    import('postgres'),
    import('drizzle-orm/postgres-js'),
    import('drizzle-orm/postgres-js/migrator'),
  ]);
  const quiet = { onnotice: () => undefined, connect_timeout: 10 };
  const single = postgres(url, { ...quiet, max: 1 });
  try {
    // `migrate` is not safe from several processes at once: this one connection holds the lock until it ends.
    await single`select pg_advisory_lock(hashtext('assistarr migrations'))`;
    await migrate(drizzle(single), { migrationsFolder });
  } catch (cause) {
    throw databaseUnusable(cause);
  } finally {
    await single.end({ timeout: 5 });
  }
  const client = postgres(url, { ...quiet, max: 10 });
  const db = drizzle(client, { schema });
  return {
    db,
    engine: 'postgres',
    close: () => client.end({ timeout: 5 }),
    health: () => healthOf(db),
  };
}

function databaseUnusable(cause: unknown): Error {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  return new UserError(
    `The database at POSTGRES_URL cannot be used (${code}). Check that the server runs and that user, password and database are right.`,
    { cause },
  );
}

async function healthOf(db: Database): Promise<{ ok: boolean; migrations: MigrationStatus }> {
  try {
    return { ok: true, migrations: await migrationStatus(db) };
  } catch {
    // Being away is what this function is there to report; the caller logs it.
    return { ok: false, migrations: { applied: 0, pending: 0 } };
  }
}
