import { and, eq } from 'drizzle-orm';
import type { Database } from '../connection.ts';
import { failingAs } from '../failing-as.ts';
import { document, type NewSuggestion, type Suggestion, suggestion } from '../schema.ts';

/** Saves a suggestion for one version of a document. Null when that version is not this user's. */
export async function createSuggestion(
  db: Database,
  values: Pick<
    NewSuggestion,
    'documentId' | 'documentCreatedAt' | 'originalText' | 'suggestedText' | 'description' | 'userId'
  >,
): Promise<Suggestion | null> {
  return failingAs('Failed to create suggestion', async () => {
    const { documentId, documentCreatedAt, userId } = values;
    const [version] = await db
      .select({ id: document.id })
      .from(document)
      .where(and(eq(document.id, documentId), eq(document.createdAt, documentCreatedAt), eq(document.userId, userId)));
    if (version === undefined) return null;
    const [row] = await db.insert(suggestion).values(values).returning();
    return row ?? null;
  });
}

/** The suggestions for all versions of a document, in the order in which they were made. */
export async function getSuggestionsByDocumentId(
  db: Database,
  { documentId, userId }: { documentId: string; userId: string },
): Promise<Suggestion[]> {
  return failingAs('Failed to get suggestions', () =>
    db
      .select()
      .from(suggestion)
      .where(and(eq(suggestion.documentId, documentId), eq(suggestion.userId, userId)))
      .orderBy(suggestion.createdAt),
  );
}

/** Marks a suggestion as dealt with. Null when this user has no such suggestion. */
export async function resolveSuggestion(
  db: Database,
  { id, userId }: { id: string; userId: string },
): Promise<Suggestion | null> {
  return failingAs('Failed to resolve suggestion', async () => {
    const [row] = await db
      .update(suggestion)
      .set({ isResolved: true, updatedAt: new Date() })
      .where(and(eq(suggestion.id, id), eq(suggestion.userId, userId)))
      .returning();
    return row ?? null;
  });
}
