import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenDatabase, openDatabase } from '../../src/db/connection.ts';
import { createKeyring } from '../../src/db/encryption.ts';
import { createServiceConfig } from '../../src/db/queries/service-configs.ts';
import { keyFormat, type ServiceConfig, serviceConfig, type User } from '../../src/db/schema.ts';
import { sealKeysAnew } from '../../src/db/seal-keys-anew.ts';
import { openSealedKey } from '../../src/db/sealed-key.ts';
import { exportDatabase, importDatabase } from '../../src/db/transfer.ts';
import { copyDataFolder, engines, openTestDatabase, type TestFolder } from '../database.ts';
import { extent } from '../extent.ts';
import { quickImports } from '../quick-imports.ts';
import { someUser } from './rows.ts';
import { sealedFor, sealedInFormerFormat, testKey, testKeyring } from './sealed.ts';

const names = ['jellyfin', 'qbittorrent', 'radarr', 'sonarr'];

/** Servers as the version before stored them: each key is the service's name. */
async function saveInFormerFormat(db: OpenDatabase['db'], user: User, key = testKey): Promise<void> {
  for (const serviceName of names)
    await db.insert(serviceConfig).values({
      userId: user.id,
      serviceName,
      baseUrl: `http://nas:7878/${serviceName}`,
      apiKey: sealedInFormerFormat(serviceName, { userId: user.id, serviceName, key }),
    });
}

const stored = (db: OpenDatabase['db']) => db.select().from(serviceConfig).orderBy(serviceConfig.serviceName);
const opened = (rows: readonly ServiceConfig[], keyring = testKeyring) =>
  rows.map((row) => openSealedKey(keyring, row));
const isMarked = async (db: OpenDatabase['db']) => (await db.select().from(keyFormat)).length > 0;
const withoutKeys = (rows: readonly ServiceConfig[]) => rows.map(({ apiKey: _key, ...row }) => row);

describe.each(engines)('keys of the former format on %s', (engine) => {
  let database: OpenDatabase;
  let db: OpenDatabase['db'];
  let user: User;
  beforeEach(async () => {
    database = await openTestDatabase(engine);
    db = database.db;
    user = await someUser(db);
  });
  afterEach(() => database.close());

  it('open for nobody until they are sealed anew, each for its own row, and nothing else of the row changes', async () => {
    await saveInFormerFormat(db, user);
    const before = await stored(db);
    expect(opened(before)).toEqual([null, null, null, null]);
    expect(await sealKeysAnew(db, testKeyring)).toEqual({ sealed: 4, unreadable: 0 });
    const after = await stored(db);
    expect(opened(after)).toEqual(names);
    expect(withoutKeys(after)).toEqual(withoutKeys(before));
    expect(await sealKeysAnew(db, testKeyring)).toBeNull();
    expect(await stored(db)).toEqual(after);
  });

  it('are refused from then on, wherever they come from', async () => {
    expect(await sealKeysAnew(db, testKeyring)).toEqual({ sealed: 0, unreadable: 0 });
    await saveInFormerFormat(db, user);
    const planted = await stored(db);
    expect(await sealKeysAnew(db, testKeyring)).toBeNull();
    expect(await stored(db)).toEqual(planted);
    expect(opened(planted)).toEqual([null, null, null, null]);
  });

  it('are refused beside one of the present format, even when the mark was removed', async () => {
    await sealKeysAnew(db, testKeyring);
    await saveInFormerFormat(db, user);
    const place = { userId: user.id, serviceName: 'jellyseerr', baseUrl: 'http://nas:5055' };
    await createServiceConfig(db, { ...place, apiKey: sealedFor(place) });
    await db.delete(keyFormat);
    const planted = await stored(db);
    expect(await sealKeysAnew(db, testKeyring)).toEqual({ sealed: 0, unreadable: 4 });
    expect(await stored(db)).toEqual(planted);
    expect(await isMarked(db)).toBe(true);
  });

  it('that nothing opens stay as they are, and the others are sealed', async () => {
    await saveInFormerFormat(db, user);
    const other = await someUser(db);
    await saveInFormerFormat(db, other, randomBytes(32));
    const ofOther = eq(serviceConfig.userId, other.id);
    const before = await db.select().from(serviceConfig).where(ofOther);
    await db.execute(
      sql`update "ServiceConfig" set "baseUrl" = 'no address' where "serviceName" = 'sonarr' and "userId" = ${user.id}`,
    );
    expect(await sealKeysAnew(db, testKeyring)).toEqual({ sealed: 3, unreadable: 5 });
    expect(await db.select().from(serviceConfig).where(ofOther)).toEqual(before);
    const own = await db
      .select()
      .from(serviceConfig)
      .where(eq(serviceConfig.userId, user.id))
      .orderBy(serviceConfig.serviceName);
    expect(opened(own)).toEqual([...names.slice(0, 3), null]);
  });

  it('wait for the right encryption key when a wrong one opens none', async () => {
    await saveInFormerFormat(db, user);
    const before = await stored(db);
    const wrong = createKeyring([randomBytes(32)]);
    for (const _start of [1, 2]) expect(await sealKeysAnew(db, wrong)).toEqual({ sealed: 0, unreadable: 4 });
    expect(await stored(db)).toEqual(before);
    expect(await sealKeysAnew(db, createKeyring([randomBytes(32), testKey]))).toEqual({ sealed: 4, unreadable: 0 });
  });

  it('are sealed under the first of several encryption keys', async () => {
    await saveInFormerFormat(db, user);
    const next = randomBytes(32);
    await sealKeysAnew(db, createKeyring([next, testKey]));
    expect(opened(await stored(db), createKeyring([next]))).toEqual(names);
  });

  it('go with an export, and are sealed on the first start after it, also where the bot was started before', async () => {
    await saveInFormerFormat(db, user);
    const moved = async () => {
      const lines: string[] = [];
      await exportDatabase(db, async (line) => void lines.push(line.trimEnd()));
      const target = await openTestDatabase(engine);
      try {
        // The bot was started there once.
        await sealKeysAnew(target.db, testKeyring);
        await importDatabase(
          target.db,
          (async function* () {
            yield* lines;
          })(),
        );
        return { did: await sealKeysAnew(target.db, testKeyring), keys: opened(await stored(target.db)) };
      } finally {
        await target.close();
      }
    };
    expect(await moved()).toEqual({ did: { sealed: 4, unreadable: 0 }, keys: names });
    await sealKeysAnew(db, testKeyring);
    expect(await moved()).toEqual({ did: null, keys: names });
    await db.execute(
      sql`update "ServiceConfig" set "apiKey" = 'v1.' || substr("apiKey", 4) where "serviceName" = 'radarr'`,
    );
    expect(await moved()).toEqual({ did: null, keys: names.map((name) => (name === 'radarr' ? null : name)) });
  });
});

