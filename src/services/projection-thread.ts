import { Worker } from 'node:worker_threads';
import { keepHeapSmall } from '../collect-garbage.ts';
import { type Kept, ProjectionError, type ProjectionLimits } from './json-projection.ts';
import type { FromProjectionThread, ToProjectionThread } from './projection-messages.ts';

/** A reply that is read beside the thread: each piece of it gives what can be taken by then. */
export type ReadingBeside = {
  write(chunks: readonly Uint8Array[]): Promise<Uint8Array>;
  end(): Promise<Uint8Array>;
  /** Also for one that failed. */
  close(): void;
};

/** A piece takes some milliseconds; a thread that is silent for this long is stuck. */
const silenceMs = 10_000;
const idleMs = 5000;
/** In megabytes. What is kept of the replies lies outside of it and has a limit of its own. */
const memory = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 };

/** In bytes. Enough for each piece but the first, which may be larger. */
const usualPieceBytes = 128 * 1024;

type Part = Extract<FromProjectionThread, { kind: 'part' }>;
type Waiting = PromiseWithResolvers<Part> & { timer: NodeJS.Timeout };

/**
 * The thread on which large replies are read, so that the main thread stays free. It starts with the first of them and ends after some
 * seconds without one.
 */
class ProjectionThread {
  #worker: Worker | null = null;
  readonly #open = new Set<number>();
  readonly #waiting = new Map<number, Waiting>();
  #idle: NodeJS.Timeout | undefined;
  #next = 0;

  /** Begins a reading. Its promises reject with ProjectionError. */
  open(kept: Kept, limits: ProjectionLimits, { isList }: { isList: boolean }): ReadingBeside {
    const reading = this.#next++;
    const worker = this.#start();
    const tell = (message: ToProjectionThread, transfer: ArrayBuffer[] = []) => worker.postMessage(message, transfer);
    const ask = (message: ToProjectionThread, transfer?: ArrayBuffer[]) => {
      if (this.#worker !== worker) return Promise.reject(new ProjectionError('too_large'));
      const waiting = { ...Promise.withResolvers<Part>(), timer: setTimeout(() => this.#end(worker), silenceMs) };
      this.#waiting.set(reading, waiting);
      tell(message, transfer);
      return waiting.promise;
    };
    this.#open.add(reading);
    tell({ reading, kind: 'open', kept, limits, isList });
    // One reading has one piece under way, so one buffer is enough: it goes to the thread and comes back with the answer.
    let buffer = new ArrayBuffer(usualPieceBytes);
    return {
      write: async (chunks) => {
        const piece = joined(chunks, buffer);
        const { part, used } = await ask({ reading, kind: 'write', piece }, [piece.buffer]);
        if (used !== undefined) buffer = used;
        return part;
      },
      end: async () => (await ask({ reading, kind: 'end' })).part,
      close: () => {
        clearTimeout(this.#waiting.get(reading)?.timer);
        this.#waiting.delete(reading);
        this.#open.delete(reading);
        if (this.#worker !== worker) return;
        tell({ reading, kind: 'close' });
        if (this.#open.size === 0) this.#idle = setTimeout(() => this.#end(worker), idleMs).unref();
      },
    };
  }

  #start(): Worker {
    clearTimeout(this.#idle);
    keepHeapSmall();
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(new URL('./projection-worker.js', import.meta.url), {
      resourceLimits: memory,
      // The thread needs neither the process's start options nor its secrets.
      execArgv: [],
      env: {},
    });
    worker.unref();
    worker.on('message', (message: FromProjectionThread) => this.#hear(message));
    // It is out of memory or broken: #end tells whoever waits.
    worker.on('error', () => this.#end(worker));
    worker.on('exit', () => this.#end(worker));
    this.#worker = worker;
    return worker;
  }

  #hear(message: FromProjectionThread): void {
    const waiting = this.#waiting.get(message.reading);
    if (waiting === undefined) return;
    clearTimeout(waiting.timer);
    this.#waiting.delete(message.reading);
    if (message.kind === 'part') waiting.resolve(message);
    else waiting.reject(new ProjectionError(message.reason));
  }

  #end(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    clearTimeout(this.#idle);
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(new ProjectionError('too_large'));
    }
    this.#waiting.clear();
    this.#open.clear();
    void worker.terminate();
  }
}

/** The chunks one after the other, in this buffer if it is large enough. */
function joined(chunks: readonly Uint8Array[], buffer: ArrayBuffer): Uint8Array<ArrayBuffer> {
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  const piece = new Uint8Array(bytes <= buffer.byteLength ? buffer : new ArrayBuffer(bytes), 0, bytes);
  let at = 0;
  for (const chunk of chunks) {
    piece.set(chunk, at);
    at += chunk.byteLength;
  }
  return piece;
}

/** Of this process: readings of several people go on in it side by side, each within its own limits. */
export const projectionThread = new ProjectionThread();
