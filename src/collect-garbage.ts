import { setFlagsFromString } from 'node:v8';
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

/** In milliseconds. What was read has left the heap by then, and V8 has seen how small it is. */
const smallForMs = 60_000;
let untilLarge: NodeJS.Timeout | undefined;

/**
 * Has V8 collect already when its heap has grown by 15 % since the last time, instead of up to four times: while large replies are read,
 * which would fill it with what nobody needs any more, and for a minute after the last call. Always, it would cost a fifth of the turns
 * a second.
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
