import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectPostgres } from '../../src/db/connect-postgres.ts';
import type { Connection } from '../../src/db/connection.ts';
import { engines, openTestDatabase } from '../database.ts';
import { TcpProxy } from '../tcp-proxy.ts';

/** An exception that nobody catches ends the bot's process: vitest fails for one, whatever is expected here. */
describe.skipIf(!engines.includes('postgres'))('connections to PostgreSQL that break', () => {
  let proxy: TcpProxy;
  let broken: Connection;
  let admin: Awaited<ReturnType<typeof openTestDatabase>>;

  beforeEach(async () => {
    admin = await openTestDatabase('postgres');
    const url = new URL(admin.url ?? '');
    proxy = new TcpProxy({ host: url.hostname, port: Number(url.port) });
    await proxy.open();
    url.host = `127.0.0.1:${proxy.port}`;
    url.searchParams.set('application_name', 'broken');
    broken = await connectPostgres(url.href, { silenceMs: 1_000 });
  });
  afterEach(async () => {
    await proxy.open();
    await broken.close();
    await admin.close();
  });

  const terminate = async () => {
    const running = sql`application_name = 'broken' and datname = current_database()`;
    await admin.db.execute(sql`select pg_terminate_backend(pid) from pg_stat_activity where ${running}`);
  };

  it.each([
    ['the server ends them', terminate, () => Promise.resolve()],
    ['the server is gone', () => proxy.refuse(), () => proxy.open()],
    ['the server is silent', async () => proxy.silence(), () => proxy.open()],
  ] as const)('fail the transactions on them and end no process: %s', async (_how, takeAway, bringBack) => {
    for (let round = 0; round < 2; round++) {
      const began = Array.from({ length: 8 }, () => Promise.withResolvers<void>());
      const work = began.map(({ resolve }) =>
        broken.db.transaction(async (transaction) => {
          await transaction.execute(sql`select 1`);
          resolve();
          for (let step = 0; step < 1000; step++) await transaction.execute(sql`select pg_sleep(0.01)`);
        }),
      );
      const ended = Promise.allSettled(work);
      await Promise.all(began.map(({ promise }) => promise));
      await takeAway();
      expect((await ended).map(({ status }) => status)).toEqual(work.map(() => 'rejected'));
      await bringBack();
      const answers = (): Promise<boolean> =>
        broken.db
          .execute(sql`select 1`)
          .then(() => true)
          .catch(() => false);
      await expect.poll(answers, { timeout: 15_000 }).toBe(true);
    }
  });

  it('leave none behind that is deaf: all answer after every break', async () => {
    for (let round = 0; round < 20; round++) {
      const asked = Array.from({ length: 30 }, async (_, number) => {
        await sleep(number % 6);
        return broken.db.execute(sql`select 1`);
      });
      const ended = Promise.allSettled(asked);
      await sleep(2);
      await proxy.refuse();
      await ended;
      await proxy.open();
      // The first may still meet a connection that broke just now.
      await Promise.allSettled(Array.from({ length: 10 }, () => broken.db.execute(sql`select 1`)));
      await Promise.all(Array.from({ length: 30 }, () => broken.db.execute(sql`select pg_sleep(0.01)`)));
    }
  });

  it('go on when one breaks between being taken and the first statement of its transaction', async () => {
    for (let round = 0; round < 15; round++) {
      const work = Array.from({ length: 20 }, () => broken.db.transaction((own) => own.execute(sql`select 1`)));
      await Promise.all([Promise.allSettled(work), terminate()]);
    }
    await Promise.all(Array.from({ length: 10 }, () => broken.db.execute(sql`select pg_sleep(0.05)`)));
  });
});
