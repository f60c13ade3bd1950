import { performance } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Extent = { type: 'minor' } | { type: 'major'; flavor: 'last-resort' };

/** V8's own collection; does nothing where V8 does not offer it. */
const collect = collector();

function collector(): (extent: Extent) => void {
  setFlagsFromString('--expose-gc');
  const made: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  return typeof made === 'function' ? (extent) => void made(extent) : () => {};
}

/**
 * Gives back the memory that only the start needed: V8's space for new objects has grown to its maximum by then, and would stay so
 * for hours in an idle bot. Takes about 50 ms, in which nothing else runs.
 */
export function giveBackMemory(): void {
  collect({ type: 'major', flavor: 'last-resort' });
}

const lookEveryMs = 15_000;
/** The share of the time that the thread was busy. An idle bot's is a tenth of it. */
const mostBusy = 0.05;
/** In bytes. What less would give back is not worth the pause. */
const leastGrowth = 32 * 1024 * 1024;

/**
 * From now on gives back memory, as `giveBackMemory` does, whenever the bot has been idle for some seconds after work for which its
 * heap grew: V8 by itself collects an idle heap late, and keeps its pages.
 */
export function giveBackMemoryWhenIdle(): void {
  let smallest = heapBytes();
  let before = performance.eventLoopUtilization();
  setInterval(() => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    if (utilization > mostBusy || heapBytes() < smallest + leastGrowth) return;
    giveBackMemory();
    smallest = heapBytes();
  }, lookEveryMs).unref();
}

/** What V8 has taken from the system, and the buffers outside of its heap. */
function heapBytes(): number {
  const { total_heap_size: heap, external_memory: outside } = getHeapStatistics();
  return heap + outside;
}

/** In milliseconds. What was read has left the heap by then, and V8 has seen how small it is. */
const smallForMs = 60_000;
let untilLarge: NodeJS.Timeout | undefined;

/**
 * Has V8 collect already when its heap has grown by 15 % since the last time, instead of up to four times: while large replies are read,
 * which would fill it with what nobody needs any more, and for a minute after the last call. Always, it would cost a fifth of the turns
 * a second. It has a price: three to six collections while one library is read, with 40 % none or one (docs/figures.md).
 */
export function keepHeapSmall(): void {
  if (untilLarge === undefined) setFlagsFromString('--heap-growing-percent=15');
  clearTimeout(untilLarge);
  untilLarge = setTimeout(() => {
    untilLarge = undefined;
    setFlagsFromString('--heap-growing-percent=0');
  }, smallForMs).unref();
}

/**
 * Gives back the buffers of what was just read and copied, in one or two milliseconds. V8 counts objects, and these are few and
 * small: it would let some ten megabytes of the sockets' buffers pile up.
 */
export function giveBackReadBuffers(): void {
  collect({ type: 'minor' });
}
