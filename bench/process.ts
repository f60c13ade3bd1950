import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const programs = {
  // As `npm start` runs it.
  bot: { file: '../src/start.js', ready: 'Assistarr is ready' },
  bare: { file: './bare-bot.ts', ready: 'The bare bot is ready' },
};
/** The same flags as in package.json's `start`. */
const flags = ['--max-semi-space-size=4'];

export type BenchProcess = {
  /** From its start until it said that it was ready. */
  readyMs: number;
  /** The most memory that it and its children held together until it was ready, in MB. */
  peakMb: number;
  memoryMb(): Promise<number>;
  /** How much processor time it took so far: this a busy machine does not change much. */
  processorMs(): Promise<number>;
  /** What it printed so far. */
  output(): string;
  stop(): Promise<void>;
};

/** Starts our bot or the bare one as a process of its own, until it is ready. With `profileDir` it leaves a CPU profile there. */
export async function startProcess(
  program: keyof typeof programs,
  { settings, folder, profileDir }: { settings: Record<string, string>; folder: string; profileDir: string | null },
): Promise<BenchProcess> {
  const { file, ready: greeting } = programs[program];
  const profile = profileDir === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`];
  const begun = performance.now();
  const child = spawn(process.execPath, [...flags, ...profile, fileURLToPath(new URL(file, import.meta.url))], {
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...settings },
    // An empty folder: the host's own .env stays out.
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ready = Promise.withResolvers<number>();
  const read = (chunk: Buffer) => {
    output += chunk.toString('utf8');
    if (output.includes(greeting)) ready.resolve(performance.now() - begun);
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  child.once('exit', (code) => ready.reject(new Error(`the ${program} bot ended with ${code}:\n${output}`)));
  const { pid = 0 } = child;
  let peakMb = 0;
  const watch = setInterval(() => {
    treeMemoryMb(pid).then((mb) => {
      peakMb = Math.max(peakMb, mb);
    }, ignoreGone);
  }, 20);
  try {
    const readyMs = await ready.promise;
    return {
      readyMs,
      peakMb,
      memoryMb: () => memoryMb(pid),
      processorMs: () => processorMs(pid),
      output: () => output,
      stop: () => end(child),
    };
  } finally {
    clearInterval(watch);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

/** The memory that a process holds (Linux only). */
async function memoryMb(pid: number): Promise<number> {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes ?? 0) / 1024;
}

/** The processor time of a process in Linux's ticks of 10 ms. */
async function processorMs(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function treeMemoryMb(pid: number): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  const each = children.split(' ').filter((child) => child.trim() !== '');
  const memories = await Promise.all([memoryMb(pid), ...each.map((child) => treeMemoryMb(Number(child)))]);
  return memories.reduce((sum, mb) => sum + mb, 0);
}

/** A process that ended while it was looked at holds nothing. */
function ignoreGone(error: unknown): void {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return;
  throw error;
}
