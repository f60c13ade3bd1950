import { parentPort } from 'node:worker_threads';
import { JsonProjection, ProjectionError } from './json-projection.ts';
import type { FromProjectionThread, ToProjectionThread } from './projection-messages.ts';

/** The thread beside the bot's own: reads large replies, several at a time, each piece by piece. Run by projection-worker.js. */

const port = parentPort;
if (port === null) throw new Error('this file is run as a worker thread');
const readings = new Map<number, JsonProjection>();

port.on('message', (message: ToProjectionThread) => {
  const { reading } = message;
  if (message.kind === 'open') {
    const { kept, limits, isList } = message;
    readings.set(reading, new JsonProjection(kept, limits, { isList }));
    return;
  }
  const projection = readings.get(reading);
  if (message.kind === 'close') readings.delete(reading);
  // A failed reading answers once; what was sent to it meanwhile is dropped.
  if (message.kind === 'close' || projection === undefined) return;
  try {
    if (message.kind === 'write') projection.write(message.piece);
    else projection.end();
    const part = projection.take(message.kind === 'end');
    const used = message.kind === 'write' ? [message.piece.buffer] : [];
    // An empty part is the same object each time: it cannot be given away.
    const given = part.byteLength === 0 ? used : [...used, part.buffer];
    tell({ reading, kind: 'part', part, used: used[0] }, given);
  } catch (error) {
    if (!(error instanceof ProjectionError)) throw error;
    readings.delete(reading);
    tell({ reading, kind: 'failed', reason: error.reason });
  }
});

function tell(message: FromProjectionThread, given: ArrayBuffer[] = []): void {
  port?.postMessage(message, given);
}
