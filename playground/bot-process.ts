import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type BotProcess = {
  process: ChildProcess;
  /** What it printed: its log and its greeting. */
  output(): string;
  /** Ends it as a host would, and gives its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
};

/** The file that `npm start` runs. */
const main = fileURLToPath(new URL('../src/start.js', import.meta.url));

/**
 * Starts the bot as a process of its own, with these settings and nothing of the surrounding ones, until it is ready. A module
 * at `preload` is loaded before it, and can be talked with by messages.
 */
export async function startBotProcess(
  settings: Record<string, string>,
  { limitMs = 60_000, preload }: { limitMs?: number; preload?: string } = {},
): Promise<BotProcess> {
  const { PATH = '', HOME = '', TMPDIR } = process.env;
  const environment = { PATH, HOME, ...(TMPDIR === undefined ? {} : { TMPDIR }), ...settings };
  // Its own .env is the host's, for the real bot: an empty folder keeps it out.
  const before = preload === undefined ? [] : ['--import', preload];
  const child = spawn(process.execPath, ['--max-semi-space-size=4', ...before, main], {
    env: environment,
    cwd: settings.DATA_DIR,
    stdio: preload === undefined ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  const ready = Promise.withResolvers<void>();
  const read = (chunk: Buffer) => {
    output += chunk.toString('utf8');
    if (output.includes('Assistarr is ready')) ready.resolve();
  };
  child.stdout?.on('data', read);
  child.stderr?.on('data', read);
  child.once('exit', (code) => ready.reject(new Error(`the bot ended with ${code} before it was ready:\n${output}`)));
  const limit = setTimeout(() => ready.reject(new Error(`the bot was not ready in time:\n${output}`)), limitMs);
  try {
    await ready.promise;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(limit);
  }
  return {
    process: child,
    output: () => output,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
      return child.exitCode;
    },
  };
}
