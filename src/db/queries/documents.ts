import { and, desc, eq, ne } from 'drizzle-orm';
import type { Database } from '../connection.ts';
import { failingAs } from '../failing-as.ts';
import { type Document, document, type NewDocument } from '../schema.ts';

/** Saves a document: with the `id` of one that is there, its next version. Null when that one is another user's. */
export async function saveDocument(
  db: Database,
  values: Pick<NewDocument, 'id' | 'title' | 'content' | 'kind' | 'userId'>,
): Promise<Document | null> {
  return failingAs('Failed to save document', async () => {
    if (values.id !== undefined) {
      const theirs = and(eq(document.id, values.id), ne(document.userId, values.userId));
      if ((await db.select({ id: document.id }).from(document).where(theirs).limit(1)).length > 0) return null;
    }
    const { title, content, kind } = values;
    const [row] = await db
      .insert(document)
      .values(values)
      // Two saves in one millisecond are one version: the later one stays.
      .onConflictDoUpdate({
        target: [document.id, document.createdAt],
        set: { title, content, kind },
        setWhere: eq(document.userId, values.userId),
      })
      .returning();
    return row ?? null;
  });
}

/** All versions, newest first. */
export async function getDocumentVersions(
  db: Database,
  { id, userId }: { id: string; userId: string },
): Promise<Document[]> {
  return failingAs('Failed to get documents', () =>
    db.select().from(document).where(ofUser(id, userId)).orderBy(desc(document.createdAt)),
  );
}

/** The newest version. */
export async function getDocument(
  db: Database,
  { id, userId }: { id: string; userId: string },
): Promise<Document | null> {
  return failingAs('Failed to get document', async () => {
    const [row] = await db.select().from(document).where(ofUser(id, userId)).orderBy(desc(document.createdAt)).limit(1);
    return row ?? null;
  });
}

/** Removes all versions with their suggestions. False when this user has no such document. */
export async function deleteDocument(db: Database, { id, userId }: { id: string; userId: string }): Promise<boolean> {
  return failingAs('Failed to delete document', async () => {
    const rows = await db.delete(document).where(ofUser(id, userId)).returning({ id: document.id });
    return rows.length > 0;
  });
}

function ofUser(id: string, userId: string) {
  return and(eq(document.id, id), eq(document.userId, userId));
}
