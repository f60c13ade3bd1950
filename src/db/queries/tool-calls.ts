import { and, eq, gt, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../connection.ts';
import { failingAs } from '../failing-as.ts';
import { type NewToolCall, type ToolCall, toolCall } from '../schema.ts';
import { storableJson, storableText } from '../storable.ts';
import { nextOwnerNumber } from './owner-numbers.ts';

const inMilliseconds = (milliseconds: number) => sql<Date>`now() + make_interval(secs => ${milliseconds / 1000})`;
const largestOutput = 8 * 1024;

/** A running call as it was claimed: whoever takes it over has a greater number, and then this one stores nothing any more. */
export type HeldToolCall = Pick<ToolCall, 'id' | 'ownerNumber'>;

/** How a call that ran has ended, as its row keeps it. */
export type CallEnd = { endedBy: EndedBy } & (
  | { status: 'succeeded'; confirmedBy: NonNullable<ToolCall['confirmedBy']>; output: unknown }
  | { status: 'failed' | 'timeout'; error: string }
);
type EndedBy = Exclude<NonNullable<ToolCall['endedBy']>, 'cancel' | 'expiry'>;

/** Puts a call into the ledger. A `dedupeKey` that was seen before gives the first row, and `isNew` false. */
export async function createToolCall(
  db: Database,
  request: Pick<
    NewToolCall,
    | 'userId'
    | 'ownerId'
    | 'chatId'
    | 'messageId'
    | 'toolName'
    | 'input'
    | 'effect'
    | 'origin'
    | 'dedupeKey'
    | 'claimedBy'
  > & { status: 'queued' | 'running'; leaseMs?: number; expiresInMs?: number },
): Promise<{ call: ToolCall; isNew: boolean }> {
  return failingAs('Failed to create tool call', async () => {
    const { leaseMs, expiresInMs, ...values } = request;
    const [made] = await db
      .insert(toolCall)
      .values({
        ...values,
        leaseUntil: leaseMs === undefined ? null : inMilliseconds(leaseMs),
        expiresAt: expiresInMs === undefined ? null : inMilliseconds(expiresInMs),
        startedAt: request.status === 'running' ? sql`now()` : null,
      })
      .onConflictDoNothing({ target: toolCall.dedupeKey })
      .returning();
    if (made !== undefined) return { call: made, isNew: true };
    const [there] = await db
      .select()
      .from(toolCall)
      .where(eq(toolCall.dedupeKey, request.dedupeKey ?? ''));
    if (there === undefined) throw new Error('a tool call that was there is gone');
    return { call: there, isNew: false };
  });
}

/** Not user-scoped: who may do what with it is for tools/authorise.ts to say, and the statements below change only the actor's own. */
export async function getToolCall(db: Database, { id }: { id: string }): Promise<ToolCall | null> {
  return failingAs('Failed to get tool call', async () => {
    const [row] = await db.select().from(toolCall).where(eq(toolCall.id, id));
    return row ?? null;
  });
}

/** The calls that one message made, in the order in which they were made. */
export async function getToolCallsByMessageId(db: Database, { messageId }: { messageId: string }): Promise<ToolCall[]> {
  return failingAs('Failed to get tool calls', () =>
    db.select().from(toolCall).where(eq(toolCall.messageId, messageId)).orderBy(toolCall.queuedAt, toolCall.id),
  );
}

/** Changes what a waiting call would do. Null when it no longer waits or is not this user's. */
export async function updateQueuedInput(
  db: Database,
  { id, userId, input }: { id: string; userId: string; input: unknown },
): Promise<ToolCall | null> {
  return failingAs('Failed to update tool call', async () => {
    const [row] = await db
      .update(toolCall)
      .set({ input, updatedAt: sql`now()` })
      .where(and(eq(toolCall.id, id), eq(toolCall.userId, userId), eq(toolCall.status, 'queued')))
      .returning();
    return row ?? null;
  });
}

/** A press: queued → running in one statement that only one press can win. Null for every other. */
export async function claimToolCall(
  db: Database,
  { id, userId, claimedBy, leaseMs }: { id: string; userId: string; claimedBy: string; leaseMs: number },
): Promise<ToolCall | null> {
  return failingAs('Failed to claim tool call', async () => {
    const [row] = await db
      .update(toolCall)
      .set({
        status: 'running',
        claimedBy,
        ownerNumber: nextOwnerNumber(toolCall),
        leaseUntil: inMilliseconds(leaseMs),
        startedAt: sql`now()`,
        updatedAt: sql`now()`,
      })
      .where(
        and(
          eq(toolCall.id, id),
          eq(toolCall.userId, userId),
          eq(toolCall.status, 'queued'),
          or(isNull(toolCall.expiresAt), gt(toolCall.expiresAt, sql`now()`)),
        ),
      )
      .returning();
    return row ?? null;
  });
}

/** Makes a running call's lease last longer. False when it is another's by now, or over. */
export async function renewToolCall(
  db: Database,
  { id, ownerNumber }: HeldToolCall,
  { leaseMs }: { leaseMs: number },
): Promise<boolean> {
  return failingAs('Failed to renew tool call', async () => {
    const rows = await db
      .update(toolCall)
      .set({ leaseUntil: inMilliseconds(leaseMs), updatedAt: sql`now()` })
      .where(isHeld({ id, ownerNumber }))
      .returning({ id: toolCall.id });
    return rows.length > 0;
  });
}

/** Stores how a call ended. Null when this claimer no longer holds it. An output over 8 KB is kept as its beginning. */
export async function finishToolCall(db: Database, held: HeldToolCall, end: CallEnd): Promise<ToolCall | null> {
  return failingAs('Failed to finish tool call', async () => {
    const [row] = await db
      .update(toolCall)
      .set({
        status: end.status,
        endedBy: end.endedBy,
        confirmedBy: end.status === 'succeeded' ? end.confirmedBy : null,
        output: end.status === 'succeeded' ? withinSize(end.output) : null,
        error: end.status === 'succeeded' ? null : storableText(end.error),
        leaseUntil: null,
        finishedAt: sql`now()`,
        updatedAt: sql`now()`,
      })
      .where(isHeld(held))
      .returning();
    return row ?? null;
  });
}

/** A press on Cancel: queued → canceled. Null when it no longer waits or is not this user's. */
export async function cancelToolCall(
  db: Database,
  { id, userId }: { id: string; userId: string },
): Promise<ToolCall | null> {
  return failingAs('Failed to cancel tool call', async () => {
    const [row] = await db
      .update(toolCall)
      .set({ status: 'canceled', endedBy: 'cancel', finishedAt: sql`now()`, updatedAt: sql`now()` })
      .where(and(eq(toolCall.id, id), eq(toolCall.userId, userId), eq(toolCall.status, 'queued')))
      .returning();
    return row ?? null;
  });
}

/** A press on Stop, seen by the process that runs the call. False when it does not run any more or is not this user's. */
export async function requestStop(db: Database, { id, userId }: { id: string; userId: string }): Promise<boolean> {
  return failingAs('Failed to stop tool call', async () => {
    const rows = await db
      .update(toolCall)
      .set({ stopAskedAt: sql`now()`, updatedAt: sql`now()` })
      .where(and(eq(toolCall.id, id), eq(toolCall.userId, userId), eq(toolCall.status, 'running')))
      .returning({ id: toolCall.id });
    return rows.length > 0;
  });
}

/** Ends calls whose button waited too long, 100 at a time. */
export async function expireToolCalls(db: Database): Promise<ToolCall[]> {
  return failingAs('Failed to expire tool calls', () => {
    const expired = and(eq(toolCall.status, 'queued'), lt(toolCall.expiresAt, sql`now()`));
    return db
      .update(toolCall)
      .set({ status: 'canceled', endedBy: 'expiry', finishedAt: sql`now()`, updatedAt: sql`now()` })
      .where(and(expired, isOneOf(lockedIds(db, { where: expired, limit: 100 }))))
      .returning();
  });
}

/** Takes over calls whose process died while they ran. Of several takers, each call goes to one. */
export async function claimAbandonedToolCalls(
  db: Database,
  { claimedBy, leaseMs, limit }: { claimedBy: string; leaseMs: number; limit: number },
): Promise<ToolCall[]> {
  return failingAs('Failed to claim tool calls', () => {
    const abandoned = and(eq(toolCall.status, 'running'), lt(toolCall.leaseUntil, sql`now()`));
    return db
      .update(toolCall)
      .set({
        claimedBy,
        ownerNumber: nextOwnerNumber(toolCall),
        leaseUntil: inMilliseconds(leaseMs),
        updatedAt: sql`now()`,
      })
      .where(and(abandoned, isOneOf(lockedIds(db, { where: abandoned, limit }))))
      .returning();
  });
}

/** Forgets ended calls older than `days`. Gives how many. */
export async function deleteOldToolCalls(db: Database, { days }: { days: number }): Promise<number> {
  return failingAs('Failed to delete tool calls', async () => {
    const rows = await db
      .delete(toolCall)
      .where(lt(toolCall.finishedAt, sql`now() - make_interval(days => ${days})`))
      .returning({ id: toolCall.id });
    return rows.length;
  });
}

function isHeld({ id, ownerNumber }: HeldToolCall) {
  return and(eq(toolCall.id, id), eq(toolCall.ownerNumber, ownerNumber), eq(toolCall.status, 'running'));
}

/** The ids of some rows, locked; those that another process has locked are left to it. */
function lockedIds(db: Database, { where, limit }: { where: SQL | undefined; limit: number }) {
  return db
    .select({ id: toolCall.id })
    .from(toolCall)
    .where(where)
    .orderBy(toolCall.queuedAt)
    .limit(limit)
    .for('update', { skipLocked: true });
}

/** As an array, which is read once: `in (select … limit …)` may be read again for each row, past its limit. */
function isOneOf(ids: ReturnType<typeof lockedIds>) {
  return sql`${toolCall.id} = any(array(${ids}))`;
}

function withinSize(output: unknown): unknown {
  if (output === undefined) return null;
  const text = storableJson(output);
  return Buffer.byteLength(text) <= largestOutput ? output : { truncated: true, beginning: text.slice(0, 2000) };
}
