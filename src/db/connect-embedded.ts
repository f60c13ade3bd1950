import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { fromPglite } from 'pg-boss';
import { HostError } from '../errors.ts';
import type { Connection, DatabaseOptions } from './connection.ts';
import { compiledOnce, embeddedOptions } from './embedded-options.ts';
import { lockFolder } from './lock-folder.ts';
import { migrationsFolder } from './migrations.ts';
import * as schema from './schema.ts';

/** PGlite 0.5 is PostgreSQL 18; a folder of another major cannot be opened. */
const embeddedMajor = '18';
const maker = fileURLToPath(new URL('./make-embedded.ts', import.meta.url));

/** Opens the embedded database under `dataDir`, made when there is none, under a lock against other processes. */
export async function connectEmbedded({
  dataDir,
  mustExist = false,
}: Omit<DatabaseOptions, 'postgresUrl'>): Promise<Connection> {
  const release = await lockFolder(dataDir);
  try {
    const folder = join(dataDir, 'database');
    if (!(await isThere(folder))) {
      if (mustExist)
        throw new HostError(`There is no database in ${dataDir} yet. Run \`npm run db:migrate\` to make one.`);
      await make(dataDir, folder);
    }
    for (const flag of compiledOnce) setFlagsFromString(flag);
    const client = await PGlite.create({ dataDir: folder, ...embeddedOptions });
    const db = drizzle(client, { schema });
    return {
      db,
      engine: 'pglite',
      background: fromPglite(client),
      openLine: null,
      migrate: () => migrate(db, { migrationsFolder }),
      close: async () => {
        if (!client.closed) await client.close();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

async function isThere(folder: string): Promise<boolean> {
  const found = await readFile(join(folder, 'PG_VERSION'), 'utf8').catch(absent);
  if (found?.trim() === embeddedMajor) return true;
  if (found !== null)
    throw new HostError(
      `The database in ${folder} was made by another version (PostgreSQL ${found.trim().slice(0, 10)}; this one is ${embeddedMajor}). Start the version of Assistarr that made it, or move the folder away to start with an empty database.`,
    );
  if (((await readdir(folder).catch(absent)) ?? []).length === 0) return false;
  throw new HostError(
    `The folder ${folder} holds no whole database. Put a backup in its place, or move it away to start with an empty database.`,
  );
}

/**
 * Makes an empty database in a process of its own, because that peaks at 500 MB which this one would keep, and beside
 * its place, so that being killed in the middle leaves no half of one.
 */
async function make(dataDir: string, folder: string): Promise<void> {
  const prefix = 'database.new-';
  for (const name of await readdir(dataDir))
    if (name.startsWith(prefix)) await rm(join(dataDir, name), { recursive: true, force: true });
  const draft = await mkdtemp(join(dataDir, prefix));
  try {
    await promisify(execFile)(process.execPath, [...compiledOnce, maker, draft]);
    await rename(draft, folder);
  } catch (cause) {
    await rm(draft, { recursive: true, force: true });
    throw new HostError(
      `The database could not be made in ${dataDir}. Check that the folder can be written to, with 100 MB of disk and 1 GB of memory free.`,
      { cause },
    );
  }
}

function absent(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}