const script = fileURLToPath(new URL('./seal-keys.ts', import.meta.url));

/** Seals in a process of its own, which dies at the `killAt`-th statement; gives its exit code, null when it was killed. */
async function sealInProcess(where: { url?: string; dataDir?: string }, killAt: number): Promise<number | null> {
  const child = spawn(
    process.execPath,
    [...quickImports, script, where.url ?? '', where.dataDir ?? '', String(killAt)],
    {
      stdio: 'inherit',
    },
  );
  const [code]: (number | null)[] = await once(child, 'exit');
  return code ?? null;
}

/** A database that is closed while another process has it. */
async function startKillable(engine: (typeof engines)[number]) {
  if (engine === 'postgres') {
    const server = await openTestDatabase('postgres');
    return {
      where: { url: server.url ?? '' },
      use: async <T>(work: (db: OpenDatabase['db']) => Promise<T>) => work(server.db),
      close: () => server.close(),
    };
  }
  const folder: TestFolder = await copyDataFolder();
  const use = async <T>(work: (db: OpenDatabase['db']) => Promise<T>) => {
    const own = await openDatabase(folder);
    try {
      return await work(own.db);
    } finally {
      await own.close();
    }
  };
  return { where: { dataDir: folder.dataDir }, use, close: () => folder.remove() };
}

describe.each(engines)('sealing anew on %s', (engine) => {
  it('is done wholly or not at all when the process is killed at any of its statements', {
    timeout: 120_000,
  }, async () => {
    const killable = await startKillable(engine);
    try {
      const before = await killable.use(async (db) => {
        await saveInFormerFormat(db, await someUser(db));
        return stored(db);
      });
      // Before each of three statements, before the commit and after it; then there is nothing left to be killed at.
      // `npm test` kills only around the commit.
      const points = extent === 'few' ? [4, 5, 6] : [1, 2, 3, 4, 5, 6];
      const outcomes: string[] = [];
      for (const killAt of points) {
        const code = await sealInProcess(killable.where, killAt);
        const found = await killable.use(async (db) => ({ rows: await stored(db), marked: await isMarked(db) }));
        const keys = opened(found.rows);
        if (found.marked) {
          expect(keys).toEqual(names);
          expect(withoutKeys(found.rows)).toEqual(withoutKeys(before));
        } else expect(found.rows).toEqual(before);
        outcomes.push(`${code === null ? 'killed' : 'ended'}, ${found.marked ? 'sealed' : 'as before'}`);
      }
      const asBefore = points.filter((point) => point < 5).map(() => 'killed, as before');
      expect(outcomes).toEqual([...asBefore, 'killed, sealed', 'ended, sealed']);
    } finally {
      await killable.close();
    }
  });
});

/** Several processes need a server: they can't share an embedded database, and database.ts prints why when there is none. */
describe.each(engines.filter((engine) => engine === 'postgres'))('sealing anew on %s', (engine) => {
  it('is done once by four processes at once', { timeout: 600_000 }, async () => {
    const killable = await startKillable(engine);
    try {
      await killable.use(async (db) => saveInFormerFormat(db, await someUser(db)));
      const codes = await Promise.all([0, 0, 0, 0].map((never) => sealInProcess(killable.where, never)));
      expect(codes).toEqual([0, 0, 0, 0]);
      expect(opened(await killable.use(stored))).toEqual(names);
    } finally {
      await killable.close();
    }
  });

  it('waits for another that is at it, and does it when that one fails', async () => {
    const killable = await startKillable(engine);
    try {
      await killable.use(async (db) => {
        await saveInFormerFormat(db, await someUser(db));
        const undo = new Error('undo');
        let second: Promise<unknown> = Promise.resolve();
        const first = db.transaction(async (transaction) => {
          await sealKeysAnew(transaction, testKeyring);
          second = sealKeysAnew(db, testKeyring);
          const waiting = sql<number>`(select count(*)::int from pg_locks join pg_stat_activity using (pid)
            where not granted and datname = current_database())`;
          const look = () => db.select({ waiting }).from(sql`(values (1)) as one`);
          await expect.poll(look, { timeout: 10_000 }).toEqual([{ waiting: 1 }]);
          throw undo;
        });
        await expect(first).rejects.toBe(undo);
        expect(await second).toEqual({ sealed: 4, unreadable: 0 });
        expect(opened(await stored(db))).toEqual(names);
      });
    } finally {
      await killable.close();
    }
  });
});
