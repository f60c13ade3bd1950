import { UserError } from '../../errors.ts';
import { inEdition, type SeerrRequest, type SeerrTitle } from '../../services/jellyseerr/schemas.ts';
import type { Stack } from '../stack.ts';

export const noSuchTitle =
  'Seerr finds no such title: TMDB has none with that id, or does not answer Seerr just now. Search for the title again.';

/** Whether TMDB lists that season: 0 are the specials. */
export function hasSeason({ seasons }: Pick<SeerrTitle, 'seasons'>, number: number): boolean {
  return seasons.some(({ seasonNumber }) => seasonNumber === number);
}

/** The numbered seasons that nobody asked for yet. */
export function openSeasons({ seasons, status }: Pick<SeerrTitle, 'seasons' | 'status'>): number[] {
  if (status.state === 'blocklisted') return [];
  return seasons.filter(({ seasonNumber, monitored }) => seasonNumber > 0 && !monitored).map((one) => one.seasonNumber);
}

/** Whether nobody asked for it yet: of a series, for at least one of its seasons. */
export function hasOpen(title: SeerrTitle): boolean {
  if (title.status.state === 'blocklisted') return false;
  return title.kind === 'movie'
    ? title.status.state === 'absent'
    : title.seasons.length === 0 || title.seasons.some(({ monitored }) => !monitored);
}

/** Seerr leaves season 0 out of a request unless its settings allow specials. */
export function withoutSpecials(title: SeerrTitle): SeerrTitle {
  const numbered = <Of extends Pick<SeerrTitle, 'seasons'>>(of: Of): Of => {
    return { ...of, seasons: of.seasons.filter(({ seasonNumber }) => seasonNumber > 0) };
  };
  return { ...numbered(title), in4k: numbered(title.in4k) };
}

/** Why nothing is left to request. */
export function nothingLeft({ kind, status }: SeerrTitle, is4k: boolean): string {
  const what = is4k ? ' in 4K' : '';
  if (status.state === 'blocklisted')
    return 'It is on Seerr’s blocklist: whoever runs Seerr can take it off, and nobody can request it until then.';
  if (kind === 'series') return `Every season is available or requested${what} already: nothing is left to request.`;
  switch (status.state) {
    case 'available':
      return `It is available${what} already: nothing is left to request.`;
    case 'failed':
      return `It is requested${what} already, but Seerr could not pass it on: whoever runs Seerr can send it again.`;
    case 'requested':
      return `It is requested${what} already, and waits for approval in Seerr.`;
    default:
      return `It is requested${what} already, and on its way.`;
  }
}

/** A request's own state, but for one that failed and whose title is there since: Seerr keeps that as failed. */
export function requestStateNow(
  { state, kind: of, is4k, seasons }: SeerrRequest,
  title: SeerrTitle | null,
): SeerrRequest['state'] {
  if (state !== 'failed' || title === null) return state;
  const edition = inEdition(title, is4k);
  const whole = new Set(edition.seasons.filter((one) => one.episodeFileCount > 0).map((one) => one.seasonNumber));
  const isThere =
    edition.status.state === 'available' ||
    (of === 'series' && seasons.length > 0 && seasons.every((number) => whole.has(number)));
  return isThere ? 'completed' : state;
}

/** A request of the person's own, null when it is gone. Throws UserError when it is someone else's. */
export async function ownRequest(
  stack: Stack,
  requestId: number,
  options: { signal: AbortSignal },
): Promise<SeerrRequest | null> {
  const seerr = stack.get('jellyseerr');
  const [request, myId] = await Promise.all([seerr.findRequest(requestId, options), seerr.myId(options)]);
  if (request !== null && request.requestedById !== myId)
    throw new UserError('That request is not yours. Whoever runs Seerr can remove it there.');
  return request;
}
