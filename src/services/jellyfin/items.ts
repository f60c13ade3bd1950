import { z } from 'zod';
import type { Say } from '../../messages.ts';
import { listOf } from '../list-of.ts';
import { namelessMessages } from '../titles.ts';

/** One thing of the library. All text is untrusted. */
export type LibraryItem = {
  /** Null when it is none that may be part of a path. */
  id: string | null;
  kind: 'movie' | 'series' | 'season' | 'episode' | 'other';
  title: string;
  /** Of a season or an episode. */
  series: string | null;
  season: number | null;
  episode: number | null;
  year: number | null;
  runtimeMinutes: number | null;
  /** 0 to 10. */
  rating: number | null;
  /** 0 to 100: how far this person has watched it; null when Jellyfin was not asked for a person. */
  watchedPercent: number | null;
  /** The item whose poster shows it: of an episode its series; null when there is none. */
  posterId: string | null;
};

/** Someone who is watching now. */
export type PlaySession = {
  id: string | null;
  user: string | null;
  device: string | null;
  item: LibraryItem;
  /** 0 to 100, null when unknown. */
  percent: number | null;
  isPaused: boolean;
  isTranscoding: boolean;
};

/** How far a person has watched an item. */
export const watchedSchema = z.looseObject({
  Played: z.boolean().nullish(),
  PlayedPercentage: z.number().nullish(),
  UnplayedItemCount: z.number().nullish(),
});

export const itemSchema = z.looseObject({
  Id: z.string().nullish(),
  Name: z.string().nullish(),
  Type: z.string().nullish(),
  SeriesName: z.string().nullish(),
  ParentIndexNumber: z.number().nullish(),
  IndexNumber: z.number().nullish(),
  ProductionYear: z.number().nullish(),
  RunTimeTicks: z.number().nullish(),
  CommunityRating: z.number().nullish(),
  SeriesId: z.string().nullish(),
  SeriesPrimaryImageTag: z.string().nullish(),
  ImageTags: z.looseObject({ Primary: z.string().nullish() }).nullish(),
  RecursiveItemCount: z.number().nullish(),
  UserData: watchedSchema.nullish(),
});

export const itemsSchema = z.looseObject({ Items: listOf(itemSchema).nullish() });

export const sessionSchema = z.looseObject({
  Id: z.string().nullish(),
  UserName: z.string().nullish(),
  DeviceName: z.string().nullish(),
  Client: z.string().nullish(),
  NowPlayingItem: itemSchema.nullish(),
  PlayState: z
    .looseObject({
      PositionTicks: z.number().nullish(),
      IsPaused: z.boolean().nullish(),
      PlayMethod: z.string().nullish(),
    })
    .nullish(),
});

/** The newest items, and the devices that are connected. */
export const latestSchema = listOf(itemSchema);
export const sessionsSchema = listOf(sessionSchema);

const ticksPerMinute = 600_000_000;
const kinds = { Movie: 'movie', Series: 'series', Season: 'season', Episode: 'episode' } as const;

function isKnown(type: string): type is keyof typeof kinds {
  return Object.hasOwn(kinds, type);
}

/** One thing of the library as the bot knows it; `say` names one that has no name. */
export function itemOf(raw: z.output<typeof itemSchema>, say: Say): LibraryItem {
  const type = raw.Type ?? '';
  const kind = isKnown(type) ? kinds[type] : 'other';
  return {
    id: safeId(raw.Id),
    kind,
    title: raw.Name ?? say(namelessMessages.title),
    series: raw.SeriesName ?? null,
    season: (kind === 'season' ? raw.IndexNumber : raw.ParentIndexNumber) ?? null,
    episode: (kind === 'episode' ? raw.IndexNumber : null) ?? null,
    year: raw.ProductionYear ?? null,
    runtimeMinutes: raw.RunTimeTicks == null ? null : Math.round(raw.RunTimeTicks / ticksPerMinute),
    rating: raw.CommunityRating ?? null,
    watchedPercent: raw.UserData == null ? null : watched(raw.UserData, raw.RecursiveItemCount),
    posterId: posterIdOf(raw),
  };
}

/** An id becomes part of a path, so only what looks like one is taken. */
export const idSchema = z.string().regex(/^[0-9a-f-]{32,36}$/i);

function posterIdOf({ Id, ImageTags, SeriesId, SeriesPrimaryImageTag }: z.output<typeof itemSchema>): string | null {
  const ofSeries = SeriesPrimaryImageTag == null ? null : SeriesId;
  const own = ImageTags?.Primary == null ? null : Id;
  return safeId(ofSeries ?? own);
}

function safeId(text: string | null | undefined): string | null {
  const id = idSchema.safeParse(text);
  return id.success ? id.data : null;
}

/** `parts`: how many episodes a series has, where Jellyfin was asked for it. */
function watched(
  { Played, PlayedPercentage, UnplayedItemCount }: z.output<typeof watchedSchema>,
  parts: number | null | undefined,
): number {
  if (Played === true) return 100;
  const ofParts = parts && UnplayedItemCount != null ? (100 * (parts - UnplayedItemCount)) / parts : 0;
  return Math.min(100, Math.max(0, PlayedPercentage ?? ofParts));
}

/** Null for a session in which nothing plays: a device that is only connected. */
export function sessionOf(raw: z.output<typeof sessionSchema>, say: Say): PlaySession | null {
  if (raw.NowPlayingItem == null) return null;
  const { PositionTicks, IsPaused, PlayMethod } = raw.PlayState ?? {};
  const length = raw.NowPlayingItem.RunTimeTicks;
  return {
    id: safeId(raw.Id),
    user: raw.UserName ?? null,
    device: raw.DeviceName ?? raw.Client ?? null,
    item: itemOf(raw.NowPlayingItem, say),
    percent: PositionTicks == null || !length ? null : Math.min(100, Math.max(0, (PositionTicks / length) * 100)),
    isPaused: IsPaused === true,
    isTranscoding: PlayMethod === 'Transcode',
  };
}
