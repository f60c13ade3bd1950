import { UserError } from '../../errors.ts';
import { messages, type Say } from '../../messages.ts';
import { inEdition, type SeerrRequest, type SeerrTitle } from '../../services/jellyseerr/schemas.ts';
import type { Stack } from '../stack.ts';

export const seerrMessages = messages('seerr_requests', {
  blocklisted: 'It is on Seerr’s blocklist: whoever runs Seerr can take it off, and nobody can request it until then.',
  everySeason: `{edition, select,
    in4k {Every season is available or requested in 4K already: nothing is left to request.}
    other {Every season is available or requested already: nothing is left to request.}}`,
  available: `{edition, select,
    in4k {It is available in 4K already: nothing is left to request.}
    other {It is available already: nothing is left to request.}}`,
  failed: `{edition, select,
    in4k {It is requested in 4K already, but Seerr could not pass it on: whoever runs Seerr can send it again.}
    other {It is requested already, but Seerr could not pass it on: whoever runs Seerr can send it again.}}`,
  waiting: `{edition, select,
    in4k {It is requested in 4K already, and waits for approval in Seerr.}
    other {It is requested already, and waits for approval in Seerr.}}`,
  onItsWay: `{edition, select,
    in4k {It is requested in 4K already, and on its way.}
    other {It is requested already, and on its way.}}`,
  in4k: '4K',
  notYours: 'That request is not yours. Whoever runs Seerr can remove it there.',
});

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
export function nothingLeft({ kind, status }: SeerrTitle, is4k: boolean, say: Say): string {
  const edition = is4k ? 'in4k' : 'other';
  if (status.state === 'blocklisted') return say(seerrMessages.blocklisted);
  if (kind === 'series') return say(seerrMessages.everySeason, { edition });
  switch (status.state) {
    case 'available':
      return say(seerrMessages.available, { edition });
    case 'failed':
      return say(seerrMessages.failed, { edition });
    case 'requested':
      return say(seerrMessages.waiting, { edition });
    default:
      return say(seerrMessages.onItsWay, { edition });
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
  if (request !== null && request.requestedById !== myId) throw new UserError((say) => say(seerrMessages.notYours));
  return request;
}
