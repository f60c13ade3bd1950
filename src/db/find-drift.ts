import type { Database } from './connection.ts';
import { readCatalog } from './read-catalog.ts';
import { schemaCatalog } from './schema-catalog.ts';

/** In what a database differs from the schema, one line each; none when they are alike. */
export async function findDrift(db: Database): Promise<string[]> {
  const [there, wanted] = [await readCatalog(db), schemaCatalog()];
  const missing = [...wanted].filter((line) => !there.has(line)).map((line) => `missing: ${line}`);
  const extra = [...there].filter((line) => !wanted.has(line)).map((line) => `not in the schema: ${line}`);
  return [...missing, ...extra].sort();
}
