import { setImmediate as nextTurn } from 'node:timers/promises';
import { PGlite, type QueryOptions, type Results } from '@electric-sql/pglite';
import { embeddedOptions } from './embedded-options.ts';

/**
 * PGlite, which works on the thread of whoever asks and waits for nothing: between two of somebody's queries everything else has its
 * turn. Else the first ones of a command, of some milliseconds each, would hold the thread for 20 to 40 ms.
 */
class EmbeddedClient extends PGlite {
  override async query<Row>(query: string, values?: unknown[], options?: QueryOptions): Promise<Results<Row>> {
    const results = await super.query<Row>(query, values, options);
    await nextTurn();
    return results;
  }
}

/** Opens the database in this folder. */
export async function openEmbedded(folder: string): Promise<PGlite> {
  const client = new EmbeddedClient({ dataDir: folder, ...embeddedOptions });
  await client.waitReady;
  return client;
}
