import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openLine } from '../src/db/postgres-line.ts';

const program = fileURLToPath(new URL('../.ci/postgres.sh', import.meta.url));

export type PostgresServer = {
  /** An empty database of its own, by its address. */
  newDatabase(): Promise<string>;
  /** By its address. */
  drop(database: string): Promise<void>;
  stop(): Promise<void>;
};

/** The server of TEST_POSTGRES_URL, else a throwaway one of this machine; null, with the reason printed, when there is neither. */
export async function startPostgres(): Promise<PostgresServer | null> {
  const given = process.env.TEST_POSTGRES_URL;
  const url = given ?? (await started());
  if (url === null) return null;
  return {
    async newDatabase() {
      const name = `bench_${randomBytes(6).toString('hex')}`;
      const admin = await openLine(url, { connectMs: 20_000 });
      await admin.query(`create database ${name}`);
      await admin.end();
      const address = new URL(url);
      address.pathname = `/${name}`;
      return address.href;
    },
    async drop(database) {
      const admin = await openLine(url, { connectMs: 20_000 });
      await admin.query(`drop database if exists ${new URL(database).pathname.slice(1)} with (force)`);
      await admin.end();
    },
    stop: async () => {
      if (given === undefined) await promisify(execFile)(program, ['stop', url]);
    },
  };
}

async function started(): Promise<string | null> {
  try {
    return (await promisify(execFile)(program, ['start'])).stdout.trim();
  } catch (error) {
    console.log(`PostgreSQL is left out, it could not be started: ${error instanceof Error ? error.message : error}`);
    return null;
  }
}
