import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startBackground } from '../../src/bot/background.ts';
import { Tasks } from '../../src/bot/tasks.ts';
import { engines, openTestDatabase } from '../database.ts';

const countSchema = z.object({ rows: z.array(z.object({ count: z.coerce.number() })).min(1) });

describe.each(engines)('background work on %s', (engine) => {
  let database: Awaited<ReturnType<typeof openTestDatabase>>;
  beforeAll(async () => {
    database = await openTestDatabase(engine);
  });
  afterAll(() => database.close());

  it('runs in another process when the one that stops has just fetched it', async () => {
    const fetched = Promise.withResolvers<void>();
    const isLeft = Promise.withResolvers<void>();
    /** The database answers the one that leaves only once it is leaving. */
    const slow = {
      engine,
      background: {
        async executeSql(text: string, values?: unknown[]) {
          const result = await database.background.executeSql(text, values);
          const isFetch = text.includes("j.name = 'work'") && text.includes("state < 'active'");
          if (!isFetch || result.rows.length === 0) return result;
          fetched.resolve();
          await isLeft.promise;
          return result;
        },
      },
    };
    const work = { name: 'work', everyMs: 500, run: async () => undefined };
    const leaving = await startBackground(slow, [work], {
      log: pino({ level: 'silent' }),
      tasks: new Tasks(),
      stopMs: 2000,
    });
    await fetched.promise;
    const stopped = leaving.stop();
    isLeft.resolve();
    await stopped;
    const waiting = `select count(*) from pgboss.job where name = 'work' and state = 'created'`;
    const { rows } = countSchema.parse(await database.background.executeSql(waiting));
    expect(rows[0]?.count).toBe(1);
  });
});
