import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/db/connection.ts';
import { type User, user } from '../../src/db/schema.ts';
import { copyDataFolder, type TestFolder } from '../database.ts';
import { quickImports } from '../quick-imports.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: TestFolder;
beforeAll(async () => {
  folder = await copyDataFolder();
});
afterAll(() => folder.remove());

/** Runs `npm run db:<name>` as npm does, and gives how it ended and all that it printed. */
function run(
  name: string,
  environment: Record<string, string> = {},
  args: string[] = [],
): Promise<{ code: unknown; printed: string }> {
  const env = { PATH: process.env.PATH, DATA_DIR: folder.dataDir, ...environment };
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      [...quickImports, `src/db/scripts/${name}.ts`, ...args],
      { cwd: root, env },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : error.code, printed: stdout + stderr }),
    ),
  );
}

async function users(): Promise<User[]> {
  const database = await openDatabase(folder);
  const rows = await database.db.select().from(user);
  await database.close();
  return rows;
}

describe('the database scripts', () => {
  it('export everything into a file of its owner, and import it elsewhere', async () => {
    expect(await run('seed')).toMatchObject({ code: 0 });
    const file = join(folder.dataDir, 'assistarr.export');
    const exported = await run('export', {}, [file]);
    expect(exported).toMatchObject({ code: 0, printed: expect.stringMatching(/^User +1 {2}[0-9a-f]{32}$/m) });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).not.toContain('a-key-that-opens-nothing');
    expect(await run('export', {}, [file])).toMatchObject({
      code: 1,
      printed: expect.stringContaining('could not be made'),
    });
    const other = await mkdtemp(join(tmpdir(), 'assistarr-import-'));
    const imported = await run('import', { DATA_DIR: other }, [file]);
    expect(imported.printed.split('\n').slice(0, 11)).toEqual(exported.printed.split('\n').slice(0, 11));
    expect(imported).toMatchObject({ code: 0, printed: expect.stringContaining('every table compared') });
    expect(await run('import', { DATA_DIR: other }, [file])).toMatchObject({
      code: 1,
      printed: expect.stringContaining('not empty'),
    });
    expect(await run('import', { DATA_DIR: other }, ['/no/such'])).toMatchObject({
      code: 1,
      printed: expect.stringContaining('could not be read'),
    });
    expect(await run('export')).toMatchObject({ code: 1, printed: expect.stringContaining('Name the file') });
    await rm(other, { recursive: true, force: true });
  });

  it('migrate, check, seed, seed again and reset', async () => {
    expect(await run('migrate')).toMatchObject({ code: 0, printed: expect.stringMatching(/^applied {2}0000_first$/m) });
    expect(await run('check')).toMatchObject({ code: 0, printed: expect.stringContaining('as the schema wants it') });
    for (const name of ['seed', 'seed']) expect(await run(name)).toMatchObject({ code: 0 });
    expect(await users()).toHaveLength(1);
    expect(await run('reset')).toMatchObject({ code: 0 });
    expect(await users()).toEqual([]);
  });

  it('refuse to reset and seed in production', async () => {
    await run('seed');
    for (const name of ['reset', 'seed']) {
      const { code, printed } = await run(name, { NODE_ENV: 'production' });
      expect(code).toBe(1);
      expect(printed).toBe(`db:${name} is for development and NODE_ENV is production: nothing was changed.\n`);
    }
    expect(await users()).toHaveLength(1);
  });

  it('tell a drift and end with 1', async () => {
    const database = await openDatabase(folder);
    await database.db.execute('alter table "User" add column "extra" text');
    await database.close();
    const { code, printed } = await run('check');
    expect(code).toBe(1);
    expect(printed).toContain('not in the schema: column User.extra text');
  });

  it('say in a sentence that the folder is in use', async () => {
    const database = await openDatabase(folder);
    expect(await run('check')).toEqual({ code: 1, printed: expect.stringMatching(/^Another Assistarr is using/) });
    await database.close();
  });
});
