import { z } from 'zod';
import type { Say } from '../../messages.ts';
import type { Http } from '../http.ts';
import type { CallOptions } from '../service.ts';
import { namelessMessages } from '../titles.ts';

/** What comes out, as Radarr and Sonarr (API v3, /calendar) know it. */

export const releaseKinds = ['cinema', 'digital', 'physical', 'episode'] as const;

/** One thing that comes out. All text is untrusted. */
export type CalendarEntry = {
  what: (typeof releaseKinds)[number];
  title: string;
  year: number | null;
  /** Of the film at TMDB, or of the series at TVDB. */
  id: number | null;
  /** Null for a film. */
  episode: { season: number; number: number; title: string | null } | null;
  /** The moment at which an episode is broadcast; of a film only the day is known, at midnight UTC. */
  at: Date;
  isThere: boolean;
};

const seriesSchema = z.object({
  title: z.string().nullish(),
  year: z.number().nullish(),
  tvdbId: z.number().nullish(),
});
const entrySchema = z.object({
  title: z.string().nullish(),
  year: z.number().nullish(),
  tmdbId: z.number().nullish(),
  hasFile: z.boolean().nullish(),
  inCinemas: z.string().nullish(),
  digitalRelease: z.string().nullish(),
  physicalRelease: z.string().nullish(),
  seasonNumber: z.number().nullish(),
  episodeNumber: z.number().nullish(),
  airDateUtc: z.string().nullish(),
  series: seriesSchema.nullish(),
});
type RawEntry = z.output<typeof entrySchema>;

/** What is monitored and comes out between two moments, in no order; a film once for each of its releases, also those of other days. */
export async function calendarOf(
  http: Http,
  { from, to }: { from: Date; to: Date },
  include: Record<string, boolean>,
  say: Say,
  options?: CallOptions,
): Promise<CalendarEntry[]> {
  const query = { start: from.toISOString(), end: to.toISOString(), unmonitored: false, ...include };
  const request = { path: '/api/v3/calendar', query, signal: options?.signal };
  const found = await http.list(request, entrySchema, (raw) => entriesOf(raw, say));
  return found.flat();
}

function entriesOf(raw: RawEntry, say: Say): CalendarEntry[] {
  const isThere = raw.hasFile === true;
  const { seasonNumber: season, episodeNumber: number, series } = raw;
  if (season != null && number != null) {
    const at = momentOf(raw.airDateUtc);
    if (at === null) return [];
    const episode = { season, number, title: raw.title || null };
    return [{ what: 'episode', ...nameOf(series ?? {}, say), id: series?.tvdbId ?? null, episode, at, isThere }];
  }
  const releases = { cinema: raw.inCinemas, digital: raw.digitalRelease, physical: raw.physicalRelease };
  return (['cinema', 'digital', 'physical'] as const).flatMap((what) => {
    const at = momentOf(releases[what]);
    return at === null ? [] : [{ what, ...nameOf(raw, say), id: raw.tmdbId ?? null, episode: null, at, isThere }];
  });
}

function nameOf({ title, year }: Pick<RawEntry, 'title' | 'year'>, say: Say) {
  return { title: title || say(namelessMessages.title), year: year || null };
}

/** Null for what is no moment. */
function momentOf(text: string | null | undefined): Date | null {
  const moment = new Date(text ?? '');
  return Number.isNaN(moment.getTime()) ? null : moment;
}
