import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestBot, type TestBot } from '../bot.ts';

const run = promisify(execFile);
const server = process.env.TEST_POSTGRES_URL;

let test: TestBot;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assistarr-backup-'));
});
afterEach(async () => {
  await test.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What `/services test` says: Radarr answers only whom it knows by the stored key. */
async function tested(): Promise<string> {
  const ada = test.discord.person('Ada');
  return test.discord.render(await ada.slash(ada.dm(), 'services test').reply());
}

/** The commands of docs/hosting.md for the embedded database. */
async function backUp(dataDir: string): Promise<string> {
  const file = join(folder, 'assistarr-backup.tar.gz');
  await run('tar', ['--create', '--gzip', '--file', file, '--directory', dataDir, '.']);
  return file;
}
async function restore(file: string, dataDir: string): Promise<void> {
  await mkdir(dataDir);
  await run('tar', ['--extract', '--file', file, '--directory', dataDir]);
}

describe('a backup of the data folder', () => {
  beforeEach(async () => {
    test = await startTestBot();
    await test.setup.all(test.discord.person('Ada'), 'radarr');
    await test.bot.stop();
  });

  it('restored in another place, has the services with keys that are read', async () => {
    const file = await backUp(test.folder.dataDir);
    await rm(test.folder.dataDir, { recursive: true });
    const restored = join(folder, 'restored');
    await restore(file, restored);
    await test.restart({ DATA_DIR: restored });
    expect((await stat(join(restored, 'encryption.key'))).mode & 0o777).toBe(0o600);
    expect(await tested()).toContain('✅ **Radarr**');
    // It is the same database in all else, too: it can be written.
    const ada = test.discord.person('Ada');
    const card = await ada.slash(ada.dm(), 'request movie', { title: 'tmdb:862' }).reply();
    await ada.press(card, 'Request').acknowledged();
    await ada.waitFor(ada.dm(), (message) => test.discord.render(message).includes('✅ Requested'));
  });

  it('without the key says that stored keys cannot be read, and what to do', async () => {
    const file = await backUp(test.folder.dataDir);
    const restored = join(folder, 'restored');
    await restore(file, restored);
    await rm(join(restored, 'encryption.key'));
    await test.restart({ DATA_DIR: restored });
    const said = await tested();
    expect(said).not.toContain('✅ **Radarr**');
    expect(said).toMatch(/key/i);
    // The stored key is not lost by that: with the key file back, it is read.
    await test.bot.stop();
    await run('tar', ['--extract', '--file', file, '--directory', restored, './encryption.key']);
    await test.restart({ DATA_DIR: restored });
    expect(await tested()).toContain('✅ **Radarr**');
  });
});

describe.skipIf(server === undefined)('a backup of PostgreSQL', () => {
  const databases: string[] = [];
  const sql = (text: string) => run('psql', ['--quiet', '--command', text, server ?? '']);
  const createDatabase = async () => {
    const name = `assistarr_${randomBytes(8).toString('hex')}`;
    await sql(`create database ${name}`);
    databases.push(name);
    const url = new URL(server ?? '');
    url.pathname = `/${name}`;
    return url.href;
  };
  afterEach(async () => {
    await test.bot.stop();
    for (const name of databases.splice(0)) await sql(`drop database ${name} with (force)`);
  });

  it('by pg_dump while the bot runs, restored by psql, has the services with keys that are read', async () => {
    const key = randomBytes(32).toString('base64');
    const environment = { ENCRYPTION_KEY: key, POSTGRES_URL: await createDatabase(), SERVICE_TIMEOUT_MS: '5000' };
    test = await startTestBot({ environment });
    await test.setup.all(test.discord.person('Ada'), 'radarr');
    const file = join(folder, 'assistarr.sql');
    await run('pg_dump', ['--no-owner', '--file', file, environment.POSTGRES_URL]);
    await test.bot.stop();
    const restored = await createDatabase();
    const strict = ['--quiet', '--single-transaction', '--set', 'ON_ERROR_STOP=1'];
    await run('psql', [...strict, '--file', file, restored]);
    await test.restart({ POSTGRES_URL: restored });
    expect(await tested()).toContain('✅ **Radarr**');
    // A second time it would be everything twice: psql refuses the whole.
    await expect(run('psql', [...strict, '--file', file, restored])).rejects.toThrow(/already exists/);
    await test.restart({ ENCRYPTION_KEY: randomBytes(32).toString('base64'), POSTGRES_URL: restored });
    expect(await tested()).not.toContain('✅ **Radarr**');
  });
});
