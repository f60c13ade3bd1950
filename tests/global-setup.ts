import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../src/db/connection.ts';
import { documentsAreThere } from './api-documents/read-document.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A data folder with a migrated embedded database, to be copied and never opened. */
    templateFolder: string;
  }
}

/** Migrates one embedded database; each test file copies it, which takes a tenth of the time. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (process.env.TEST_POSTGRES_URL === undefined)
    console.log('PostgreSQL is left out: TEST_POSTGRES_URL is not set (.ci/run sets it).');
  if (process.env.TEST_QBITTORRENT_URL === undefined)
    console.log('The real qBittorrent is left out: TEST_QBITTORRENT_URL is not set (.ci/run sets it).');
  if (process.env.TEST_PRODUCTION_TREE === undefined)
    console.log('What the container image holds is left out: TEST_PRODUCTION_TREE is not set (.ci/run sets it).');
  if (process.env.TEST_CHROMIUM === undefined)
    console.log('The playground’s page is left out: TEST_CHROMIUM is not set (.ci/run sets it).');
  if (!documentsAreThere)
    console.log(
      'The official API documents are left out: ../shared/openapi is not there. Exchanges are not checked against them.',
    );
  const folder = await mkdtemp(join(tmpdir(), 'assistarr-template-'));
  const database = await openDatabase({ dataDir: folder });
  await database.close();
  project.provide('templateFolder', folder);
  return () => rm(folder, { recursive: true, force: true });
}
