import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from './connection.ts';

/** The folder of the generated SQL. */
export const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));

export type MigrationStatus = { applied: number; pending: number };
export type Migration = { tag: string; when: number; isApplied: boolean };

const journalSchema = z.object({ entries: z.array(z.object({ tag: z.string(), when: z.number() })) });

/** Each migration that the code has, and whether the database has it. Throws when the database does not answer. */
export async function listMigrations(db: Database): Promise<Migration[]> {
  const journal = journalSchema.parse(JSON.parse(await readFile(`${migrationsFolder}/meta/_journal.json`, 'utf8')));
  // Drizzle runs a migration when it is newer than the newest that the database has.
  const [row] = await db
    .select({ newest: sql<string | null>`max(created_at)` })
    .from(sql`drizzle.__drizzle_migrations`);
  const newest = Number(row?.newest ?? 0);
  return journal.entries.map(({ tag, when }) => ({ tag, when, isApplied: when <= newest }));
}

/** How many migrations the database has, and how many are still to come. */
export async function migrationStatus(db: Database): Promise<MigrationStatus> {
  const migrations = await listMigrations(db);
  const applied = migrations.filter((migration) => migration.isApplied).length;
  return { applied, pending: migrations.length - applied };
}
