import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PlaygroundDatabase, startDatabase } from '../../playground/database/start-database.ts';
import { openDatabase } from '../../src/db/connection.ts';

let database: PlaygroundDatabase;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.stop());

const connect = (max = 5) => new pg.Pool({ connectionString: database.url, max });

it('is a database that the bot opens by its address, migrated', async () => {
  const open = await openDatabase({ postgresUrl: database.url, dataDir: '', silenceMs: 15_000 });
  expect(await open.health()).toMatchObject({ ok: true, migrations: { pending: 0 } });
  await open.close();
  expect(await database.query('select count(*)::int as count from "ToolCall"')).toEqual([{ count: 0 }]);
});

it('lets no client into another’s transaction', async () => {
  const pool = connect();
  await pool.query('create table counter (n int)');
  await pool.query('insert into counter values (0)');
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      const client = await pool.connect();
      await client.query('begin');
      const { rows } = await client.query<{ n: number }>('select n from counter');
      await client.query('update counter set n = $1', [Number(rows[0]?.n) + 1]);
      await client.query('commit');
      client.release();
    }),
  );
  expect(await database.query('select n from counter')).toEqual([{ n: 20 }]);
  await pool.end();
});

it('answers a wrong query with its error and goes on', async () => {
  const pool = connect(1);
  const client = await pool.connect();
  await expect(client.query('select * from nowhere')).rejects.toThrow('does not exist');
  expect((await client.query('select $1::int as one', [1])).rows).toEqual([{ one: 1 }]);
  client.release();
  await pool.end();
});

it('rolls back what a client left that was cut off, and lets the next one in', async () => {
  await database.query('create table kept (n int)');
  const leaving = connect(1);
  const client = await leaving.connect();
  await client.query('begin');
  await client.query('insert into kept values (1)');
  client.release(true);
  await leaving.end();
  expect(await database.query('select * from kept')).toEqual([]);
});

it('keeps the prepared statements of its clients apart, and forgets them with the client', async () => {
  const pool = connect(2);
  const [one, two] = await Promise.all([pool.connect(), pool.connect()]);
  const ask = (client: pg.PoolClient, text: string, value: number) =>
    client.query({ name: 'same', text, values: [value] }).then(({ rows }) => rows);
  for (const value of [1, 2]) {
    expect(await ask(one, 'select $1::int as n', value)).toEqual([{ n: value }]);
    expect(await ask(two, 'select $1::int * 10 as n', value)).toEqual([{ n: value * 10 }]);
  }
  await expect(one.query({ name: 'wrong', text: 'select * from nowhere' })).rejects.toThrow('does not exist');
  const prepared = () => database.query('select name from pg_prepared_statements');
  expect(await prepared()).toHaveLength(2);
  for (const client of [one, two]) client.release(true);
  await pool.end();
  await expect.poll(prepared).toEqual([]);
});

it('wants its password', async () => {
  const wrong = database.url.replace(/:[^:@/]+@/, ':wrong@');
  const client = new pg.Client(wrong);
  await expect(client.connect()).rejects.toThrow('password authentication failed');
  await client.end();
});
