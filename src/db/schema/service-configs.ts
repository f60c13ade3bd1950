import { boolean, integer, pgTable, text, uniqueIndex, uuid, varchar } from 'drizzle-orm/pg-core';
import { createdAt, id, type Json, jsonb, updatedAt } from './columns.ts';
import { user } from './conversations.ts';

export const serviceConfig = pgTable(
  'ServiceConfig',
  {
    id: id(),
    userId: uuid('userId')
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
    serviceName: varchar('serviceName', { length: 50 }).notNull(),
    baseUrl: text('baseUrl').notNull(),
    /** Ciphertext, bound to this row's user, service and the origin of its address: see sealed-key.ts. */
    apiKey: text('apiKey').notNull(),
    username: text('username'),
    options: jsonb('options').$type<Json>().notNull().default({}),
    isEnabled: boolean('isEnabled').notNull().default(true),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [uniqueIndex('ServiceConfig_userId_serviceName_unique').on(table.userId, table.serviceName)],
);

/** One row once every key of the former format was sealed anew: from then on that format is refused. */
export const keyFormat = pgTable('KeyFormat', {
  version: integer('version').primaryKey().notNull(),
  createdAt: createdAt(),
});
