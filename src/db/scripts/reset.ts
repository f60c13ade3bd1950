import { getTableName, is, sql } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import { isProduction } from '../../../drizzle.config.ts';
import * as schema from '../schema.ts';
import { printMigrations, runScript } from './run-script.ts';

// `npm run db:reset`: drops the tables of the schema, no others, and migrates from the beginning.
await runScript(
  async ({ connection }) => {
    await connection.db.transaction(async (transaction) => {
      for (const table of Object.values(schema).filter((value) => is(value, PgTable)))
        await transaction.execute(sql`drop table if exists ${sql.identifier(getTableName(table))} cascade`);
      await transaction.execute(sql`drop table if exists drizzle.__drizzle_migrations`);
    });
    await connection.migrate();
    await printMigrations(connection);
  },
  { developmentOnly: { name: 'db:reset', isProduction } },
);
