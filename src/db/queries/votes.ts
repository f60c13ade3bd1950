import { and, eq } from 'drizzle-orm';
import type { Database } from '../connection.ts';
import { failingAs } from '../failing-as.ts';
import { chat, message, type Vote, vote } from '../schema.ts';

/** Saves or changes what a user thinks of an answer. Null when the message is not in a chat of theirs. */
export async function saveVote(
  db: Database,
  { chatId, messageId, userId, isUpvoted }: Pick<Vote, 'chatId' | 'messageId' | 'userId' | 'isUpvoted'>,
): Promise<Vote | null> {
  return failingAs('Failed to save vote', async () => {
    const [voted] = await db
      .select({ id: message.id })
      .from(message)
      .innerJoin(chat, eq(chat.id, message.chatId))
      .where(and(eq(message.id, messageId), eq(chat.id, chatId), eq(chat.userId, userId)));
    if (voted === undefined) return null;
    const [row] = await db
      .insert(vote)
      .values({ chatId, messageId, userId, isUpvoted })
      .onConflictDoUpdate({
        target: [vote.chatId, vote.messageId, vote.userId],
        set: { isUpvoted, updatedAt: new Date() },
      })
      .returning();
    return row ?? null;
  });
}

export async function getVotesByChatId(
  db: Database,
  { chatId, userId }: { chatId: string; userId: string },
): Promise<Vote[]> {
  return failingAs('Failed to get votes', () =>
    db
      .select()
      .from(vote)
      .where(and(eq(vote.chatId, chatId), eq(vote.userId, userId)))
      .orderBy(vote.createdAt),
  );
}
