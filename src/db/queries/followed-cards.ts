import { and, eq, inArray, isNotNull, lte, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Database } from '../connection.ts';
import { failingAs } from '../failing-as.ts';
import { type Card, card, type NewCard, type ToolCall, toolCall, type User, user } from '../schema.ts';

/** A message whose call is followed: it has a next look. `user` asked for it. */
export type FollowedCard = { card: Card; call: ToolCall; user: User };

const inMilliseconds = (milliseconds: number) => sql<Date>`now() + make_interval(secs => ${milliseconds / 1000})`;

/** Makes a message one that is followed, whether or not its card is known. `interactionToken` is ciphertext. */
export async function followCard(
  db: Database,
  {
    inMs,
    ...values
  }: Pick<
    NewCard,
    'toolCallId' | 'channelId' | 'discordMessageId' | 'interactionToken' | 'tokenExpiresAt' | 'watchState'
  > & { inMs: number },
): Promise<void> {
  const { interactionToken, tokenExpiresAt, watchState } = values;
  const nextPollAt = inMilliseconds(inMs);
  await failingAs('Failed to save card', () =>
    db
      .insert(card)
      .values({ ...values, shows: 'end', nextPollAt })
      .onConflictDoUpdate({
        target: [card.toolCallId, card.discordMessageId],
        set: { interactionToken, tokenExpiresAt, watchState, shows: 'end', nextPollAt, updatedAt: sql`now()` },
      }),
  );
}

/**
 * Takes the messages that are due to be looked after, and those of the same people that are due within `aheadMs`, so that
 * their servers are asked once. Nobody else gets them for `leaseMs`. At most `limit` messages.
 */
export async function claimFollowedCards(
  db: Database,
  { aheadMs, leaseMs, limit }: { aheadMs: number; leaseMs: number; limit: number },
): Promise<FollowedCard[]> {
  return failingAs('Failed to claim cards', async () => {
    const dueCard = alias(card, 'dueCard');
    const dueCall = alias(toolCall, 'dueCall');
    const people = db
      .select({ userId: dueCall.userId })
      .from(dueCard)
      .innerJoin(dueCall, eq(dueCall.id, dueCard.toolCallId))
      .where(lte(dueCard.nextPollAt, sql`now()`));
    const ids = db
      .select({ id: card.id })
      .from(card)
      .innerJoin(toolCall, eq(toolCall.id, card.toolCallId))
      .where(and(lte(card.nextPollAt, inMilliseconds(aheadMs)), sql`${toolCall.userId} in (${people})`))
      .orderBy(card.nextPollAt)
      .limit(limit)
      .for('update', { of: card, skipLocked: true });
    const cards = await db
      .update(card)
      .set({ nextPollAt: inMilliseconds(leaseMs) })
      .where(sql`${card.id} = any(array(${ids}))`)
      .returning();
    if (cards.length === 0) return [];
    const calls = await db
      .select({ call: toolCall, user })
      .from(toolCall)
      .innerJoin(user, eq(user.id, toolCall.userId))
      .where(
        inArray(
          toolCall.id,
          cards.map(({ toolCallId }) => toolCallId),
        ),
      );
    const byId = new Map(calls.map((found) => [found.call.id, found]));
    return cards.flatMap((row) => {
      const found = byId.get(row.toolCallId);
      return found === undefined ? [] : [{ card: row, ...found }];
    });
  });
}

/** The followed message of a call by its Discord id. Null when it is not followed any more. */
export async function getFollowedCard(
  db: Database,
  { toolCallId, discordMessageId }: { toolCallId: string; discordMessageId: string },
): Promise<Card | null> {
  return failingAs('Failed to get card', async () => {
    const [row] = await db
      .select()
      .from(card)
      .where(
        and(eq(card.toolCallId, toolCallId), eq(card.discordMessageId, discordMessageId), isNotNull(card.nextPollAt)),
      );
    return row ?? null;
  });
}

/**
 * Stores what a look at a claimed card found, and when the next one is due; nothing when a press on **Refresh** came meanwhile, which
 * gave the card another token and knows more.
 */
export async function saveFollowedCard(
  db: Database,
  { card: { id, interactionToken }, watchState, inMs }: { card: Card; watchState: Card['watchState']; inMs: number },
): Promise<void> {
  await failingAs('Failed to save card', () =>
    db
      .update(card)
      .set({ watchState, nextPollAt: inMilliseconds(inMs), updatedAt: sql`now()` })
      .where(and(eq(card.id, id), sql`${card.interactionToken} is not distinct from ${interactionToken}`)),
  );
}
