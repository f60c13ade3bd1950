import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { HostError } from '../errors.ts';
import type { Database } from './connection.ts';
import { describeDatabaseError } from './describe-database-error.ts';
import { listMigrations } from './migrations.ts';
import { keyFormat } from './schema.ts';
import { tablesInOrder } from './tables.ts';

/** How many rows a table has, and a checksum over what is in them. */
export type TableSum = { table: string; rows: number; checksum: string };

const pageSize = 500;

/**
 * The file: a head with the migrations, a line a row, a foot with the sums of each table and a digest of all before it. Rows
 * are written as the database writes them, so microseconds, keys' ciphertext and every character stay as they are. Keys of the former
 * format are sealed anew by the bot's first start on what was imported.
 */
const headSchema = z.object({ assistarr: z.literal('export 1'), migrations: z.array(z.string()) });
const rowSchema = z.object({ table: z.string(), row: z.record(z.string(), z.unknown()) });
const footSchema = z.object({
  sums: z.array(z.object({ table: z.string(), rows: z.number(), checksum: z.string() })),
  sha256: z.string(),
});

/** Writes everything of one moment through `write`, a line at a time. Gives the sums of each table. */
export async function exportDatabase(db: Database, write: (line: string) => Promise<void>): Promise<TableSum[]> {
  const migrations = (await listMigrations(db)).filter(({ state }) => state !== 'pending').map(({ tag }) => tag);
  const digest = createHash('sha256');
  const writeLine = async (content: object) => {
    const line = `${JSON.stringify(content)}\n`;
    digest.update(line);
    await write(line);
  };
  await writeLine({ assistarr: 'export 1', migrations });
  const sums = await db.transaction(
    async (transaction) => {
      await transaction.execute(sql`set local time zone 'UTC'`);
      for (const { name } of tablesInOrder()) {
        await transaction.execute(
          sql`declare exported no scroll cursor for select to_jsonb(t) as row from ${sql.identifier(name)} t`,
        );
        for (;;) {
          const rows = rowsOf(await transaction.execute(sql.raw(`fetch ${pageSize} from exported`)));
          for (const { row } of rows) await writeLine({ table: name, row });
          if (rows.length < pageSize) break;
        }
        await transaction.execute(sql`close exported`);
      }
      return sumsOf(transaction);
    },
    { isolationLevel: 'repeatable read' },
  );
  await write(`${JSON.stringify({ sums, sha256: digest.digest('hex') })}\n`);
  return sums;
}

/**
 * Reads such a file into an empty, migrated database: all of it, or nothing. Throws HostError when the database is not empty, the
 * file is of another version, cut off or changed, or what arrived differs from what was sent.
 */
export async function importDatabase(db: Database, lines: AsyncIterable<string>): Promise<TableSum[]> {
  const known = (await listMigrations(db)).map(({ tag }) => tag);
  return db.transaction(async (transaction) => {
    await transaction.execute(sql`set local time zone 'UTC'`);
    // In which format keys are is told by the file: a bot that was started on the empty database has noted its own.
    await transaction.delete(keyFormat);
    if ((await sumsOf(transaction)).some(({ rows }) => rows > 0))
      throw new HostError('The database is not empty, so nothing was imported. Import into a new one.');
    const tables = new Set(tablesInOrder().map(({ name }) => name));
    const digest = createHash('sha256');
    let batch: { table: string; rows: unknown[] } = { table: '', rows: [] };
    let head: z.output<typeof headSchema> | null = null;
    let foot: z.output<typeof footSchema> | null = null;
    const flush = async () => {
      if (batch.rows.length > 0) await insert(transaction, batch);
      batch = { table: batch.table, rows: [] };
    };
    for await (const line of lines) {
      if (foot !== null) throw brokenFile();
      const content = parse(line);
      if (head === null) {
        head = checkHead(content, known);
        digest.update(`${line}\n`);
        continue;
      }
      const row = rowSchema.safeParse(content);
      if (!row.success) {
        foot = checkFoot(content, digest.digest('hex'));
        continue;
      }
      digest.update(`${line}\n`);
      if (!tables.has(row.data.table)) throw brokenFile();
      if (row.data.table !== batch.table || batch.rows.length >= pageSize) await flush();
      batch = { table: row.data.table, rows: [...batch.rows, row.data.row] };
    }
    await flush();
    if (foot === null) throw brokenFile();
    await setSequences(transaction);
    const sums = await sumsOf(transaction);
    if (JSON.stringify(sums) !== JSON.stringify(foot.sums))
      throw new HostError('The imported rows differ from the exported ones, so nothing was imported.');
    return sums;
  });
}

function checkHead(content: unknown, known: readonly string[]): z.output<typeof headSchema> {
  const head = headSchema.safeParse(content);
  if (!head.success) throw brokenFile();
  if (head.data.migrations.join() !== known.join())
    throw new HostError(
      'The file was made by another version of Assistarr, so nothing was imported. Run `npm run db:migrate` on the old database with this version, and export it again.',
    );
  return head.data;
}

function checkFoot(content: unknown, sha256: string): z.output<typeof footSchema> {
  const foot = footSchema.safeParse(content);
  if (!foot.success || foot.data.sha256 !== sha256) throw brokenFile();
  return foot.data;
}

function brokenFile(cause?: unknown): HostError {
  const words = 'The file is cut off or was changed, or is no export, so nothing was imported. Export it again.';
  return new HostError(words, { cause });
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) throw brokenFile();
    throw error;
  }
}

async function insert(db: Database, { table, rows }: { table: string; rows: unknown[] }): Promise<void> {
  const name = sql.identifier(table);
  const values = sql`jsonb_populate_recordset(null::${name}, (${JSON.stringify(rows)}::text)::jsonb)`;
  try {
    await db.execute(sql`insert into ${name} overriding system value select * from ${values}`);
  } catch (error) {
    // Classes 22 and 23: a value that is none, a row whose owner is missing. The rows are at fault, not the database.
    if (/^2[23]/.test(describeDatabaseError(error).code ?? '')) throw brokenFile(error);
    throw error;
  }
}

/** What a sequence gives next comes after what was brought. */
async function setSequences(db: Database): Promise<void> {
  for (const { name, identityColumns } of tablesInOrder()) {
    for (const column of identityColumns)
      await db.execute(
        sql`select setval(pg_get_serial_sequence(${`"${name}"`}, ${column}), max(${sql.identifier(column)}))
          from ${sql.identifier(name)} having max(${sql.identifier(column)}) is not null`,
      );
  }
}

/** Rows and checksum of every table; the order of rows does not matter. */
async function sumsOf(db: Database): Promise<TableSum[]> {
  const sums: TableSum[] = [];
  for (const { name } of tablesInOrder()) {
    const [sum] = rowsOf(
      await db.execute(
        sql`select count(*)::int as rows, coalesce(md5(string_agg(digest, '' order by digest)), '') as checksum
          from (select md5(to_jsonb(t)::text) as digest from ${sql.identifier(name)} t) as digests`,
      ),
    );
    sums.push({ table: name, ...z.object({ rows: z.number(), checksum: z.string() }).parse(sum) });
  }
  return sums;
}

/** PostgreSQL's driver gives the rows of a statement, the embedded database an object with them. */
function rowsOf(result: unknown): Record<string, unknown>[] {
  const rows = z.array(z.record(z.string(), z.unknown()));
  return Array.isArray(result) ? rows.parse(result) : z.object({ rows }).parse(result).rows;
}
