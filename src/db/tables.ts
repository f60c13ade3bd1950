import { getTableName, is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import * as schema from './schema.ts';

export type TableInfo = {
  name: string;
  /** Columns whose values a sequence gives. */
  identityColumns: string[];
};

/** The tables of the schema, each after those that it refers to. */
export function tablesInOrder(): TableInfo[] {
  const tables = Object.values(schema).flatMap((value) => (is(value, PgTable) ? [value] : []));
  const ordered: PgTable[] = [];
  const add = (table: PgTable) => {
    if (ordered.includes(table)) return;
    for (const key of getTableConfig(table).foreignKeys) {
      const { foreignTable } = key.reference();
      if (foreignTable !== table) add(foreignTable);
    }
    ordered.push(table);
  };
  for (const table of tables) add(table);
  return ordered.map((table) => ({
    name: getTableName(table),
    identityColumns: getTableConfig(table)
      .columns.filter(({ generatedIdentity }) => generatedIdentity !== undefined)
      .map(({ name }) => name),
  }));
}
