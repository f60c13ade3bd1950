import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/db/connection.ts';
import { openLine } from '../../src/db/postgres-line.ts';
import { getToolCall } from '../../src/db/queries/tool-calls.ts';
import { HostError } from '../../src/errors.ts';
import { engines } from '../database.ts';
import { quickImports } from '../quick-imports.ts';
import { someToolCall, someUser } from './rows.ts';

const script = fileURLToPath(new URL('./claim-calls.ts', import.meta.url));

class Claimer {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor(url: string, name: string) {
    this.#child = spawn(process.execPath, [...quickImports, script, url, name]);
    this.#child.stderr.pipe(process.stderr);
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    return done ? 'ended' : value;
  }

  async claim(request: { userId: string; ids: string[] }): Promise<string[]> {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    return JSON.parse(await this.line());
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.stdin.end();
    await once(this.#child, 'exit');
  }
}

/** A new and empty database on the server; `use` has it to itself. */
async function withEmptyDatabase(use: (url: string) => Promise<void>): Promise<void> {
  const server = process.env.TEST_POSTGRES_URL ?? '';
  const name = `assistarr_${randomBytes(8).toString('hex')}`;
  const admin = await openLine(server, { connectMs: 20_000 });
  await admin.query(`create database ${name}`);
  try {
    await use(Object.assign(new URL(server), { pathname: `/${name}` }).href);
  } finally {
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.end();
  }
}

if (engines.includes('postgres'))
  describe('four processes on PostgreSQL', () => {
    it('migrate one empty database at once, and then claim each call once', async () => {
      await withEmptyDatabase(async (url) => {
        const admin = await openLine(url, { connectMs: 20_000 });
        // All four are held up where they begin to migrate, and so surely begin at once.
        await admin.query(`select pg_advisory_lock(hashtext('assistarr migrations'))`);
        const claimers = ['a', 'b', 'c', 'd'].map((name) => new Claimer(url, name));
        const waiting = () =>
          admin.query(`select 1 from pg_locks join pg_database on pg_database.oid = database
            where locktype = 'advisory' and not granted and datname = current_database()`);
        await expect.poll(async () => (await waiting()).length, { timeout: 60_000 }).toBe(4);
        expect(await admin.query(`select 1 from pg_namespace where nspname = 'drizzle'`)).toEqual([]);
        await admin.end();
        expect(await Promise.all(claimers.map((claimer) => claimer.line()))).toEqual(Array(4).fill('ready'));
        const database = await openDatabase({ postgresUrl: url, dataDir: '' });
        expect(await database.health()).toMatchObject({ ok: true, migrations: { pending: 0 } });
        const user = await someUser(database.db);
        const ids: string[] = [];
        for (let number = 0; number < 50; number++) ids.push((await someToolCall(database.db, { user })).id);
        const claimed = await Promise.all(claimers.map((claimer) => claimer.claim({ userId: user.id, ids })));
        expect(claimed.flat().toSorted()).toEqual(ids.toSorted());
        for (const [index, own] of claimed.entries())
          for (const id of own)
            expect(await getToolCall(database.db, { id })).toMatchObject({
              claimedBy: 'abcd'[index],
              status: 'running',
            });
        await Promise.all(claimers.map((claimer) => claimer.end()));
        await database.close();
      });
    });

    it('gives the lock back when a migration fails', async () => {
      await withEmptyDatabase(async (url) => {
        const admin = await openLine(url, { connectMs: 20_000 });
        await admin.query('create table "User" (id int)');
        const failed = await openDatabase({ postgresUrl: url, dataDir: '' }).catch((error: unknown) => error);
        expect(failed).toBeInstanceOf(HostError);
        expect(failed).toMatchObject({ message: expect.stringContaining('(42P07)') });
        await admin.query('drop table "User"');
        const database = await openDatabase({ postgresUrl: url, dataDir: '' });
        expect((await database.health()).ok).toBe(true);
        await database.close();
        await admin.end();
      });
    });
  });

it('says which sentence fits a server that is not there or refuses, without the password', async () => {
  const opened = (postgresUrl: string) => openDatabase({ postgresUrl, dataDir: '' }).catch((error: unknown) => error);
  const away = await opened('postgres://ada:canary-password@127.0.0.1:1/db');
  expect(away).toBeInstanceOf(HostError);
  expect(away).toMatchObject({ message: expect.stringMatching(/^The database at POSTGRES_URL .*\(ECONNREFUSED\)/) });
  expect(String(away)).not.toContain('canary');
});
