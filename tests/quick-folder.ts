import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const inMemory = '/dev/shm';
/** Some twenty data folders of 40 MB at once, twice over. */
const neededBytes = 2 * 20 * 40 * 1024 ** 2;

/**
 * The folder for temporary files of the tests: in memory, where Linux has room for it there. The folder of an embedded
 * database has a thousand files, and on a disk it takes longer to copy than most tests take.
 */
export function quickFolder(): string {
  if (process.env.TMPDIR !== undefined || process.platform !== 'linux') return tmpdir();
  const { bavail, bsize } = statfsSync(inMemory);
  return bavail * bsize < neededBytes ? tmpdir() : inMemory;
}
