import { type FollowOptions, justState, type Progress, progressOfDownloads } from '../progress.ts';
import type { Stack } from '../stack.ts';

/** How far a film in Radarr has come. Asks for the film itself only when its downloads do not tell. Throws ServiceError. */
export async function filmProgress(
  stack: Stack,
  { tmdbId }: { tmdbId: number },
  { before, isThorough, downloads, signal }: FollowOptions,
): Promise<Progress> {
  const inQueue = async (libraryId: number): Promise<Progress | null> => {
    const items = (await downloads.queue('radarr')).filter((item) => item.libraryId === libraryId);
    const found = await progressOfDownloads(items, downloads);
    return found === null ? null : { ...justState(found.state), ...found, libraryId };
  };
  const known = before?.libraryId ?? null;
  if (before !== null && known !== null) {
    const found = await inQueue(known);
    if (found !== null) return found;
    if (before.queued === 0 && !isThorough) return before;
  }
  const film = await stack.get('radarr').inLibrary(tmdbId, { signal });
  if (film === null || film.libraryId === null) return justState('removed');
  const { libraryId } = film;
  if (film.status.state === 'available') return justState('available', { percent: 100, libraryId });
  return (known === null ? await inQueue(libraryId) : null) ?? justState('searching', { libraryId });
}
