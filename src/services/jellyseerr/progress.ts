import type { z } from 'zod';
import { editionOf, percentOf, requestState, type SeerrDownload } from './media-info.ts';
import type { requestSchema } from './schemas.ts';

/** How far a request has come, as Seerr sees it. `percent` is 0 to 100; `secondsLeft` is null when unknown. */
export type SeerrProgress = {
  state:
    | 'waiting_for_approval'
    | 'declined'
    | 'failed'
    | 'searching'
    | 'downloading'
    | 'paused'
    | 'importing'
    | 'stuck'
    | 'available';
  percent: number;
  secondsLeft: number | null;
  /** How many downloads it has. */
  queued: number;
};

/** What a request tells of itself and of its title; of a series only the request's own seasons count. */
export function progressOf(request: z.output<typeof requestSchema>): SeerrProgress {
  const still = (state: SeerrProgress['state'], percent = 0): SeerrProgress => {
    return { state, percent, secondsLeft: null, queued: 0 };
  };
  const state = requestState(request.status);
  if (state === 'waiting_for_approval' || state === 'declined') return still(state);
  // How many episodes a season has is not told here, only whether it is whole.
  const listed = (request.media?.seasons ?? []).map(({ seasonNumber }) => ({ seasonNumber, episodeCount: 1 }));
  const edition = editionOf(request.media, request.is4k === true, listed);
  const own = new Set((request.seasons ?? []).map(({ seasonNumber }) => seasonNumber));
  const whole = new Set(
    edition.seasons.filter((one) => one.episodeFileCount > 0).map(({ seasonNumber }) => seasonNumber),
  );
  const isThere = own.size > 0 && [...own].every((number) => whole.has(number));
  if (state === 'completed' || edition.status.state === 'available' || isThere) return still('available', 100);
  const downloads = edition.downloads.filter(
    ({ seasonNumber }) => seasonNumber === null || own.size === 0 || own.has(seasonNumber),
  );
  // A title that Seerr could not pass on may still arrive in another way.
  if (downloads.length === 0) return still(state === 'failed' ? 'failed' : 'searching');
  const times = downloads.flatMap((one) => (one.state === 'downloading' ? (one.secondsLeft ?? []) : []));
  return {
    state: stateOf(downloads),
    percent: percentOf(downloads),
    secondsLeft: times.length === 0 ? null : Math.max(...times),
    queued: downloads.length,
  };
}

/** One download that is stuck does not stop the others. */
function stateOf(downloads: readonly SeerrDownload[]): SeerrProgress['state'] {
  const states = (['downloading', 'importing', 'paused'] as const).filter((state) =>
    downloads.some((download) => download.state === state),
  );
  return states[0] ?? 'stuck';
}
