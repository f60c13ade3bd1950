import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { HostError } from '../errors.ts';

const busy = 5;

/** The locks of this process. A lock that nothing refers to would be collected, and with it given back. */
const held = new Set<DatabaseSync>();

/**
 * Locks a data folder against a second process, which would lose this one's rows without a word. The lock is the
 * operating system's, on the empty file `database.lock`, taken through SQLite because Node has no call for it: it ends
 * with its process however that ends, and holds between containers that share the folder, where process ids say
 * nothing. (Whoever opens and closes that file in this process with another call gives the lock away.)
 * Throws HostError when another process has the folder. The result gives the folder back.
 */
export async function lockFolder(folder: string): Promise<() => void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(folder, 'database.lock'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    if (!(cause instanceof Error) || !('errcode' in cause) || cause.errcode !== busy) throw cause;
    throw new HostError(
      `Another Assistarr is using the data folder ${folder}. Stop it first, or give this one a folder of its own with DATA_DIR.`,
      { cause },
    );
  }
  held.add(lock);
  return () => {
    if (held.delete(lock)) lock.close();
  };
}
