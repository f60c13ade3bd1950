import { and, eq, inArray, lt, ne, not, or, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../connection.ts';
import { failingAs } from '../failing-as.ts';
import { type Process, process, stream, toolCall } from '../schema.ts';
import { nextOwnerNumber } from './owner-numbers.ts';

/** The first half of the key of each process's session lock; the second is its number. Any that nothing else here uses. */
export const lockSpace = 1_634_956_147;

/** When another process counts as dead; milliseconds of the database's clock. */
export type DeathLimits = {
  /** Without a beat for this long, when its session lock is gone too. */
  silentMs: number;
  /** Without a beat for this long, whatever its lock is: there may be none, and a connection may die without a word. */
  leaseMs: number;
};

const since = (moment: typeof process.beatAt) =>
  sql<number>`extract(epoch from now() - ${moment}) * 1000`.mapWith(Number);

/** Says that this process lives, from now on, by a number that grows. */
export async function registerProcess(db: Database, { id }: { id: string }): Promise<Process> {
  return failingAs('Failed to register process', async () => {
    const [row] = await db.insert(process).values({ id }).returning();
    if (row === undefined) throw new Error('an insert gave no row');
    return row;
  });
}

/** Says that it still lives. False when another process has taken it for dead. */
export async function beatProcess(db: Database, { id, number }: Pick<Process, 'id' | 'number'>): Promise<boolean> {
  return failingAs('Failed to keep process alive', async () => {
    const rows = await db
      .update(process)
      .set({ beatAt: sql`now()` })
      .where(and(eq(process.id, id), eq(process.number, number)))
      .returning({ id: process.id });
    return rows.length > 0;
  });
}

/** Whether this process holds its session lock: only then does a lock that is gone say that it is dead. */
export async function setProcessLock(
  db: Database,
  { id, number, hasLock }: Pick<Process, 'id' | 'number' | 'hasLock'>,
): Promise<void> {
  await failingAs('Failed to save process', () =>
    db
      .update(process)
      .set({ hasLock, updatedAt: sql`now()` })
      .where(and(eq(process.id, id), eq(process.number, number))),
  );
}

/** A process that ends by itself. What it had not ended is free for others. */
export async function removeProcess(db: Database, { id, number }: Pick<Process, 'id' | 'number'>): Promise<void> {
  await failingAs('Failed to remove process', () =>
    db.transaction(async (transaction) => {
      await transaction.delete(process).where(and(eq(process.id, id), eq(process.number, number)));
      await endClaims(transaction, { of: [id] });
    }),
  );
}

/** The other processes: how long ago each gave its last beat, in milliseconds, and whether it is without its lock. */
export async function getOtherProcesses(
  db: Database,
  { id }: { id: string },
): Promise<{ id: string; silentMs: number; hasLost: boolean }[]> {
  return failingAs('Failed to get processes', () =>
    db
      .select({ id: process.id, silentMs: since(process.beatAt), hasLost: sql<boolean>`${lockIsGone}` })
      .from(process)
      .where(ne(process.id, id)),
  );
}

/**
 * Takes for dead whoever is, and makes what they had claimed free: by a new owner number, so that none of them can write to it any
 * more, and an end of the lease in the past. Gives their ids; of several takers, each process goes to one.
 */
export async function takeDeadProcesses(
  db: Database,
  { id, silentMs, leaseMs }: { id: string } & DeathLimits,
): Promise<string[]> {
  return failingAs('Failed to take dead processes', () =>
    db.transaction(async (transaction) => {
      const silentFor = (milliseconds: number) =>
        lt(process.beatAt, sql`now() - make_interval(secs => ${milliseconds / 1000})`);
      const rows = await transaction
        .delete(process)
        .where(and(ne(process.id, id), or(and(silentFor(silentMs), lockIsGone), silentFor(leaseMs))))
        .returning({ id: process.id });
      const ids = rows.map((row) => row.id);
      if (ids.length > 0) await endClaims(transaction, { of: ids });
      return ids;
    }),
  );
}

/** On the embedded database the folder's lock proves that nobody else lives: every claim is a dead process's. */
export async function endAllClaims(db: Database): Promise<void> {
  await failingAs('Failed to end claims', () => db.transaction((transaction) => endClaims(transaction, { of: null })));
}

async function endClaims(db: Database, { of }: { of: readonly string[] | null }): Promise<void> {
  const past = sql`now() - interval '1 second'`;
  const turns = of === null ? undefined : inArray(stream.owner, [...of]);
  await db
    .update(stream)
    .set({ leaseUntil: past, ownerNumber: nextOwnerNumber(stream) })
    .where(turns);
  const calls = of === null ? undefined : inArray(toolCall.claimedBy, [...of]);
  await db
    .update(toolCall)
    .set({ leaseUntil: past, ownerNumber: nextOwnerNumber(toolCall) })
    .where(and(eq(toolCall.status, 'running'), calls));
}

/** Whether a process that had its session lock has it no more. */
const lockIsGone: SQL = sql`(${process.hasLock} and ${not(
  sql`exists (select from pg_locks where locktype = 'advisory' and granted and objsubid = 2
    and database = (select oid from pg_database where datname = current_database())
    and classid = ${lockSpace}::int::oid and objid = ${process.number}::int::oid)`,
)})`;
