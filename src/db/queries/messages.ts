import { randomUUID } from 'node:crypto';
import { and, desc, eq, exists, inArray, Param, sql } from 'drizzle-orm';
import type { Database } from '../connection.ts';
import { failingAs } from '../failing-as.ts';
import { prepared } from '../prepared.ts';
import { chat, type Message, message, type NewMessage, stream } from '../schema.ts';
import type { HeldTurn } from './streams.ts';

type Said = Pick<NewMessage, 'id' | 'chatId' | 'role' | 'parts' | 'attachments' | 'sourceMessageId'>;

const savedOne = prepared((db, value) =>
  db
    .insert(message)
    .values({
      id: value('id'),
      chatId: value('chatId'),
      role: value('role'),
      parts: value('parts'),
      attachments: value('attachments'),
      sourceMessageId: value('sourceMessageId'),
    })
    .onConflictDoNothing({ target: message.sourceMessageId })
    .returning(),
);
const savedExchange = prepared((db, value) =>
  db
    .insert(message)
    .values([
      {
        id: value('id'),
        chatId: value('chatId'),
        role: 'user',
        parts: value('asked'),
        sourceMessageId: value('sourceMessageId'),
      },
      { chatId: value('chatId'), role: 'assistant', parts: value('answered'), sourceMessageId: value('answerSource') },
    ])
    .onConflictDoNothing()
    .returning(),
);
const newestOfChat = prepared((db, value) =>
  db
    .select({
      id: message.id,
      role: message.role,
      parts: message.parts,
      attachments: message.attachments,
      sourceMessageId: message.sourceMessageId,
    })
    .from(message)
    .where(eq(message.chatId, value('chatId')))
    .orderBy(desc(message.position))
    .limit(value('limit')),
);
/** The turn stays this one's while the statement runs: whoever would take it over waits. */
const answered = prepared((db, value) => {
  const columns = sql.join(
    [message.id, message.chatId, message.role, message.parts, message.sourceMessageId].map(({ name }) =>
      sql.identifier(name),
    ),
    sql`, `,
  );
  const saved = db.$with('saved', { id: sql<string>`id`.as('id') }).as(sql`
    insert into ${message} (${columns})
    select ${value('id')}::uuid, ${stream.chatId}, 'assistant', ${new Param(value('parts'), message.parts)}::jsonb, ${value('sourceMessageId')}
    from ${stream} where ${stream.chatId} = ${value('chatId')} and ${stream.ownerNumber} = ${value('ownerNumber')} for share
    on conflict (${sql.identifier(message.sourceMessageId.name)}) do nothing returning id`);
  return db.with(saved).select({ id: saved.id }).from(saved);
});
const shownAs = prepared((db, value) =>
  db
    .update(message)
    .set({
      replyMessageIds: sql`${new Param(value('replyMessageIds'), message.replyMessageIds)}`,
      updatedAt: sql`now()`,
    })
    .where(and(eq(message.id, value('id')), eq(message.chatId, value('chatId')))),
);
const shownInTurn = prepared((db, value) =>
  db
    .update(message)
    .set({
      replyMessageIds: sql`${new Param(value('replyMessageIds'), message.replyMessageIds)}`,
      updatedAt: sql`now()`,
    })
    .where(
      and(
        eq(message.id, value('id')),
        exists(
          db
            .select({ id: stream.id })
            .from(stream)
            .where(and(eq(stream.chatId, value('chatId')), eq(stream.ownerNumber, value('ownerNumber'))))
            .for('share'),
        ),
      ),
    ),
);

/** Saves what was asked and what came of it in one statement: both or neither. Gives the new ones: what was seen before is left as it is. */
export async function saveAskedAndAnswered(
  db: Database,
  values: {
    id: string;
    chatId: string;
    asked: Message['parts'];
    answered: Message['parts'];
    sourceMessageId: string;
    answerSource: string;
  },
): Promise<Message[]> {
  return failingAs('Failed to save messages', () => savedExchange(db, values));
}

/** Saves a message. With a `sourceMessageId` that was seen before, nothing is saved and the first row comes back. */
export async function saveMessage(db: Database, said: Said): Promise<{ message: Message; isNew: boolean }> {
  return failingAs('Failed to save message', async () => {
    const { id = randomUUID(), attachments = [], sourceMessageId = null } = said;
    const [made] = await savedOne(db, { ...said, id, attachments, sourceMessageId });
    if (made !== undefined) return { message: made, isNew: true };
    const [there] = await db
      .select()
      .from(message)
      .where(eq(message.sourceMessageId, sourceMessageId ?? ''));
    if (there === undefined) throw new Error('a message that was there is gone');
    return { message: there, isNew: false };
  });
}

/** Saves a turn's answer. False when there is one already, and when the turn is another's by now. */
export async function saveAnswer(
  db: Database,
  { chatId, ownerNumber }: HeldTurn,
  answer: { id: string; parts: Message['parts']; sourceMessageId: string },
): Promise<boolean> {
  return failingAs('Failed to save message', async () => {
    const rows = await answered(db, { chatId, ownerNumber, ...answer });
    return rows.length > 0;
  });
}

/** Keeps by which Discord messages a message of this chat is shown. */
export async function saveReplies(
  db: Database,
  { id, chatId, replyMessageIds }: Pick<Message, 'id' | 'chatId' | 'replyMessageIds'>,
): Promise<void> {
  await failingAs('Failed to update message', () => shownAs(db, { id, chatId, replyMessageIds }));
}

/** The same for a turn's answer; nothing happens when the turn is another's by now. */
export async function saveAnswerReplies(
  db: Database,
  { chatId, ownerNumber }: HeldTurn,
  { id, replyMessageIds }: Pick<Message, 'id' | 'replyMessageIds'>,
): Promise<void> {
  await failingAs('Failed to update message', () => shownInTurn(db, { id, chatId, ownerNumber, replyMessageIds }));
}

/** Puts other parts into a message. Null when there is no such message in this chat. */
export async function saveParts(
  db: Database,
  { id, chatId, parts }: Pick<Message, 'id' | 'chatId' | 'parts'>,
): Promise<Message | null> {
  return failingAs('Failed to update message', async () => {
    const [row] = await db
      .update(message)
      .set({ parts, updatedAt: new Date() })
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

/** The answer to a message, or what goes on behind one, by its source. Null when there is none. */
export async function getAnswer(
  db: Database,
  { chatId, sourceMessageId }: { chatId: string; sourceMessageId: string },
): Promise<Message | null> {
  return failingAs('Failed to get message', async () => {
    const [row] = await db
      .select()
      .from(message)
      .where(and(eq(message.sourceMessageId, sourceMessageId), eq(message.chatId, chatId)));
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

/** What was said, without when. */
export type SaidMessage = Pick<Message, 'id' | 'role' | 'parts' | 'attachments' | 'sourceMessageId'>;

/** The newest `limit` messages of a chat, oldest first. */
export async function getRecentMessages(
  db: Database,
  { chatId, limit }: { chatId: string; limit: number },
): Promise<SaidMessage[]> {
  return failingAs('Failed to get messages', async () => {
    const rows = await newestOfChat(db, { chatId, limit });
    return rows.reverse();
  });
}
