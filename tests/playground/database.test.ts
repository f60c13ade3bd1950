import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PlaygroundDatabase, startDatabase } from '../../playground/database/start-database.ts';
import { openDatabase } from '../../src/db/connection.ts';

let database: PlaygroundDatabase;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.stop());

const connect = (max = 5) => postgres(database.url, { max, onnotice: () => undefined });

it('is a database that the bot opens by its address, migrated', async () => {
  const open = await openDatabase({ postgresUrl: database.url, dataDir: '', silenceMs: 15_000 });
  expect(await open.health()).toMatchObject({ ok: true, migrations: { pending: 0 } });
  await open.close();
  expect(await database.query('select count(*)::int as count from "ToolCall"')).toEqual([{ count: 0 }]);
});

it('lets no client into another’s transaction', async () => {
  const sql = connect();
  await sql`create table counter (n int)`;
  await sql`insert into counter values (0)`;
  await Promise.all(
    Array.from({ length: 20 }, () =>
      sql.begin(async (transaction) => {
        const [row] = await transaction`select n from counter`;
        await transaction`update counter set n = ${Number(row?.n) + 1}`;
      }),
    ),
  );
  expect(await database.query('select n from counter')).toEqual([{ n: 20 }]);
  await sql.end();
});

it('answers a wrong query with its error and goes on', async () => {
  const sql = connect(1);
  await expect(sql`select * from nowhere`).rejects.toThrow('does not exist');
  expect((await sql`select ${1}::int as one`)[0]?.one).toBe(1);
  await sql.end();
});

it('rolls back what a client left that was cut off, and lets the next one in', async () => {
  await database.query('create table kept (n int)');
  const leaving = connect(1);
  await leaving
    .begin(async (transaction) => {
      await transaction`insert into kept values (1)`;
      await leaving.end({ timeout: 0 });
    })
    .catch(() => undefined);
  expect(await database.query('select * from kept')).toEqual([]);
});

it('wants its password', async () => {
  const wrong = database.url.replace(/:[^:@/]+@/, ':wrong@');
  const sql = postgres(wrong, { max: 1 });
  await expect(sql`select 1`).rejects.toThrow('password authentication failed');
  await sql.end();
});
