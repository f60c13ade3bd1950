import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../connection.ts';
import { failingAs } from '../failing-as.ts';
import { type Card, card, type NewCard } from '../schema.ts';

/** Remembers a message that shows a call and is to show its end. `interactionToken` is ciphertext. */
export async function createCard(
  db: Database,
  values: Pick<NewCard, 'toolCallId' | 'channelId' | 'discordMessageId' | 'interactionToken' | 'tokenExpiresAt'>,
): Promise<void> {
  await failingAs('Failed to save card', () =>
    db
      .insert(card)
      .values(values)
      .onConflictDoUpdate({
        target: [card.toolCallId, card.discordMessageId],
        set: {
          interactionToken: values.interactionToken,
          tokenExpiresAt: values.tokenExpiresAt,
          updatedAt: new Date(),
        },
      }),
  );
}

export async function getCardsByToolCallId(db: Database, { toolCallId }: { toolCallId: string }): Promise<Card[]> {
  return failingAs('Failed to get cards', () => db.select().from(card).where(eq(card.toolCallId, toolCallId)));
}

/** Whether a message is known to show how its call ended. */
export async function showsEnd(
  db: Database,
  { toolCallId, discordMessageId }: { toolCallId: string; discordMessageId: string },
): Promise<boolean> {
  return failingAs('Failed to get card', async () => {
    const [row] = await db
      .select({ shows: card.shows })
      .from(card)
      .where(and(eq(card.toolCallId, toolCallId), eq(card.discordMessageId, discordMessageId)));
    return row?.shows === 'end';
  });
}

/** A message shows how its call ended, and is not edited any more: neither followed nor by a token. */
export async function setEndShown(
  db: Database,
  { toolCallId, discordMessageId }: { toolCallId: string; discordMessageId: string },
): Promise<void> {
  const unedited = { interactionToken: null, tokenExpiresAt: null, nextPollAt: null, watchState: {} };
  await failingAs('Failed to save card', () =>
    db
      .update(card)
      .set({ ...unedited, shows: 'end', updatedAt: sql`now()` })
      .where(and(eq(card.toolCallId, toolCallId), eq(card.discordMessageId, discordMessageId))),
  );
}

/** Forgets a message that is gone, or that nobody can edit. */
export async function deleteCard(db: Database, { id }: { id: string }): Promise<void> {
  await failingAs('Failed to delete card', () => db.delete(card).where(eq(card.id, id)));
}
