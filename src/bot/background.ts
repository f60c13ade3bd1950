import { setTimeout } from 'node:timers/promises';
import { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { OpenDatabase } from '../db/connection.ts';
import type { Tasks } from './tasks.ts';

/** Work that comes round although nobody does anything. `run` may throw: it is logged, and comes round again. */
export type BackgroundWork = { name: string; everyMs: number; run(): Promise<void> };

const hourMs = 60 * 60 * 1000;

/** Seconds. The least that pg-boss polls at, and what is still soon for a person. */
const polling = { least: 0.5, most: 2 };
/** Seconds after which work that a dead process had begun is given to another. */
const takenOverAfter = 120;

/**
 * Runs each piece of work again and again, in one of however many processes: one job of each waits in the database, and who
 * fetches it queues the next before it begins, so that being killed in the middle breaks no chain. `stop` begins nothing more.
 */
export async function startBackground(
  database: Pick<OpenDatabase, 'engine' | 'background'>,
  works: readonly BackgroundWork[],
  { log, tasks, stopMs }: { log: Logger; tasks: Tasks; stopMs: number },
): Promise<{ stop(): Promise<void> }> {
  const boss = new PgBoss({ db: database.background, backend: database.engine, schema: 'pgboss', schedule: false });
  let leaving = false;
  boss.on('error', (error) => {
    if (!leaving) log.warn({ err: error }, 'background work could not be looked for; it is tried again');
  });
  boss.on('warning', ({ message }) =>
    log.info({ warning: message }, 'the queue of background work reported something'),
  );
  await boss.start();
  const all = database.engine === 'pglite' ? [...works, vacuum(database)] : works;
  await Promise.all(all.map((work) => begin(boss, work, { log, tasks, isLeaving: () => leaving })));
  return {
    stop: async () => {
      leaving = true;
      const ended = Promise.all(all.map(({ name }) => boss.offWork(name, { wait: true })));
      await Promise.race([ended, setTimeout(stopMs, undefined, { ref: false })]);
      // What still runs is left: its job comes round again, in another process too.
      await boss.stop({ graceful: false });
    },
  };
}

/** PGlite has no process that does it by itself: without it each job leaves 80 bytes for ever (decision 4). */
function vacuum({ background }: Pick<OpenDatabase, 'background'>): BackgroundWork {
  const run = async () => {
    await background.executeSql('vacuum pgboss.job');
  };
  return { name: 'vacuum', everyMs: hourMs, run };
}

async function begin(
  boss: PgBoss,
  { name, everyMs, run }: BackgroundWork,
  { log, tasks, isLeaving }: { log: Logger; tasks: Tasks; isLeaving: () => boolean },
): Promise<void> {
  await boss.createQueue(name, {
    policy: 'short',
    expireInSeconds: takenOverAfter,
    // Only a job whose next could not be queued is ever tried again.
    retryLimit: 1_000_000,
    retryDelay: 1,
    deleteAfterSeconds: 60,
  });
  const seconds = everyMs / 1000;
  const pollingIntervalSeconds = Math.min(polling.most, Math.max(polling.least, seconds));
  await boss.work(name, { pollingIntervalSeconds }, async () => {
    // Leaving too: this job is over with this answer, and who stays must find another.
    await boss.send(name, {}, { startAfter: seconds });
    if (isLeaving()) return;
    const running = run().catch((error: unknown) => {
      log.error({ err: error, work: name }, 'background work failed and will be tried again');
    });
    tasks.track(running);
    await running;
  });
  await boss.send(name, {});
}
