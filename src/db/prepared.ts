import { type Placeholder, sql } from 'drizzle-orm';
import type { Database } from './connection.ts';

type Values = Record<string, unknown>;
type Query<Result> = { prepare(name: string): { execute(values: Values): Promise<Result> } };

let count = 0;

/**
 * A query whose text is put together once for each database: for what every turn and command does, putting it together took longer
 * than all the rest of it. `build` gets a function that names a value; the query is run with all of them, by these names, and
 * throws when one is missing. Within a transaction it is put together anew. A server prepares it once for each connection, by its text.
 */
export function prepared<Result>(
  build: (db: Database, value: (name: string) => Placeholder) => Query<Result>,
): (db: Database, values: Values) => Promise<Result> {
  const name = `assistarr ${++count}`;
  const statements = new WeakMap<Database, ReturnType<Query<Result>['prepare']>>();
  return (db, values) => {
    let statement = statements.get(db);
    if (statement === undefined) {
      statement = build(db, (value) => sql.placeholder(value)).prepare(name);
      statements.set(db, statement);
    }
    return statement.execute(values);
  };
}
