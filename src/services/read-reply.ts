import { setImmediate as nextTurn } from 'node:timers/promises';
import { giveBackReadBuffers } from '../collect-garbage.ts';
import { JsonProjection, type Kept, ProjectionError, type ProjectionLimits } from './json-projection.ts';
import { projectionThread } from './projection-thread.ts';

type Body = AsyncIterable<Uint8Array> & { destroy(): unknown };

/** A reply up to this size is read on the main thread, in less than 20 ms; a larger one on the other thread. */
const mostBytesHere = 192 * 1024;

/** How much is read in one go; between two pieces the main thread is free. */
const pieceBytes = 48 * 1024;

/** After so much of all large replies together, the memory of what was read is given back. */
const mostBytesDropped = 4 * 1024 * 1024;
let bytesDropped = 0;

/** The limits of one kind of reply: its bytes as received, and what is kept of it. */
export type ReplyLimits = ProjectionLimits & { bytes: number };

/** For all but long lists. A page of 200 downloads has 1 MB, of which a tenth is kept. */
export const lookUpLimits: ReplyLimits = {
  bytes: 2 * 1024 * 1024,
  keptBytes: 512 * 1024,
  values: 30_000,
  items: 5000,
  text: 64 * 1024,
};

/** For a whole library: 10,000 films have 50 MB, of which a tenth is kept. */
export const listLimits: ReplyLimits = {
  bytes: 96 * 1024 * 1024,
  keptBytes: 12 * 1024 * 1024,
  values: 1_000_000,
  items: 50_000,
  text: 64 * 1024,
};

/**
 * Reads the JSON of a body, and passes the kept part to `onPart` as JSON again: the items of a list in several parts, separated by
 * commas, any other value in one part. Each part can be parsed within a few milliseconds. Throws ProjectionError and the body's own
 * errors, and then does not read the rest.
 */
export async function readJson(
  body: Body,
  kept: Kept,
  { limits, isList, onPart }: { limits: ReplyLimits; isList: boolean; onPart: (json: string) => void },
): Promise<void> {
  const give = (part: Uint8Array) => {
    if (part.length > 0) onPart(Buffer.from(part.buffer, part.byteOffset, part.length).toString('utf8'));
  };
  let read: Uint8Array[] = [];
  let waiting = 0;
  let beside: ReturnType<typeof projectionThread.open> | null = null;
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.byteLength;
      if (bytes > limits.bytes) throw new ProjectionError('too_large');
      read.push(chunk);
      waiting += chunk.byteLength;
      if (beside === null && bytes <= mostBytesHere) continue;
      if (waiting < pieceBytes) continue;
      beside ??= projectionThread.open(kept, limits, { isList });
      give(await beside.write(read));
      read = [];
      bytesDropped += waiting;
      waiting = 0;
      if (bytesDropped < mostBytesDropped) continue;
      bytesDropped = 0;
      giveBackReadBuffers();
    }
    if (beside !== null) {
      give(await beside.write(read));
      give(await beside.end());
      return;
    }
    const here = new JsonProjection(kept, limits, { isList });
    const whole = Buffer.concat(read);
    for (let at = 0; at < whole.length; at += pieceBytes) {
      if (at > 0) await nextTurn();
      here.write(whole.subarray(at, at + pieceBytes));
      give(here.take(false));
    }
    here.end();
    give(here.take(true));
  } finally {
    beside?.close();
    body.destroy();
  }
}
