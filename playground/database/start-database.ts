import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { cpSync, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { Session } from './session.ts';
import { Turns } from './turns.ts';

export type PlaygroundDatabase = {
  /** For the setting POSTGRES_URL. */
  url: string;
  /** Reads rows beside the bot. */
  query<Row>(text: string): Promise<Row[]>;
  stop(): Promise<void>;
};

const root = fileURLToPath(new URL('../../', import.meta.url));
const cache = join(root, 'node_modules/.cache/assistarr-playground');
const buffers = { postgresqlconf: ['shared_buffers = 16MB'] };

/**
 * A database for one run that the bot reaches as it reaches PostgreSQL, and the playground may read at the same time:
 * an embedded one is open to one process alone.
 */
export async function startDatabase(): Promise<PlaygroundDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'assistarr-playground-database-'));
  // A third of what the asynchronous one takes, and nothing else runs yet.
  cpSync(await emptyDatabase(), folder, { recursive: true });
  const database = await PGlite.create({ dataDir: folder, ...buffers });
  const turns = new Turns();
  const password = randomBytes(18).toString('base64url');
  const run = (messages: Uint8Array) => database.execProtocolRaw(messages, { syncToFs: false });
  const server = createServer((socket) => new Session(socket, { turns, run, password }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the database does not listen on a port');
  return {
    url: `postgres://assistarr:${password}@127.0.0.1:${address.port}/postgres`,
    async query<Row>(text: string) {
      const who = {};
      await turns.take(who);
      try {
        return (await database.query<Row>(text)).rows;
      } finally {
        turns.give(who);
      }
    },
    stop: async () => {
      server.close();
      const who = {};
      await turns.take(who);
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What the content of an empty database depends on: how it is made, and the version of the engine. */
const madeFrom = ['src/db/make-embedded.ts', 'src/db/embedded-options.ts', 'package.json'];

/** A database without tables, which the bot makes at its start. Made once and kept: making one takes seconds. */
async function emptyDatabase(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of madeFrom) hash.update(await readFile(join(root, name)));
  const made = join(cache, hash.digest('hex').slice(0, 16));
  if (existsSync(join(made, 'PG_VERSION'))) return made;
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, 'new-'));
  try {
    await promisify(execFile)(process.execPath, [join(root, 'src/db/make-embedded.ts'), draft]);
    await rename(draft, made);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another playground made it in the meantime and may be copying it: either is as good, and a rename leaves no half of one.
    if (!existsSync(join(made, 'PG_VERSION'))) throw error;
  }
  return made;
}
