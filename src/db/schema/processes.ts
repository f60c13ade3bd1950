import { bigint, boolean, pgTable, uuid } from 'drizzle-orm/pg-core';
import { createdAt, moment, updatedAt } from './columns.ts';

/** The processes that work on this database, while they live. The embedded database has one, which needs no row. */
export const process = pgTable('Process', {
  id: uuid('id').primaryKey().notNull(),
  /** Grows with each start, and each time that a process was taken for dead and was not. Its session lock is on this number. */
  number: bigint('number', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
  /** Whether it holds a session lock, so that a lock that is gone says something. */
  hasLock: boolean('hasLock').notNull().default(false),
  beatAt: moment('beatAt').notNull().defaultNow(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});
