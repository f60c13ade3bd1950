import { setTimeout } from 'node:timers/promises';
import { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { OpenDatabase } from '../db/connection.ts';
import type { Tasks } from './tasks.ts';

/** Work that repeats by itself. `run` may throw: that is logged, and the work runs again next time. */
export type BackgroundWork = { name: string; everyMs: number; run(): Promise<void> };

const hourMs = 60 * 60 * 1000;

/** In seconds: the shortest interval at which pg-boss polls, and the longest that people do not notice. */
const polling = { least: 0.5, most: 2 };
/** Seconds until the work of a dead process is given to another. */
const takenOverAfter = 120;

/**
 * Repeats each piece of work, each time in only one of the processes: one job of each waits in the database, and the process that
 * fetches it queues the next before it begins, so that the chain survives a kill. After `stop` no work begins.
 */
export async function startBackground(
  database: Pick<OpenDatabase, 'engine' | 'background'>,
  works: readonly BackgroundWork[],
  { log, tasks, stopMs }: { log: Logger; tasks: Tasks; stopMs: number },
): Promise<{ stop(): Promise<void> }> {
  const boss = new PgBoss({ db: database.background, backend: database.engine, schema: 'pgboss', schedule: false });
  let leaving = false;
  boss.on('error', (error) => {
    if (!leaving) log.warn({ err: error }, 'could not look for background work; trying again');
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
      // Work that still runs is abandoned: its job runs again later, perhaps in another process.
      await boss.stop({ graceful: false });
    },
  };
}

/** PGlite has no autovacuum: without this, each job would leave 80 bytes behind for ever (decision 4). */
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
    // A job is retried only if queueing its successor failed.
    retryLimit: 1_000_000,
    retryDelay: 1,
    deleteAfterSeconds: 60,
  });
  const seconds = everyMs / 1000;
  const pollingIntervalSeconds = Math.min(polling.most, Math.max(polling.least, seconds));
  await boss.work(name, { pollingIntervalSeconds }, async () => {
    // Also while stopping: this job ends here, and the other processes need a next one.
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
