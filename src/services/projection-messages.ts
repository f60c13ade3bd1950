import type { Kept, ProjectionError, ProjectionLimits } from './json-projection.ts';

/** What the thread beside is told of one reading, by its number. */
export type ToProjectionThread = { reading: number } & (
  | { kind: 'open'; kept: Kept; limits: ProjectionLimits; isList: boolean }
  | { kind: 'write'; piece: Uint8Array<ArrayBuffer> }
  | { kind: 'end' }
  | { kind: 'close' }
);

/** Its answer to each `write` and `end`: what can be taken now, and the memory of the piece that was written, to be used again. */
export type FromProjectionThread = { reading: number } & (
  | { kind: 'part'; part: Uint8Array; used?: ArrayBuffer }
  | { kind: 'failed'; reason: ProjectionError['reason'] }
);
