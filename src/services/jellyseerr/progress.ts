import { type Edition, percentOf } from './media-info.ts';
import type { SeerrRequest } from './schemas.ts';

/** How far a request has come, as Seerr sees it. `percent` is 0 to 100; `secondsLeft` is null when unknown. */
export type SeerrProgress = {
  state:
    | 'waiting_for_approval'
    | 'declined'
    | 'failed'
    | 'searching'
    | 'downloading'
    | 'importing'
    | 'stuck'
    | 'available';
  percent: number;
  secondsLeft: number | null;
};

/** What the title's edition says of a request; of a series only its own seasons count. */
export function progressOf(request: SeerrRequest, edition: Edition): SeerrProgress {
  const still = (state: SeerrProgress['state'], percent = 0): SeerrProgress => ({ state, percent, secondsLeft: null });
  if (request.state === 'waiting_for_approval' || request.state === 'declined' || request.state === 'failed')
    return still(request.state);
  if (request.state === 'completed' || isThere(request, edition)) return still('available', 100);
  const own = new Set(request.seasons);
  const downloads = edition.downloads.filter(
    ({ seasonNumber }) => seasonNumber === null || own.size === 0 || own.has(seasonNumber),
  );
  if (downloads.length === 0) return still('searching');
  const percent = percentOf(downloads);
  // One episode that is stuck does not stop the others.
  const moving = downloads.filter(({ state }) => state === 'downloading');
  if (moving.length === 0)
    return still(downloads.some(({ state }) => state === 'stuck') ? 'stuck' : 'importing', percent);
  const times = moving.flatMap(({ secondsLeft }) => secondsLeft ?? []);
  return { state: 'downloading', percent, secondsLeft: times.length === 0 ? null : Math.max(...times) };
}

function isThere({ kind, seasons }: SeerrRequest, edition: Edition): boolean {
  if (edition.status.state === 'available') return true;
  if (kind === 'movie' || seasons.length === 0) return false;
  const known = new Map(edition.seasons.map((season) => [season.seasonNumber, season]));
  return seasons.every((number) => {
    const season = known.get(number);
    return season !== undefined && season.episodeCount > 0 && season.episodeFileCount >= season.episodeCount;
  });
}
