import {
  createTableRelationsHelpers,
  type ExtractTablesWithRelations,
  extractTablesRelationalConfig,
  sql,
} from 'drizzle-orm';
import { PgDialect, type PgTransactionConfig } from 'drizzle-orm/pg-core';
import { PgProxyTransaction, PgRemoteDatabase, PgRemoteSession, type RemoteCallback } from 'drizzle-orm/pg-proxy';
import { toObjects } from './postgres-line.ts';
import type { PostgresPool, Statements } from './postgres-pool.ts';
import * as schema from './schema.ts';

type Schema = typeof schema;
type Tables = ExtractTablesWithRelations<Schema>;

const dialect = new PgDialect();
const { tables, tableNamesMap } = extractTablesRelationalConfig<Tables>(schema, createTableRelationsHelpers);
const relational = { fullSchema: schema, schema: tables, tableNamesMap };

/** Drizzle over the pool: its driver for statements that somebody else runs, with transactions, which that one lacks. */
export function drizzlePool(pool: PostgresPool): PgRemoteDatabase<Schema> {
  return new PgRemoteDatabase(dialect, new PoolSession(pool), relational);
}

class PoolSession extends PgRemoteSession<Schema, Tables> {
  readonly #pool: PostgresPool;

  constructor(pool: PostgresPool) {
    super(callback(pool), dialect, relational);
    this.#pool = pool;
  }

  override transaction<Result>(
    work: (transaction: LineTransaction) => Promise<Result>,
    config?: PgTransactionConfig,
  ): Promise<Result> {
    return this.#pool.transaction(async (statements) => {
      const transaction = new LineTransaction(statements, 0);
      if (config !== undefined) await transaction.setTransaction(config);
      return work(transaction);
    });
  }
}

/** A transaction on its line; one within it is a savepoint. */
class LineTransaction extends PgProxyTransaction<Schema, Tables> {
  readonly #statements: Statements;

  constructor(statements: Statements, depth: number) {
    super(dialect, new PgRemoteSession(callback(statements), dialect, relational), relational, depth);
    this.#statements = statements;
  }

  override async transaction<Result>(work: (transaction: LineTransaction) => Promise<Result>): Promise<Result> {
    const name = sql.identifier(`savepoint_${this.nestedIndex}`);
    await this.execute(sql`savepoint ${name}`);
    try {
      const result = await work(new LineTransaction(this.#statements, this.nestedIndex + 1));
      await this.execute(sql`release savepoint ${name}`);
      return result;
    } catch (failure) {
      await this.execute(sql`rollback to savepoint ${name}`);
      throw failure;
    }
  }
}

function callback(statements: Statements): RemoteCallback {
  return async (text, values, method) => {
    const answer = await statements.run(text, values);
    return { rows: method === 'all' ? answer.rows : toObjects(answer) };
  };
}
