import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { eq, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createLog, SecretValues } from '../../src/bot/log.ts';
import { type Left, openPresence, type Presence } from '../../src/bot/presence.ts';
import { connectDatabase, type OpenDatabase } from '../../src/db/connection.ts';
import { openLine, type PostgresLine } from '../../src/db/postgres-line.ts';
import { lockSpace } from '../../src/db/queries/processes.ts';
import { claimFreeTurn, getExpiredTurns, renewTurn } from '../../src/db/queries/streams.ts';
import { process as processTable } from '../../src/db/schema.ts';
import { TakenOverError } from '../../src/errors.ts';
import { Fence } from '../../src/tools/fence.ts';
import { engines, openTestDatabase } from '../database.ts';
import { someChat, someMessage, someUser } from '../db/rows.ts';

/** Longer than two beats by far: what was to be taken over early would have been. */
const longMs = 4500;
const moment = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** On the embedded database no other process can live; database.ts prints why PostgreSQL is left out when there is no server. */
describe.each(engines.filter((engine) => engine === 'postgres'))('who lives, on %s', (engine) => {
  let database: OpenDatabase & { url?: string };
  const presences: Presence[] = [];
  const lines: PostgresLine[] = [];
  let logged = '';

  beforeAll(async () => {
    database = await openTestDatabase(engine);
  });
  afterEach(async () => {
    for (const presence of presences.splice(0)) await presence.stop();
    for (const line of lines.splice(0)) await line.end();
    await database.db.delete(processTable);
    logged = '';
  });
  afterAll(() => database.close());

  async function present(
    options: { processId?: string; leaseMs?: number; on?: OpenDatabase } = {},
  ): Promise<{ presence: Presence; found: Left[] }> {
    const { processId = randomUUID(), leaseMs = 60_000, on = database } = options;
    const destination = new Writable({
      write(chunk, _encoding, done) {
        logged += String(chunk);
        done();
      },
    });
    const log = createLog({ level: 'debug', secrets: new SecretValues(), destination });
    const presence = await openPresence(on, { processId, leaseMs, log });
    presences.push(presence);
    const found: Left[] = [];
    presence.watch((left) => found.push(left));
    return { presence, found };
  }

  /** A process of which nothing is there but its row, and a turn that it has. */
  async function other({ hasLock }: { hasLock: boolean }) {
    const id = randomUUID();
    const [row] = await database.db.insert(processTable).values({ id, hasLock }).returning();
    const chat = await someChat(database.db, { user: await someUser(database.db) });
    const { id: messageId } = await someMessage(database.db, { chat });
    const turn = await claimFreeTurn(database.db, { chatId: chat.id, owner: id, leaseMs: 60_000, messageId });
    if (row === undefined || turn === null) throw new Error('there is no such process');
    return { id, number: row.number, turn };
  }
  const beat = async (id: string) => {
    await database.db.update(processTable).set({ beatAt: sql`now()` }).where(eq(processTable.id, id));
  };
  const rowOf = async (id: string) =>
    (await database.db.select().from(processTable).where(eq(processTable.id, id))).at(0);
  async function holdLock(number: number): Promise<PostgresLine> {
    const line = await openLine(database.url ?? '', { connectMs: 10_000 });
    lines.push(line);
    await line.query('select pg_advisory_lock($1::int, $2::int)', [lockSpace, number]);
    return line;
  }

  it('keeps its lock and its beats, and finds that it is alone', async () => {
    const processId = randomUUID();
    const { presence, found } = await present({ processId });
    const before = await rowOf(processId);
    expect(before).toMatchObject({ hasLock: true });
    expect(found).toEqual([{ before: before?.createdAt }]);
    expect(presence.life().isSure()).toBe(true);
    const later = async () => (await rowOf(processId))?.beatAt.getTime();
    await expect.poll(later, { timeout: 10_000 }).toBeGreaterThan((before?.beatAt.getTime() ?? 0) + 1500);
    await presences.pop()?.stop();
    expect(await rowOf(processId)).toBeUndefined();
  });

  it('takes over at once from a process that has lost its lock and missed two heartbeats, with a larger number', async () => {
    const dead = await other({ hasLock: true });
    await beat(dead.id);
    const begun = Date.now();
    const { found } = await present();
    await expect.poll(() => found, { timeout: 10_000 }).toContainEqual({ of: [dead.id] });
    console.log(`a process without a lock was taken over ${Date.now() - begun} ms after its last beat`);
    expect(Date.now() - begun).toBeGreaterThanOrEqual(1900);
    const [cut] = await getExpiredTurns(database.db, { chatId: dead.turn.chatId });
    expect(cut?.ownerNumber).toBeGreaterThan(dead.turn.ownerNumber);
    expect(await renewTurn(database.db, dead.turn, { leaseMs: 60_000 })).toBe(false);
    expect(found.at(-1)).toEqual({ before: expect.any(Date) });
  });

  it('does not take over from a process that has lost its lock but still sends heartbeats', async () => {
    const alive = await other({ hasLock: true });
    await beat(alive.id);
    const timer = setInterval(() => void beat(alive.id), 300);
    try {
      const { found } = await present();
      await moment(longMs);
      expect(found).toEqual([]);
    } finally {
      clearInterval(timer);
    }
    expect(await rowOf(alive.id)).toBeDefined();
    expect(await getExpiredTurns(database.db, { chatId: alive.turn.chatId })).toEqual([]);
  });

  it('does not take over from a process that misses heartbeats but holds its lock, until it loses that', async () => {
    const slow = await other({ hasLock: true });
    const line = await holdLock(slow.number);
    const { found } = await present();
    await moment(longMs);
    expect(found).toEqual([]);
    await line.end();
    await expect.poll(() => found, { timeout: 10_000 }).toContainEqual({ of: [slow.id] });
  });

  it('waits for the lease of a process that never had a lock, or whose connection died silently', async () => {
    const [unlocked, silent] = [await other({ hasLock: false }), await other({ hasLock: true })];
    await holdLock(silent.number);
    const first = await present();
    await moment(longMs);
    expect(first.found).toEqual([]);
    // The same beats are past a shorter lease.
    const { found } = await present({ leaseMs: 3000 });
    const taken = () => found.flatMap((left) => ('of' in left ? left.of : []));
    await expect.poll(taken, { timeout: 10_000 }).toEqual(expect.arrayContaining([unlocked.id, silent.id]));
  });

  it('continues with a new number after it was declared dead, and its earlier work writes nothing', async () => {
    const processId = randomUUID();
    const { presence } = await present({ processId });
    const fence = new Fence(() => presence.life());
    const number = (await rowOf(processId))?.number ?? 0;
    const open = Promise.withResolvers<void>();
    const life = presence.life();
    const late = fence.run(() => open.promise.then(() => fence.beforeWrite()));
    await database.db.delete(processTable).where(eq(processTable.id, processId));
    await expect.poll(async () => (await rowOf(processId))?.number, { timeout: 10_000 }).toBeGreaterThan(number);
    await expect.poll(async () => (await rowOf(processId))?.hasLock, { timeout: 10_000 }).toBe(true);
    open.resolve();
    await expect(late).rejects.toThrow(TakenOverError);
    expect(life.over.aborted).toBe(true);
    await fence.run(() => fence.beforeWrite());
    expect(logged).toContain('took this one for dead');
  });

  it('comes back with its lock when its connection is cut, and nobody takes it over', async () => {
    const processId = randomUUID();
    await present({ processId });
    const { found } = await present();
    const number = (await rowOf(processId))?.number ?? 0;
    const holder = async () => {
      const { rows } = await database.background.executeSql(
        `select pid from pg_locks where locktype = 'advisory' and classid = ${lockSpace} and objid = ${number}`,
      );
      return rows.map(({ pid }: { pid: number }) => pid);
    };
    const [pid] = await holder();
    expect(pid).toBeTypeOf('number');
    await database.background.executeSql(`select pg_terminate_backend(${pid})`);
    await expect.poll(async () => (await holder()).some((now) => now !== pid), { timeout: 10_000 }).toBe(true);
    await moment(longMs);
    expect(found).toEqual([]);
    expect((await rowOf(processId))?.number).toBe(number);
  });

  const pooler = spawnSync('pgbouncer', ['--version']).status === 0;
  if (!pooler) console.log('pgbouncer is not installed: that the lease decides behind one is left out');
  it.runIf(pooler)('behind a pooler in transaction mode leaves it to the lease, and says so', async () => {
    const url = new URL(database.url ?? '');
    const bouncer = await startPooler(url);
    const processId = randomUUID();
    const behind = await connectDatabase({ postgresUrl: bouncer.url, dataDir: '' });
    try {
      const { presence } = await present({ processId, on: { ...behind, health: database.health } });
      expect(await rowOf(processId)).toMatchObject({ hasLock: false });
      expect(logged).toContain('pooler in transaction mode');
      expect(logged).toContain('lease has expired');
      expect(presence.life().isSure()).toBe(true);
      await presences.pop()?.stop();
    } finally {
      await behind.close();
      await bouncer.stop();
    }
  });
});

