import { eq } from 'drizzle-orm';
import type { Database } from '../connection.ts';
import { failingAs } from '../failing-as.ts';
import { type Card, card, type NewCard } from '../schema.ts';

/** Remembers a message that shows a call and is still to change. `interactionToken` is ciphertext. */
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

/** Forgets the messages of a call that is over and shown as such. */
export async function deleteCards(db: Database, { toolCallId }: { toolCallId: string }): Promise<void> {
  await failingAs('Failed to delete cards', () => db.delete(card).where(eq(card.toolCallId, toolCallId)));
}

/** Forgets one message, followed or not. */
export async function deleteCard(db: Database, { id }: { id: string }): Promise<void> {
  await failingAs('Failed to delete card', () => db.delete(card).where(eq(card.id, id)));
}
