import { is, SQL } from 'drizzle-orm';
import { getTableConfig, IndexedColumn, PgDialect, PgTable } from 'drizzle-orm/pg-core';
import { type Catalog, normalise } from './read-catalog.ts';
import * as schema from './schema.ts';

type TableConfig = ReturnType<typeof getTableConfig>;

const dialect = new PgDialect();

/** What the schema wants a database to have, in the lines of `readCatalog`. */
export function schemaCatalog(): Catalog {
  const tables = Object.values(schema).filter((value) => is(value, PgTable));
  return new Set(tables.flatMap((table) => linesOf(getTableConfig(table)).map(normalise)));
}

function linesOf(table: TableConfig): string[] {
  return [...columnLines(table), ...keyLines(table), ...checkLines(table), ...indexLines(table)];
}

function columnLines({ name, columns }: TableConfig): string[] {
  return columns.map((column) => {
    const nullable = column.notNull ? 'not null' : 'null';
    return `column ${name}.${column.name} ${typeName(column.getSQLType())} ${nullable} default ${defaultOf(column)}`;
  });
}

/** The catalog writes some types out. */
function typeName(type: string): string {
  return type.replace(/^varchar/, 'character varying').replace(/^timestamp \((\d)\)/, 'timestamp($1)');
}

function defaultOf({ default: value, generatedIdentity }: TableConfig['columns'][number]): string {
  if (generatedIdentity !== undefined)
    return generatedIdentity.type === 'always' ? 'identity' : 'identity unless given';
  if (value === undefined) return 'none';
  if (is(value, SQL)) return textOf(value);
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  return `'${typeof value === 'string' ? value : JSON.stringify(value)}'`;
}

function keyLines({ name, columns, primaryKeys, uniqueConstraints, foreignKeys }: TableConfig): string[] {
  const primary = [
    ...columns.filter((column) => column.primary).map((column) => [column]),
    ...primaryKeys.map((key) => key.columns),
  ];
  const unique = [
    ...columns.filter((column) => column.isUnique).map((column) => [column]),
    ...uniqueConstraints.map((key) => key.columns),
  ];
  const foreign = foreignKeys.map((key) => {
    const { columns: own, foreignTable, foreignColumns } = key.reference();
    const target = `${getTableConfig(foreignTable).name} ${names(foreignColumns)}`;
    return `foreign key on ${name}: ${names(own)} to ${target} on delete ${key.onDelete ?? 'no action'}`;
  });
  return [
    ...primary.map((key) => `primary key on ${name}: ${names(key)}`),
    ...unique.map((key) => `unique on ${name}: ${names(key)}`),
    ...foreign,
  ];
}

function checkLines({ name, checks }: TableConfig): string[] {
  return checks.map((check) => `check on ${name}: ${check.name} ${textOf(check.value)}`);
}

function indexLines({ name, indexes }: TableConfig): string[] {
  return indexes.map(({ config }) => {
    const columns = config.columns.map((column) => (is(column, IndexedColumn) ? column.name : 'an expression'));
    const kind = config.unique ? 'unique index' : 'index';
    const where = config.where === undefined ? 'always' : textOf(config.where);
    return `${kind} ${config.name} on ${name}: ${columns.join(',')} where ${where}`;
  });
}

function names(columns: readonly { name: string }[]): string {
  return columns.map((column) => column.name).join(',');
}

function textOf(expression: SQL): string {
  return dialect.sqlToQuery(expression).sql;
}