/** PgBouncer in transaction mode before this database, as its manual sets it up. */
async function startPooler({
  hostname,
  port,
  pathname,
  username,
}: URL): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'assistarr-pooler-'));
  const listener = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => listener.once('listening', resolve));
  const address = listener.address();
  const free = typeof address === 'object' && address !== null ? address.port : 0;
  await new Promise((resolve) => listener.close(resolve));
  const settings = join(folder, 'pgbouncer.ini');
  const name = pathname.slice(1);
  await writeFile(
    settings,
    `[databases]\n${name} = host=${hostname} port=${port} dbname=${name} user=${username}\n[pgbouncer]\n` +
      `listen_addr = 127.0.0.1\nlisten_port = ${free}\nunix_socket_dir =\nauth_type = any\npool_mode = transaction\n` +
      'default_pool_size = 10\nignore_startup_parameters = extra_float_digits\n',
  );
  await chmod(folder, 0o755);
  const asUser = process.getuid?.() === 0 ? ['-u', 'postgres'] : [];
  const child = spawn('pgbouncer', [...asUser, settings], { stdio: 'ignore' });
  const url = `postgres://${username}@127.0.0.1:${free}/${name}?prepare=false`;
  const isUp = () =>
    openLine(url, { connectMs: 1000 }).then(
      (line) => line.end().then(() => true),
      () => false,
    );
  await expect.poll(isUp, { timeout: 15_000 }).toBe(true);
  return {
    url,
    stop: async () => {
      child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
