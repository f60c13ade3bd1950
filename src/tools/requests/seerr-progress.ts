import { z } from 'zod';
import { type FollowOptions, justState, type Progress } from '../progress.ts';
import type { Stack } from '../stack.ts';

/**
 * How far a request in Seerr has come, which looks at its Radarr and Sonarr once a minute. Null when the call made none. One call
 * tells of all requests; one is asked for by itself when its seasons may have come. Throws ServiceError.
 */
export async function seerrProgress(
  stack: Stack,
  { kind }: { kind: 'movie' | 'series' },
  { before, isThorough, downloads, output, signal }: FollowOptions,
): Promise<Progress | null> {
  const made = z.object({ requestId: z.number() }).safeParse(output);
  if (!made.success) return null;
  const id = made.data.requestId;
  const listed = (await downloads.seerrRequests()).get(id);
  // Of a series the list does not tell which seasons are there.
  const isOpen = kind === 'series' && (listed?.state === 'searching' || listed?.state === 'failed');
  if (listed !== undefined && !isOpen) return justState(listed.state, listed);
  const isNew = listed?.queued !== before?.queued || (listed?.state === 'failed' && before?.state !== 'failed');
  if (before !== null && !isThorough && !isNew) return before;
  const asked = await stack.get('jellyseerr').progress({ id }, { signal });
  return asked === null ? justState('removed') : justState(asked.state, asked);
}
