import { boolean, check, foreignKey, index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { createdAt, id, keyMoment, oneOf, updatedAt } from './columns.ts';
import { user } from './conversations.ts';

export const documentKinds = ['text', 'list', 'sheet'] as const;

export const document = pgTable(
  'Document',
  {
    id: uuid('id').notNull().defaultRandom(),
    createdAt: keyMoment('createdAt').notNull().defaultNow(),
    title: text('title').notNull(),
    content: text('content'),
    kind: text('kind', { enum: documentKinds }).notNull().default('text'),
    userId: uuid('userId')
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
  },
  (table) => [
    primaryKey({ columns: [table.id, table.createdAt] }),
    check('Document_kind_check', oneOf('kind', documentKinds)),
    index('Document_userId_index').on(table.userId),
  ],
);

export const suggestion = pgTable(
  'Suggestion',
  {
    id: id(),
    documentId: uuid('documentId').notNull(),
    documentCreatedAt: keyMoment('documentCreatedAt').notNull(),
    originalText: text('originalText').notNull(),
    suggestedText: text('suggestedText').notNull(),
    description: text('description'),
    isResolved: boolean('isResolved').notNull().default(false),
    userId: uuid('userId')
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    foreignKey({
      name: 'Suggestion_document_foreign_key',
      columns: [table.documentId, table.documentCreatedAt],
      foreignColumns: [document.id, document.createdAt],
    }).onDelete('cascade'),
    index('Suggestion_document_index').on(table.documentId, table.documentCreatedAt),
    index('Suggestion_userId_index').on(table.userId),
  ],
);
