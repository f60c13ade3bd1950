import { sql } from 'drizzle-orm';
import { bigint, customType, timestamp, uuid } from 'drizzle-orm/pg-core';
import { storableJson } from '../storable.ts';

/** A JSON object whose keys are its reader's to check. */
export type Json = Record<string, unknown>;

/** `jsonb` that takes any text: what PostgreSQL refuses (NUL, half a surrogate pair) is cleaned on the way in. */
export const jsonb = customType<{ data: unknown; driverData: unknown }>({
  dataType: () => 'jsonb',
  toDriver: storableJson,
});

export const id = () => uuid('id').primaryKey().notNull().defaultRandom();
export const moment = (name: string) => timestamp(name, { withTimezone: true });
export const createdAt = () => moment('createdAt').notNull().defaultNow();
export const updatedAt = () => moment('updatedAt').notNull().defaultNow();

/** Grows with each claim of a row: who holds it proves by this number that nobody has claimed it since. */
export const ownerNumber = () => bigint('ownerNumber', { mode: 'number' }).notNull().generatedByDefaultAsIdentity();

/** In milliseconds, as a JavaScript Date has them: for a moment that is part of a key and must come back equal. */
export const keyMoment = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

/** The CHECK of a closed set. */
export const oneOf = (column: string, values: readonly string[]) =>
  sql.raw(`"${column}" in (${values.map((value) => `'${value}'`).join(', ')})`);
