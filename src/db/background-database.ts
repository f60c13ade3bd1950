import type { Db } from 'pg-boss';
import type { SerializableParameter, Sql } from 'postgres';

/** The queue of background work on our own connections to PostgreSQL, which end when the server is silent. */
export function backgroundDatabase(client: Sql): Db {
  return {
    async executeSql(text: string, values: unknown[] = []) {
      if (values.length > 0) return { rows: await client.unsafe(text, values.map(plain)) };
      return { rows: await severalStatements(client, text) };
    },
  };
}

/** Without values it may be a whole transaction as one text: it needs a connection to itself, and each statement gives rows. */
async function severalStatements(client: Sql, text: string): Promise<unknown[]> {
  const connection = await client.reserve();
  try {
    const result: unknown[] = await connection.unsafe(text);
    return result.flat();
  } catch (error) {
    // It may have failed within its transaction, and the connection is another's next.
    await connection.unsafe('rollback').catch(() => undefined);
    throw error;
  } finally {
    connection.release();
  }
}

/** Drizzle switches the driver's own writing of JSON off, so an object is written out here. */
function plain(value: unknown): SerializableParameter {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(plain);
  return value instanceof Date ? value.toISOString() : JSON.stringify(value);
}
