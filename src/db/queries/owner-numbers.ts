import { getTableName, sql } from 'drizzle-orm';
import type { stream, toolCall } from '../schema.ts';

/** The number of the next claim of a turn or a call: greater than any before. */
export function nextOwnerNumber(table: typeof stream | typeof toolCall) {
  return sql<number>`nextval(pg_get_serial_sequence(${sql.raw(`'"${getTableName(table)}"'`)}, 'ownerNumber'))`;
}
