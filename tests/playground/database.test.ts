import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type PlaygroundDatabase, startDatabase } from '../../playground/database/start-database.ts';
import { openDatabase } from '../../src/db/connection.ts';
import { openLine } from '../../src/db/postgres-line.ts';

let database: PlaygroundDatabase;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.stop());

const connect = () => openLine(database.url, { connectMs: 15_000 });

it('is a database that the bot opens by its address, migrated', async () => {
  const open = await openDatabase({ postgresUrl: database.url, dataDir: '', silenceMs: 15_000 });
  expect(await open.health()).toMatchObject({ ok: true, migrations: { pending: 0 } });
  await open.close();
  expect(await database.query('select count(*)::int as count from "ToolCall"')).toEqual([{ count: 0 }]);
});

it('lets no client into another’s transaction', async () => {
  const lines = await Promise.all(Array.from({ length: 5 }, connect));
  await database.query('create table counter (n int)');
  await database.query('insert into counter values (0)');
  await Promise.all(
    lines.map(async (line) => {
      for (let round = 0; round < 4; round++) {
        await line.query('begin');
        const [row] = await line.query('select n from counter');
        await line.query('update counter set n = $1', [Number(row?.n) + 1]);
        await line.query('commit');
      }
      await line.end();
    }),
  );
  expect(await database.query('select n from counter')).toEqual([{ n: 20 }]);
});

it('answers a wrong query with its error and goes on', async () => {
  const line = await connect();
  await expect(line.query('select * from nowhere')).rejects.toThrow('does not exist');
  expect(await line.query('select $1::int as one', [1])).toEqual([{ one: 1 }]);
  await line.end();
});

it('rolls back what a client left that was cut off, and lets the next one in', async () => {
  await database.query('create table kept (n int)');
  const leaving = await connect();
  await leaving.query('begin');
  await leaving.query('insert into kept values (1)');
  await leaving.end();
  expect(await database.query('select * from kept')).toEqual([]);
});

it('keeps the prepared statements of its clients apart, and forgets them with the client', async () => {
  // The driver makes its statements' names from a random number and a count: so both clients use the same.
  const random = vi.spyOn(Math, 'random').mockReturnValue(0.5);
  const [one, two] = await Promise.all([connect(), connect()]);
  random.mockRestore();
  const prepared = () => database.query<{ name: string }>('select name from pg_prepared_statements');
  for (const value of [1, 2]) {
    expect(await one.query('select $1::int as n', [value])).toEqual([{ n: value }]);
    expect(await two.query('select $1::int * 10 as n', [value])).toEqual([{ n: value * 10 }]);
  }
  await expect(one.query('select * from nowhere')).rejects.toThrow('does not exist');
  const names = (await prepared()).map(({ name }) => name.split(' ').at(-1));
  expect(names.length - new Set(names).size).toBe(2);
  await Promise.all([one.end(), two.end()]);
  await expect.poll(prepared).toEqual([]);
});

it('wants its password', async () => {
  const wrong = database.url.replace(/:[^:@/]+@/, ':wrong@');
  await expect(openLine(wrong, { connectMs: 15_000 })).rejects.toThrow('password authentication failed');
});
