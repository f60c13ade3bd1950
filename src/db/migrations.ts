import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { z } from 'zod';
import type { Database } from './connection.ts';

/** The folder of the generated SQL. */
export const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));

/**
 * `applied`; `pending`: comes with the next start; `edited`: applied, but its file has changed since; `skipped`: older
 * than the newest applied one, so Drizzle will never run it; `unknown`: in the database only, made by a newer version.
 */
export type MigrationState = 'applied' | 'pending' | 'edited' | 'skipped' | 'unknown';
export type Migration = { tag: string; state: MigrationState };
export type MigrationStatus = { applied: number; pending: number };
type Applied = { hash: string; when: number };

const journalSchema = z.object({ entries: z.array(z.object({ tag: z.string(), when: z.number() })) });

/** Each migration that the code or the database has, oldest first. Throws when the database does not answer. */
export async function listMigrations(db: Database): Promise<Migration[]> {
  const [journal, applied] = await Promise.all([readJournal(), readApplied(db)]);
  const files = new Map(readMigrationFiles({ migrationsFolder }).map((file) => [file.folderMillis, file.hash]));
  // Drizzle runs a migration when it is newer than the newest that the database has.
  const newest = Math.max(0, ...applied.map(({ when }) => when));
  const known = journal.map(({ tag, when }): Migration => {
    const row = applied.find((candidate) => candidate.when === when);
    if (row !== undefined) return { tag, state: row.hash === files.get(when) ? 'applied' : 'edited' };
    return { tag, state: when > newest ? 'pending' : 'skipped' };
  });
  const unknown = applied.filter(({ when }) => !journal.some((entry) => entry.when === when));
  return [...known, ...unknown.map(({ hash }): Migration => ({ tag: hash.slice(0, 12), state: 'unknown' }))];
}

/** How many migrations the database has, and how many are still to come. */
export async function migrationStatus(db: Database): Promise<MigrationStatus> {
  const migrations = await listMigrations(db);
  const pending = migrations.filter(({ state }) => state === 'pending').length;
  const applied = migrations.filter(({ state }) => state === 'applied' || state === 'edited').length;
  return { applied, pending };
}

async function readJournal(): Promise<{ tag: string; when: number }[]> {
  return journalSchema.parse(JSON.parse(await readFile(`${migrationsFolder}/meta/_journal.json`, 'utf8'))).entries;
}

async function readApplied(db: Database): Promise<Applied[]> {
  const [there] = await db
    .select({ table: sql<string | null>`to_regclass('drizzle.__drizzle_migrations')::text` })
    .from(sql`(values (1)) as one`);
  if (there?.table === null) return [];
  const rows = await db
    .select({ hash: sql<string>`hash`, when: sql<string>`created_at::text` })
    .from(sql`drizzle.__drizzle_migrations`)
    .orderBy(sql`created_at`);
  return rows.map(({ hash, when }) => ({ hash, when: Number(when) }));
}
