import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Database } from '../connection.ts';
import { failingAs } from '../failing-as.ts';
import { prepared } from '../prepared.ts';
import { type Chat, chat, type User, user } from '../schema.ts';

const currentOfUser = prepared((db, value) =>
  db
    .select()
    .from(chat)
    .where(
      and(
        eq(chat.userId, value('userId')),
        eq(chat.channelId, value('channelId')),
        eq(chat.isCurrent, true),
        isNull(chat.deletedAt),
      ),
    ),
);

/** The one current conversation of a user in a channel, made when there is none. Two events at once get the same one. */
export async function getOrCreateCurrentChat(
  db: Database,
  { userId, channelId, guildId }: { userId: string; channelId: string; guildId: string | null },
): Promise<Chat> {
  return failingAs('Failed to get chat', async () => {
    const [there] = await currentOfUser(db, { userId, channelId });
    if (there !== undefined) return there;
    await db
      .insert(chat)
      .values({ userId, channelId, guildId })
      .onConflictDoNothing({ target: [chat.userId, chat.channelId], where: sql`"isCurrent" and "deletedAt" is null` });
    const [made] = await currentOfUser(db, { userId, channelId });
    if (made === undefined) throw new Error('a chat that was made is gone');
    return made;
  });
}

/** A conversation and whose it is. Null when it is gone. */
export async function getChatAndOwner(
  db: Database,
  { chatId }: { chatId: string },
): Promise<{ chat: Chat; user: User } | null> {
  return failingAs('Failed to get chat', async () => {
    const [row] = await db
      .select({ chat, user })
      .from(chat)
      .innerJoin(user, eq(user.id, chat.userId))
      .where(eq(chat.id, chatId));
    return row ?? null;
  });
}
