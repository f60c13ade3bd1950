import { messages } from '../messages.ts';

/** What stands for what a server leaves without a name. */
export const namelessMessages = messages('nameless', {
  title: 'Untitled',
  download: 'Unknown',
  profile: 'Profile {id}',
  version: 'unknown',
});

/** How far a title has come on its server. `percent` is 0 to 100. */
export type TitleStatus =
  | { state: 'absent' }
  | { state: 'unmonitored' }
  /** Asked for, and waiting for someone's approval. */
  | { state: 'requested' }
  | { state: 'monitored' }
  /** Asked for, and Seerr could not pass it on; whoever runs it may send it again. */
  | { state: 'failed' }
  /** Nobody may ask for it. */
  | { state: 'blocklisted' }
  | { state: 'downloading'; percent: number }
  | { state: 'partial'; have: number; of: number }
  | { state: 'available' };

/** What Radarr and Sonarr tell of one title, found or in the library, in one shape. All text is untrusted. */
export type Title = {
  title: string;
  year: number | null;
  overview: string | null;
  /** Public https address of the poster; never one that needs a key. */
  posterUrl: string | null;
  runtimeMinutes: number | null;
  genres: string[];
  /** 0 to 10. */
  rating: number | null;
  /** The server's own id when the title is in its library, else null. */
  libraryId: number | null;
  status: TitleStatus;
};

export type Movie = Title & { kind: 'movie'; tmdbId: number; minimumAvailability: MinimumAvailability | null };

export type Season = {
  /** 0 is the specials. */
  seasonNumber: number;
  monitored: boolean;
  episodeCount: number;
  /** Without those that are still to come, where the server tells. */
  airedEpisodeCount?: number;
  episodeFileCount: number;
};

export type Series = Title & {
  kind: 'series';
  tvdbId: number;
  /** Ascending by number. */
  seasons: Season[];
  /** Whether more episodes are to come. */
  ended: boolean;
};

/** What came into a library lately. Of a series, the episodes that came; empty for a film. */
export type Imported = Pick<Title, 'title' | 'year' | 'posterUrl'> & {
  kind: 'movie' | 'series';
  /** The TMDB id of a film, the TVDB id of a series. */
  id: number | null;
  episodes: { season: number; episode: number }[];
};

export const minimumAvailabilities = ['announced', 'inCinemas', 'released'] as const;
export type MinimumAvailability = (typeof minimumAvailabilities)[number];

export type QualityProfile = { id: number; name: string };
/** `freeBytes` is null where the server does not say. */
export type RootFolder = { path: string; freeBytes: number | null };

export const queueStates = ['queued', 'downloading', 'importing', 'paused', 'stuck'] as const;

export type QueueItem = {
  /** By which the server's queue names it. */
  queueId: number | null;
  title: string;
  /** The library's id of the film or series. */
  libraryId: number | null;
  /** Null for a film. */
  seasonNumber: number | null;
  episodeNumber: number | null;
  percent: number;
  sizeBytes: number;
  remainingBytes: number;
  /** Seconds, null when unknown. */
  secondsLeft: number | null;
  state: (typeof queueStates)[number];
  /** The server's own words when stuck. */
  reason: string | null;
  /** The download client's own id, of a torrent its hash in lower case. */
  downloadId: string | null;
};
