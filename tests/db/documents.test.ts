import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '../../src/db/connection.ts';
import { deleteDocument, getDocument, getDocumentVersions, saveDocument } from '../../src/db/queries/documents.ts';
import { createSuggestion, getSuggestionsByDocumentId, resolveSuggestion } from '../../src/db/queries/suggestions.ts';
import type { User } from '../../src/db/schema.ts';
import { engines, openTestDatabase } from '../database.ts';
import { someUser } from './rows.ts';

describe.each(engines)('documents on %s', (engine) => {
  let database: OpenDatabase;
  let ada: User;
  let bob: User;
  beforeAll(async () => {
    database = await openTestDatabase(engine);
    ada = await someUser(database.db);
    bob = await someUser(database.db);
  });
  afterAll(() => database.close());

  async function saved(content: string, id?: string) {
    const row = await saveDocument(database.db, { id, title: 'Watch list', content, kind: 'list', userId: ada.id });
    if (row === null) throw new Error('not saved');
    return row;
  }

  it('makes a version with each save, the newest first', async () => {
    const first = await saved('one');
    await expect.poll(() => Date.now()).toBeGreaterThan(first.createdAt.getTime() + 2);
    const second = await saved('two', first.id);
    expect(await getDocument(database.db, { id: first.id, userId: ada.id })).toEqual(second);
    expect(await getDocumentVersions(database.db, { id: first.id, userId: ada.id })).toEqual([second, first]);
  });

  it('is its user’s alone', async () => {
    const { id } = await saved('mine');
    const userId = bob.id;
    expect(await saveDocument(database.db, { id, title: 'x', content: 'x', userId })).toBeNull();
    expect(await getDocument(database.db, { id, userId })).toBeNull();
    expect(await getDocumentVersions(database.db, { id, userId })).toEqual([]);
    expect(await deleteDocument(database.db, { id, userId })).toBe(false);
    expect(await getDocument(database.db, { id, userId: ada.id })).toMatchObject({ content: 'mine' });
  });

  it('carries suggestions for one of its versions, and they go with it', async () => {
    const document = await saved('text');
    const values = {
      documentId: document.id,
      documentCreatedAt: document.createdAt,
      originalText: 'text',
      suggestedText: 'better text',
    };
    expect(await createSuggestion(database.db, { ...values, userId: bob.id })).toBeNull();
    const made = await createSuggestion(database.db, { ...values, userId: ada.id });
    expect(made).toMatchObject({ ...values, isResolved: false });
    const id = made?.id ?? '';
    expect(await resolveSuggestion(database.db, { id, userId: bob.id })).toBeNull();
    expect(await resolveSuggestion(database.db, { id, userId: ada.id })).toMatchObject({ isResolved: true });
    const ofDocument = { documentId: document.id, userId: ada.id };
    expect(await getSuggestionsByDocumentId(database.db, ofDocument)).toHaveLength(1);
    expect(await deleteDocument(database.db, { id: document.id, userId: ada.id })).toBe(true);
    expect(await getSuggestionsByDocumentId(database.db, ofDocument)).toEqual([]);
  });
});
