import { HostError } from '../../errors.ts';
import { readSettings, type Settings } from '../../settings.ts';
import { type Connection, connectDatabase } from '../connection.ts';
import { describeDatabaseError } from '../describe-database-error.ts';
import { listMigrations } from '../migrations.ts';
import type { TableSum } from '../transfer.ts';

export type Script = (context: { connection: Connection; settings: Settings }) => Promise<void>;

type Options = {
  /** The database is not made when there is none. */
  mustExist?: boolean;
  /** For a script that destroys or invents data, which must not meet people's. */
  developmentOnly?: { name: string; isProduction: boolean };
};

/** Runs a script on the database of the settings, in words and with an exit code that say how it ended. */
export async function runScript(script: Script, { mustExist = false, developmentOnly }: Options = {}): Promise<void> {
  try {
    if (developmentOnly?.isProduction)
      throw new HostError(
        `${developmentOnly.name} is for development and NODE_ENV is production: nothing was changed.`,
      );
    const settings = readSettings();
    const connection = await connectDatabase({ ...settings, mustExist });
    try {
      await script({ connection, settings });
    } finally {
      await connection.close();
    }
  } catch (error) {
    process.exitCode = 1;
    if (error instanceof HostError) return console.error(error.message);
    // Not the error itself: a database error's message holds values.
    console.error('The database could not do that:', describeDatabaseError(error));
  }
}

/** One line a migration. */
export async function printMigrations({ db }: Connection): Promise<void> {
  for (const { tag, state } of await listMigrations(db)) console.log(`${state.padEnd(8)} ${tag}`);
}

/** One line a table: how many rows, and their checksum. */
export function printSums(sums: readonly TableSum[]): void {
  for (const { table, rows, checksum } of sums)
    console.log(`${table.padEnd(14)} ${String(rows).padStart(9)}  ${checksum}`);
}
