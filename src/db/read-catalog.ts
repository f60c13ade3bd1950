import { sql } from 'drizzle-orm';
import type { Database } from './connection.ts';

/** What a database has, one line a column, key, check and index, so that two can be compared as lists. */
export type Catalog = ReadonlySet<string>;

type Row = { line: string };

/** Reads the tables of the schema `public`. Throws when the database does not answer. */
export async function readCatalog(db: Database): Promise<Catalog> {
  const rows: Row[] = [];
  for (const source of [columns, constraints, indexes])
    rows.push(...(await db.select({ line: sql<string>`line` }).from(sql`(${source}) as lines`)));
  return new Set(rows.map(({ line }) => normalise(line)));
}

/**
 * PostgreSQL prints an expression in its own manner: with parentheses, casts, capitals, and a list as an array. What is
 * left without those is the same for the schema's text and the catalog's.
 */
export function normalise(line: string): string {
  return line
    .replace(/\b(AND|OR|NOT|IS|NULL|ANY|ARRAY)\b/g, (keyword) => keyword.toLowerCase())
    .replace(/::(text|character varying|jsonb)(\[\])?/g, '')
    .replace(/= any \(array\[(.*?)\]\)/g, 'in ($1)')
    .replace(/["()\s]+/g, ' ')
    .replace(/ ?, ?/g, ',')
    .trim();
}

const inPublic = sql`relation.relnamespace = 'public'::regnamespace`;

const columns = sql`
  select format('column %s.%s %s %s default %s', relation.relname, attname, format_type(atttypid, atttypmod),
    case when attnotnull then 'not null' else 'null' end,
    coalesce(case attidentity when 'a' then 'identity' when 'd' then 'identity unless given' end,
      pg_get_expr(adbin, adrelid), 'none')) as line
  from pg_attribute
  join pg_class relation on relation.oid = attrelid
  left join pg_attrdef on adrelid = attrelid and adnum = attnum
  where ${inPublic} and relation.relkind = 'r' and attnum > 0 and not attisdropped`;

/** Not-null constraints are left out: PostgreSQL 18 lists them here too, older ones with the column only. */
const constraints = sql`
  select format('%s on %s: %s', case contype when 'p' then 'primary key' when 'u' then 'unique' when 'f' then 'foreign key'
    when 'c' then 'check' else contype::text end, relation.relname,
    case contype
      when 'c' then conname || ' ' || pg_get_expr(conbin, conrelid)
      when 'f' then own.names || ' to ' || target.relname || ' ' || (
        select string_agg(attname, ',' order by position) from unnest(confkey) with ordinality as key (number, position)
        join pg_attribute on attrelid = confrelid and attnum = number
      ) || ' on delete ' || case confdeltype when 'c' then 'cascade' when 'n' then 'set null' else 'no action' end
      else own.names
    end) as line
  from pg_constraint
  join pg_class relation on relation.oid = conrelid
  left join pg_class target on target.oid = confrelid
  cross join lateral (
    select string_agg(attname, ',' order by position) as names from unnest(conkey) with ordinality as key (number, position)
    join pg_attribute on attrelid = conrelid and attnum = number
  ) as own
  where ${inPublic} and contype <> 'n'`;

const indexes = sql`
  select format('%s %s on %s: %s where %s', case when indisunique then 'unique index' else 'index' end, index.relname,
    relation.relname, (
      select string_agg(attname, ',' order by position) from unnest(indkey) with ordinality as key (number, position)
      join pg_attribute on attrelid = indrelid and attnum = number
    ), coalesce(pg_get_expr(indpred, indrelid), 'always')) as line
  from pg_index
  join pg_class relation on relation.oid = indrelid
  join pg_class index on index.oid = indexrelid
  where ${inPublic} and not exists (select from pg_constraint where conindid = indexrelid and contype in ('p', 'u'))`;
