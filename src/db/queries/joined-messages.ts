import { and, eq, inArray, Param, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../connection.ts';
import { failingAs } from '../failing-as.ts';
import { type Message, message } from '../schema.ts';

type Parts = Message['parts'];

/*
 * Messages that waited together are answered by one answer, to the last of them. Each of the others says so in a part of its own, and
 * the last names them: nobody takes them for unanswered, and whoever answers the last later knows what it is to answer.
 */
const joinedType = 'data-joined-into';
const joiningType = 'data-joined';

/** Marks messages of a chat as answered together with `into`, which must be the last of them; both or neither. */
export async function joinMessages(
  db: Database,
  { chatId, messageIds, into }: { chatId: string; messageIds: readonly string[]; into: string },
): Promise<void> {
  await failingAs('Failed to join messages', () =>
    db.transaction(async (transaction) => {
      const add = (ids: readonly string[], part: Parts[number]) =>
        transaction
          .update(message)
          .set({ parts: sql`${message.parts} || ${new Param([part], message.parts)}::jsonb`, updatedAt: sql`now()` })
          .where(and(eq(message.chatId, chatId), inArray(message.id, [...ids])));
      await add(messageIds, { type: joinedType, data: { messageId: into } });
      await add([into], { type: joiningType, data: { messageIds } });
    }),
  );
}

/** Whether a message with these parts is answered together with a later one. */
export function isJoined(parts: unknown): boolean {
  return partsOf(parts, joinedType).length > 0;
}

/** The ids of the messages that are answered together with the one that has these parts. */
export function joinedIds(parts: unknown): string[] {
  return partsOf(parts, joiningType).flatMap((data) => {
    const ids: unknown = typeof data === 'object' && data !== null && 'messageIds' in data ? data.messageIds : [];
    return Array.isArray(ids) ? ids.filter((id: unknown) => typeof id === 'string') : [];
  });
}

/** The same as `isJoined`, asked in SQL. */
export function isJoinedInto(parts: typeof message.parts): SQL {
  return sql`${parts} @> ${JSON.stringify([{ type: joinedType }])}::text::jsonb`;
}

/** What the parts of this type carry. Parts are of any age, and whatever a JSON column may hold. */
function partsOf(parts: unknown, type: string): unknown[] {
  if (!Array.isArray(parts)) return [];
  return parts.flatMap((part: unknown) =>
    typeof part === 'object' && part !== null && 'type' in part && part.type === type && 'data' in part
      ? [part.data]
      : [],
  );
}
