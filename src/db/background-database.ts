import type { Db } from 'pg-boss';
import type { SerializableParameter, Sql } from 'postgres';

/**
 * The queue of background work on our own connections to PostgreSQL, which end when the server is silent. `single` has one connection:
 * only there the driver takes a whole transaction as one text.
 */
export function backgroundDatabase({ pool, single }: { pool: Sql; single: Sql }): Db {
  return {
    async executeSql(text: string, values: unknown[] = []) {
      if (values.length > 0) return { rows: await pool.unsafe(text, values.map(plain)) };
      try {
        // Several statements may be in it, each of which gives rows.
        const result: unknown[] = await single.unsafe(text);
        return { rows: result.flat() };
      } catch (error) {
        // It may have failed within its transaction, in which the next text must not find itself.
        await single.unsafe('rollback').catch(() => undefined);
        throw error;
      }
    },
  };
}

/** Drizzle switches the driver's own writing of JSON off, so an object is written out here. */
function plain(value: unknown): SerializableParameter {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(plain);
  return value instanceof Date ? value.toISOString() : JSON.stringify(value);
}
