import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connectDatabase, openDatabase } from '../../src/db/connection.ts';
import { createKeyring } from '../../src/db/encryption.ts';
import { createServiceConfig } from '../../src/db/queries/service-configs.ts';
import { getUserByDiscordId, upsertUser } from '../../src/db/queries/users.ts';
import { SealedKey } from '../../src/db/sealed-key.ts';
import { HostError } from '../../src/errors.ts';
import { copyDataFolder, type TestFolder } from '../database.ts';

let folder: TestFolder;
beforeEach(async () => {
  folder = await copyDataFolder();
});
afterEach(() => folder.remove());

it('is made on the first start, whole, over what a killed start left', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'assistarr-first-'));
  await mkdir(join(dataDir, 'database.new-killed', 'base'), { recursive: true });
  const database = await openDatabase({ dataDir });
  expect(await database.health()).toEqual({ ok: true, migrations: { applied: expect.any(Number), pending: 0 } });
  await database.close();
  expect((await readdir(dataDir)).sort()).toEqual(['database', 'database.lock']);
  await rm(dataDir, { recursive: true });
});

it('is not made when it must be there', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'assistarr-none-'));
  await expect(connectDatabase({ dataDir, mustExist: true })).rejects.toThrow(/^There is no database in/);
  expect(await readdir(dataDir)).toEqual(['database.lock']);
  await rm(dataDir, { recursive: true });
});

it('keeps its rows, and is for one taker at a time', async () => {
  const first = await openDatabase(folder);
  await upsertUser(first.db, { discordId: '1', username: 'ada' });
  await expect(openDatabase(folder)).rejects.toThrow(/Another Assistarr is using/);
  await first.close();
  await first.close();
  const second = await openDatabase(folder);
  expect(await getUserByDiscordId(second.db, { discordId: '1' })).toMatchObject({ username: 'ada' });
  await second.close();
});

it('refuses a folder of another version, and gives the lock back', async () => {
  const path = join(folder.dataDir, 'database', 'PG_VERSION');
  await writeFile(path, '17\n');
  await expect(openDatabase(folder)).rejects.toThrow(/made by another version \(PostgreSQL 17; this one is 18\)/);
  await writeFile(path, '18\n');
  await (await openDatabase(folder)).close();
});

it('refuses a folder that holds something else and leaves it alone', async () => {
  await rm(join(folder.dataDir, 'database', 'PG_VERSION'));
  await expect(openDatabase(folder)).rejects.toThrow(HostError);
  expect(await readdir(join(folder.dataDir, 'database'))).toContain('global');
});

it('says when it no longer answers', async () => {
  const database = await openDatabase(folder);
  await database.close();
  expect(await database.health()).toMatchObject({ ok: false, failure: expect.any(Object) });
});

it('never holds a key in clear in its bytes', async () => {
  const canary = `canary-${randomBytes(16).toString('hex')}`;
  const visible = `visible-${randomBytes(16).toString('hex')}`;
  const keyring = createKeyring([randomBytes(32)]);
  const database = await openDatabase(folder);
  const user = await upsertUser(database.db, { discordId: '2', username: visible });
  const place = { userId: user.id, serviceName: 'radarr', baseUrl: 'http://127.0.0.1:7878' };
  await createServiceConfig(database.db, { ...place, apiKey: SealedKey.seal(keyring, canary, place) });
  await database.close();
  const files = await readdir(folder.dataDir, { recursive: true, withFileTypes: true });
  const contents = await Promise.all(
    files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name))),
  );
  expect(contents.some((content) => content.includes(visible))).toBe(true);
  for (const form of [canary, Buffer.from(canary).toString('base64'), Buffer.from(canary).toString('hex')])
    expect(contents.some((content) => content.includes(form))).toBe(false);
});
