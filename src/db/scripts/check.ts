import { findDrift } from '../find-drift.ts';
import { listMigrations } from '../migrations.ts';
import { printMigrations, runScript } from './run-script.ts';

// `npm run db:check`: ends with 1 when a migration is not applied as it is here, or the catalog differs from the schema.
await runScript(
  async ({ connection }) => {
    await printMigrations(connection);
    const drift = await findDrift(connection.db);
    for (const line of drift) console.log(line);
    const migrations = await listMigrations(connection.db);
    const isGood = drift.length === 0 && migrations.every(({ state }) => state === 'applied');
    console.log(isGood ? 'The database is as the schema wants it.' : 'The database is not as the schema wants it.');
    if (!isGood) process.exitCode = 1;
  },
  { mustExist: true },
);
