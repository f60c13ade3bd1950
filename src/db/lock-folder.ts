import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { UserError } from '../errors.ts';

/**
 * Locks a data folder against a second process, which would lose this one's rows without a word. The lock outlives a
 * kill -9 as a file, but not as a lock: it names its process, and one that no longer runs holds nothing.
 * Throws UserError when another process has the folder. The result gives the folder back.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'assistarr.lock');
  const mine = JSON.stringify({ pid: process.pid, startedAt: await startOf(process.pid), token: randomUUID() });
  for (let attempt = 0; attempt < 5; attempt++) {
    if (await createWhole(path, mine)) {
      // A process that found the same dead lock may have moved ours away in the same moment: look again.
      await pause(20);
      if ((await read(path)) === mine) return () => release(path, mine);
      continue;
    }
    const theirs = await read(path);
    if (theirs === null) continue;
    if (await isHeld(theirs)) break;
    await removeDead(path, theirs);
  }
  throw new UserError(
    `Another Assistarr is using the data folder ${folder}. Stop it first, or give this one a folder of its own with DATA_DIR.`,
  );
}

/** Makes the file with its content at once, so that no reader sees half of it. False when it is there. */
async function createWhole(path: string, content: string): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, content, { flag: 'wx', mode: 0o600 });
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(draft);
  }
}

/** Removes a dead lock, and puts back what was moved by mistake because another process was quicker. */
async function removeDead(path: string, content: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  const moved = await read(aside);
  if (moved !== null && moved !== content) await createWhole(path, moved);
  await unlink(aside);
}

async function isHeld(content: string): Promise<boolean> {
  const lock: unknown = parse(content);
  if (typeof lock !== 'object' || lock === null || !('pid' in lock) || typeof lock.pid !== 'number') return false;
  if (!isRunning(lock.pid)) return false;
  const startedAt = await startOf(lock.pid);
  return startedAt === null || !('startedAt' in lock) || lock.startedAt === startedAt;
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    // A file that is no lock holds nothing.
    return null;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** When a process began, in the kernel's ticks: a process id is given out again. Null where there is no /proc. */
async function startOf(pid: number): Promise<string | null> {
  const text = await read(`/proc/${pid}/stat`);
  // The command's name is in parentheses and may hold spaces; field 22 is the 20th after it.
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

async function release(path: string, mine: string): Promise<void> {
  if ((await read(path)) === mine) await unlink(path);
}

async function read(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH') return null;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
