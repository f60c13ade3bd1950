import { and, desc, eq, inArray } from 'drizzle-orm';
import type { Database } from '../connection.ts';
import { failingAs } from '../failing-as.ts';
import { chat, type Message, message, type NewMessage } from '../schema.ts';

/** Saves messages in this order, all in one statement. Gives the new ones: what was seen before is left as it is. */
export async function saveMessages(
  db: Database,
  values: Pick<NewMessage, 'id' | 'chatId' | 'role' | 'parts' | 'sourceMessageId'>[],
): Promise<Message[]> {
  return failingAs('Failed to save messages', () =>
    db.insert(message).values(values).onConflictDoNothing().returning(),
  );
}

/** Saves a message. With a `sourceMessageId` that was seen before, nothing is saved and the first row comes back. */
export async function saveMessage(
  db: Database,
  values: Pick<NewMessage, 'id' | 'chatId' | 'role' | 'parts' | 'attachments' | 'sourceMessageId' | 'replyMessageIds'>,
): Promise<{ message: Message; isNew: boolean }> {
  return failingAs('Failed to save message', async () => {
    const [made] = await db
      .insert(message)
      .values(values)
      .onConflictDoNothing({ target: message.sourceMessageId })
      .returning();
    if (made !== undefined) return { message: made, isNew: true };
    const [there] = await db
      .select()
      .from(message)
      .where(eq(message.sourceMessageId, values.sourceMessageId ?? ''));
    if (there === undefined) throw new Error('a message that was there is gone');
    return { message: there, isNew: false };
  });
}

/** Changes only what is given. Null when there is no such message in this chat. */
export async function updateMessage(
  db: Database,
  { id, chatId, ...changes }: { id: string; chatId: string } & Partial<Pick<Message, 'parts' | 'replyMessageIds'>>,
): Promise<Message | null> {
  return failingAs('Failed to update message', async () => {
    const [row] = await db
      .update(message)
      .set({ ...changes, updatedAt: new Date() })
      .where(and(eq(message.id, id), eq(message.chatId, chatId)))
      .returning();
    return row ?? null;
  });
}

export async function getMessage(
  db: Database,
  { id, chatId }: { id: string; chatId: string },
): Promise<Message | null> {
  return failingAs('Failed to get message', async () => {
    const [row] = await db
      .select()
      .from(message)
      .where(and(eq(message.id, id), eq(message.chatId, chatId)));
    return row ?? null;
  });
}

/** Forgets a message in a chat of this user. Null for whoever comes second, and when it is another's. */
export async function deleteMessage(
  db: Database,
  { id, userId }: { id: string; userId: string },
): Promise<Message | null> {
  return failingAs('Failed to delete message', async () => {
    const own = db.select({ id: chat.id }).from(chat).where(eq(chat.userId, userId));
    const [row] = await db
      .delete(message)
      .where(and(eq(message.id, id), inArray(message.chatId, own)))
      .returning();
    return row ?? null;
  });
}

/** The newest `limit` messages of a chat, oldest first. */
export async function getRecentMessages(
  db: Database,
  { chatId, limit }: { chatId: string; limit: number },
): Promise<Message[]> {
  return failingAs('Failed to get messages', async () => {
    const rows = await db
      .select()
      .from(message)
      .where(eq(message.chatId, chatId))
      .orderBy(desc(message.position))
      .limit(limit);
    return rows.reverse();
  });
}
