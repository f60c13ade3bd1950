import { randomBytes } from 'node:crypto';
import { cpSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { type OpenDatabase, openDatabase } from '../src/db/connection.ts';
import { openLine } from '../src/db/postgres-line.ts';

export type TestFolder = { dataDir: string; remove(): Promise<void> };

/** A data folder of its own with a migrated embedded database. */
export async function copyDataFolder(): Promise<TestFolder> {
  const dataDir = await mkdtemp(join(tmpdir(), 'assistarr-test-'));
  // A tenth of what the asynchronous one takes.
  cpSync(inject('templateFolder'), dataDir, { recursive: true });
  return { dataDir, remove: () => rm(dataDir, { recursive: true, force: true }) };
}

/** A fresh, migrated database: embedded, or on the server of TEST_POSTGRES_URL when `engine` asks for it. */
export async function openTestDatabase(
  engine: 'pglite' | 'postgres' = 'pglite',
): Promise<OpenDatabase & { url?: string }> {
  if (engine === 'postgres') return openOnServer();
  const folder = await copyDataFolder();
  const database = await openDatabase({ dataDir: folder.dataDir });
  return {
    ...database,
    close: async () => {
      await database.close();
      await folder.remove();
    },
  };
}

/** The engines to run the database's tests on: PostgreSQL only when a server is given. */
export const engines: ('pglite' | 'postgres')[] =
  process.env.TEST_POSTGRES_URL === undefined ? ['pglite'] : ['pglite', 'postgres'];

async function openOnServer(): Promise<OpenDatabase & { url: string }> {
  const server = process.env.TEST_POSTGRES_URL;
  if (server === undefined) throw new Error('TEST_POSTGRES_URL is not set');
  const name = `assistarr_${randomBytes(8).toString('hex')}`;
  const admin = await openLine(server, { connectMs: 20_000 });
  await admin.query(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const database = await openDatabase({ postgresUrl: url.href, dataDir: '' });
  return {
    ...database,
    url: url.href,
    close: async () => {
      await database.close();
      await admin.query(`drop database if exists ${name} with (force)`);
      await admin.end();
    },
  };
}
