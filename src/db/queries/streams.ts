import { and, eq, lt, sql } from 'drizzle-orm';
import type { Database } from '../connection.ts';
import { failingAs } from '../failing-as.ts';
import { prepared } from '../prepared.ts';
import { type Stream, stream } from '../schema.ts';

/** Database time, so that the clocks of several processes need not agree. */
const inMilliseconds = (milliseconds: number) => sql<Date>`now() + make_interval(secs => ${milliseconds / 1000})`;

const claimedFree = prepared((db, value) =>
  db
    .insert(stream)
    .values({
      chatId: value('chatId'),
      owner: value('owner'),
      messageId: value('messageId'),
      leaseUntil: sql`now() + make_interval(secs => ${value('seconds')})`,
      state: {},
    })
    .onConflictDoNothing({ target: stream.chatId })
    .returning({ id: stream.id }),
);
const released = prepared((db, value) =>
  db.delete(stream).where(and(eq(stream.chatId, value('chatId')), eq(stream.owner, value('owner')))),
);

/** Takes the turn of a conversation that nobody has, and that nobody died in: false otherwise. */
export async function claimFreeTurn(
  db: Database,
  { chatId, owner, leaseMs, messageId }: { chatId: string; owner: string; leaseMs: number; messageId: string },
): Promise<boolean> {
  return failingAs('Failed to claim turn', async () => {
    const rows = await claimedFree(db, { chatId, owner, messageId, seconds: leaseMs / 1000 });
    return rows.length > 0;
  });
}

/** Takes the turn of a conversation: false while another's lease lives. One statement, which only one taker can win. */
export async function claimTurn(
  db: Database,
  { chatId, owner, leaseMs, messageId }: { chatId: string; owner: string; leaseMs: number; messageId: string | null },
): Promise<boolean> {
  return failingAs('Failed to claim turn', async () => {
    const values = { owner, messageId, leaseUntil: inMilliseconds(leaseMs), state: {} };
    const rows = await db
      .insert(stream)
      .values({ chatId, ...values })
      .onConflictDoUpdate({
        target: stream.chatId,
        set: { ...values, updatedAt: sql`now()` },
        setWhere: sql`${stream.leaseUntil} < now()`,
      })
      .returning({ id: stream.id });
    return rows.length > 0;
  });
}

/** Makes the lease last longer, and keeps what the turn has so far. False when the turn is another's by now. */
export async function renewTurn(
  db: Database,
  { chatId, owner, leaseMs, state }: { chatId: string; owner: string; leaseMs: number; state?: Stream['state'] },
): Promise<boolean> {
  return failingAs('Failed to renew turn', async () => {
    const rows = await db
      .update(stream)
      .set({ leaseUntil: inMilliseconds(leaseMs), updatedAt: sql`now()`, ...(state === undefined ? {} : { state }) })
      .where(and(eq(stream.chatId, chatId), eq(stream.owner, owner)))
      .returning({ id: stream.id });
    return rows.length > 0;
  });
}

/** Gives the turn back. Nothing happens when it is another's by now. */
export async function releaseTurn(db: Database, { chatId, owner }: { chatId: string; owner: string }): Promise<void> {
  await failingAs('Failed to release turn', () => released(db, { chatId, owner }));
}

/** The turns whose process died: their lease is past. */
export async function getExpiredTurns(db: Database): Promise<Stream[]> {
  return failingAs('Failed to get turns', () => db.select().from(stream).where(lt(stream.leaseUntil, sql`now()`)));
}
