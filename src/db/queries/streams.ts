import { and, eq, lt, sql } from 'drizzle-orm';
import type { Database } from '../connection.ts';
import { failingAs } from '../failing-as.ts';
import { prepared } from '../prepared.ts';
import { type Stream, stream } from '../schema.ts';
import { nextOwnerNumber } from './owner-numbers.ts';

/** A turn as it was claimed: whoever claims it later has a greater number, and then nothing is written by this one any more. */
export type HeldTurn = Pick<Stream, 'chatId' | 'ownerNumber'>;

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
    .returning({ ownerNumber: stream.ownerNumber }),
);
const released = prepared((db, value) =>
  db.delete(stream).where(and(eq(stream.chatId, value('chatId')), eq(stream.ownerNumber, value('ownerNumber')))),
);

/** Takes the turn of a conversation that nobody has, and that nobody died in: null otherwise. */
export async function claimFreeTurn(
  db: Database,
  { chatId, owner, leaseMs, messageId }: { chatId: string; owner: string; leaseMs: number; messageId: string },
): Promise<HeldTurn | null> {
  return failingAs('Failed to claim turn', async () => {
    const [row] = await claimedFree(db, { chatId, owner, messageId, seconds: leaseMs / 1000 });
    return row === undefined ? null : { chatId, ...row };
  });
}

/** Takes over a turn whose lease is past, as it was seen: null when another was faster. What there was of its answer stays with it. */
export async function takeOverTurn(
  db: Database,
  { chatId, ownerNumber }: HeldTurn,
  { owner, leaseMs }: { owner: string; leaseMs: number },
): Promise<HeldTurn | null> {
  return failingAs('Failed to take over turn', async () => {
    const [row] = await db
      .update(stream)
      .set({
        owner,
        ownerNumber: nextOwnerNumber(stream),
        leaseUntil: inMilliseconds(leaseMs),
        updatedAt: sql`now()`,
      })
      .where(and(isHeld({ chatId, ownerNumber }), lt(stream.leaseUntil, sql`now()`)))
      .returning({ ownerNumber: stream.ownerNumber });
    return row === undefined ? null : { chatId, ...row };
  });
}

/** Makes the lease last longer, and keeps what the turn has so far. False when the turn is another's by now. */
export async function renewTurn(
  db: Database,
  turn: HeldTurn,
  { leaseMs, state }: { leaseMs: number; state?: Stream['state'] },
): Promise<boolean> {
  return failingAs('Failed to renew turn', async () => {
    const rows = await db
      .update(stream)
      .set({ leaseUntil: inMilliseconds(leaseMs), updatedAt: sql`now()`, ...(state === undefined ? {} : { state }) })
      .where(isHeld(turn))
      .returning({ id: stream.id });
    return rows.length > 0;
  });
}

/** Gives the turn back. Nothing happens when it is another's by now. */
export async function releaseTurn(db: Database, { chatId, ownerNumber }: HeldTurn): Promise<void> {
  await failingAs('Failed to release turn', () => released(db, { chatId, ownerNumber }));
}

/** Keeps the turn from being taken over until the transaction `db` is over. False when it is another's by now. */
export async function lockTurn(db: Database, turn: HeldTurn): Promise<boolean> {
  return failingAs('Failed to lock turn', async () => {
    const rows = await db.select({ id: stream.id }).from(stream).where(isHeld(turn)).for('share');
    return rows.length > 0;
  });
}

/** The turns whose process died: their lease is past. Of one conversation, or all. */
export async function getExpiredTurns(db: Database, { chatId }: { chatId?: string } = {}): Promise<Stream[]> {
  const ofChat = chatId === undefined ? undefined : eq(stream.chatId, chatId);
  return failingAs('Failed to get turns', () =>
    db
      .select()
      .from(stream)
      .where(and(lt(stream.leaseUntil, sql`now()`), ofChat)),
  );
}

function isHeld({ chatId, ownerNumber }: HeldTurn) {
  return and(eq(stream.chatId, chatId), eq(stream.ownerNumber, ownerNumber));
}
