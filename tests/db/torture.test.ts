import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { connectPostgres } from '../../src/db/connect-postgres.ts';
import type { Connection } from '../../src/db/connection.ts';
import { openTestDatabase } from '../database.ts';
import { breaks, TcpProxy } from '../tcp-proxy.ts';

/** `.ci/run` tortures it for a minute. */
const tortureMs = Number(process.env.TEST_TORTURE_MS ?? 5_000);
const silenceMs = 600;
/** More than connecting, waiting for a line and a silent statement may take together, on a busy machine. */
const hungMs = 20_000;

const rowsOf = (result: unknown) => z.array(z.record(z.string(), z.unknown())).parse(result);
const pick = (most: number) => Math.floor(Math.random() * most);

let proxy: TcpProxy;
let tortured: Connection;
let admin: Awaited<ReturnType<typeof openTestDatabase>>;

beforeAll(async () => {
  admin = await openTestDatabase('postgres');
  await admin.db.execute(sql`create table kept (work int not null, step int not null)`);
  const url = new URL(admin.url ?? '');
  proxy = new TcpProxy({ host: url.hostname, port: Number(url.port) });
  await proxy.open();
  url.host = `127.0.0.1:${proxy.port}`;
  url.searchParams.set('application_name', 'tortured');
  tortured = await connectPostgres(url.href, { silenceMs });
});
afterAll(async () => {
  await tortured.close();
  await proxy.refuse();
  await admin.close();
});

/**
 * What the bot does with its database, from many sides at once, while its connections break in every way: each answer is the right
 * one, what was said to be committed is there, whole and once, and everyone who waits is answered. An exception that nobody catches
 * fails the run by itself.
 */
it(
  'keeps statements and transactions apart while connections break',
  async () => {
    const counts = {
      transactions: 0,
      statements: 0,
      failed: 0,
      broken: 0,
      wrong: 0,
      mixed: 0,
      partial: 0,
      lost: 0,
      hung: 0,
    };
    const done = new Map<number, 'committed' | 'failed' | 'unknown'>();
    let uncaught = 0;
    const count = () => uncaught++;
    process.on('uncaughtExceptionMonitor', count);
    process.on('unhandledRejection', count);
    let number = 0;
    const until = performance.now() + tortureMs;
    // On a machine that is busy with other things it goes on until it has been a torture.
    const isOn = () => {
      const now = performance.now();
      return now < until || (counts.transactions < 20 && now < until + hungMs);
    };

    const statement = async () => {
      const mine = ++number;
      const size = 1 + pick(300);
      const [echo, series] = await Promise.all([
        tortured.db.execute(sql`select ${mine}::int as mine, ${`text ${mine}`}::text as text`),
        tortured.db.execute(sql`select ${mine}::int as mine, n from generate_series(1, ${size}::int) n`),
        // Fails in the middle of its rows, which the driver counts on with.
        tortured.db.execute(sql`select 100 / (5 - n) from generate_series(1, ${5 + pick(3)}::int) n`).then(
          () => counts.wrong++,
          () => undefined,
        ),
      ]);
      counts.statements += 3;
      const [row, ...more] = rowsOf(echo);
      if (more.length > 0 || row?.mine !== mine || row.text !== `text ${mine}`) counts.wrong++;
      const rows = rowsOf(series);
      if (rows.length !== size || rows.some((one, index) => one.mine !== mine || one.n !== index + 1)) counts.wrong++;
    };

    const transaction = async () => {
      const mine = ++number;
      const ends = pick(4) === 0 ? 'failed' : 'committed';
      // Until its work is over nothing of it can have been committed; from then on nobody knows, until the answer is here.
      done.set(mine, 'failed');
      await tortured.db.transaction(async (own) => {
        const who = async () => {
          const [row] = rowsOf(await own.execute(sql`select pg_backend_pid() as pid, txid_current()::text as id`));
          return `${row?.pid} ${row?.id}`;
        };
        const before = await who();
        for (let step = 0; step < 3; step++) {
          await own.execute(sql`insert into kept values (${mine}, ${step})`);
          const rows = rowsOf(await own.execute(sql`select step from kept where work = ${mine} order by step`));
          if (rows.length !== step + 1) counts.wrong++;
        }
        if ((await who()) !== before) counts.mixed++;
        if (ends === 'failed') throw new Error('The work thought better of it');
        done.set(mine, 'unknown');
      });
      done.set(mine, 'committed');
      counts.transactions++;
      counts.statements += 10;
    };

    const background = async () => {
      const mine = ++number;
      const { rows } = await tortured.background.executeSql(`begin; select 1; select ${mine} as mine; commit`);
      if (rows.at(-1)?.mine !== mine) counts.wrong++;
      counts.statements += 4;
    };

    const hanging = new Set<Promise<void>>();
    let settled = 0;
    const worker = async (work: () => Promise<void>) => {
      while (isOn()) {
        const asked = work().catch(() => {
          counts.failed++;
        });
        hanging.add(asked);
        await asked;
        hanging.delete(asked);
        settled++;
        if (pick(20) === 0) await sleep(1);
      }
    };
    const terminateOne = sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'tortured' and datname = current_database() order by random() limit 1`;
    const breaking = async () => {
      while (isOn()) {
        // By the work done, so that some of it is done between two breaks, however fast the machine is.
        for (const next = settled + 5 + pick(30); settled < next && isOn(); ) await sleep(5);
        const how = pick(breaks.length + 1);
        const kind = breaks[how];
        if (kind === undefined) await admin.db.execute(terminateOne);
        else proxy.breakOne(kind);
        counts.broken++;
        if (pick(25) > 0) continue;
        await proxy.refuse();
        await sleep(pick(50));
        await proxy.open();
      }
    };
    const working = Promise.all([
      ...Array.from({ length: 16 }, () => worker(statement)),
      ...Array.from({ length: 12 }, () => worker(transaction)),
      ...Array.from({ length: 2 }, () => worker(background)),
      breaking(),
    ]);
    await Promise.race([working, sleep(tortureMs + 2 * hungMs, undefined, { ref: false })]);
    counts.hung = hanging.size;

    const kept = new Map<number, number>();
    for (const row of rowsOf(rowsOf(await tallied()))) kept.set(Number(row.work), Number(row.steps));
    for (const [mine, how] of done) {
      const steps = kept.get(mine) ?? 0;
      if (steps !== 0 && steps !== 3) counts.partial++;
      if (how === 'committed' && steps !== 3) counts.lost++;
      if (how === 'failed' && steps !== 0) counts.mixed++;
    }
    process.off('uncaughtExceptionMonitor', count);
    process.off('unhandledRejection', count);
    console.log(`Torture of ${tortureMs / 1000} s:`, { ...counts, uncaught });
    expect({ ...counts, uncaught }).toMatchObject({ wrong: 0, mixed: 0, partial: 0, lost: 0, hung: 0, uncaught: 0 });
    // It was one: things went well, and things broke.
    for (const what of ['transactions', 'statements', 'failed', 'broken'] as const)
      expect(counts[what]).toBeGreaterThan(10);
    // And afterwards all is as before.
    await Promise.all(Array.from({ length: 30 }, () => tortured.db.transaction((own) => own.execute(sql`select 1`))));
  },
  tortureMs + 4 * hungMs,
);

/** How many steps of each piece of work are there. */
async function tallied(): Promise<unknown> {
  return admin.db.execute(sql`select work, count(*)::int as steps from kept group by work`);
}
