import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockFolder } from '../../src/db/lock-folder.ts';
import { HostError } from '../../src/errors.ts';
import { quickImports } from '../quick-imports.ts';

const script = fileURLToPath(new URL('./take-lock.ts', import.meta.url));
let folder: string;
let started: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assistarr-lock-'));
});
afterEach(async () => {
  await Promise.all(started.map((child) => end(child, 'SIGKILL')));
  started = [];
  await rm(folder, { recursive: true });
});

async function takeInProcess(): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, [...quickImports, script, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  started.push(child);
  const [chunk] = await once(child.stdout, 'data');
  return { child, said: String(chunk).trim() };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

it('refuses a second taker with a sentence, and lets one in after the first gave it back', async () => {
  const release = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toThrow(HostError);
  await expect(lockFolder(folder)).rejects.toThrow(/Another Assistarr is using the data folder .* DATA_DIR\.$/);
  expect((await takeInProcess()).said).toMatch(/^Another Assistarr is using/);
  release();
  release();
  (await lockFolder(folder))();
});

it('ends with its process, also when that is killed', async () => {
  const { child, said } = await takeInProcess();
  expect(said).toBe('locked');
  await expect(lockFolder(folder)).rejects.toThrow(HostError);
  await end(child, 'SIGKILL');
  (await lockFolder(folder))();
});

it('is won by one of many processes at once, also over the file of one that was killed', async () => {
  await end((await takeInProcess()).child, 'SIGKILL');
  const takers = await Promise.all(Array.from({ length: 6 }, takeInProcess));
  expect(takers.filter(({ said }) => said === 'locked')).toHaveLength(1);
});

it('makes the folder when it is not there', async () => {
  const release = await lockFolder(join(folder, 'a', 'b'));
  release();
});
