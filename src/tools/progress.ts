import { z } from 'zod';
import { sayInEnglish } from '../messages.ts';
import type { SeerrProgress } from '../services/jellyseerr/progress.ts';
import type { Torrent } from '../services/qbittorrent/torrents.ts';
import type { QueueItem } from '../services/titles.ts';
import { describeError, isExpected } from './describe-error.ts';
import type { Stack } from './stack.ts';

export const progressStates = [
  'waiting_for_approval',
  'declined',
  'failed',
  'searching',
  'downloading',
  'paused',
  'importing',
  'stuck',
  'available',
  'removed',
] as const;

/** How far what a call asked for has come. Kept in a row, so it is read again with this. */
export const progressSchema = z.object({
  state: z.enum(progressStates),
  /** 0 to 100, of what is in the queue. */
  percent: z.number(),
  secondsLeft: z.number().nullable(),
  bytesPerSecond: z.number().nullable(),
  /** Of a series: the episodes that are there, of those that were asked for and have aired. */
  episodes: z.object({ have: z.number(), of: z.number() }).nullable(),
  /** The server's own words for what is stuck, untrusted. */
  problem: z.string().nullable(),
  /** The server's id of the title, so that its downloads are found without asking for it again. */
  libraryId: z.number().nullable(),
  /** How many downloads it has. */
  queued: z.number(),
});
export type Progress = z.output<typeof progressSchema>;

export type FollowOptions = {
  signal: AbortSignal;
  /** What the last look found. */
  before: Progress | null;
  /** Whether to ask for the title itself too, though its downloads tell of no change. */
  isThorough: boolean;
  downloads: Downloads;
  /** What the call gave back. */
  output: unknown;
};

/** A progress of which nothing but the state is known. */
export function justState(state: Progress['state'], known: Partial<Progress> = {}): Progress {
  const nothing = { percent: 0, secondsLeft: null, bytesPerSecond: null, episodes: null, problem: null };
  return { state, ...nothing, libraryId: null, queued: 0, ...known };
}

/** After this nothing more happens. A request that failed may be sent again by whoever runs Seerr. */
export function isOver({ state }: Progress): boolean {
  return state === 'available' || state === 'removed' || state === 'declined';
}

/** A person's queues and torrents at one moment: each is asked for once, however many calls are followed. */
export class Downloads {
  readonly #stack: Stack;
  readonly #signal: AbortSignal;
  readonly #queues = new Map<'radarr' | 'sonarr', Promise<QueueItem[]>>();
  #torrents: Promise<Map<string, Torrent>> | null = null;
  #seerr: Promise<Map<number, SeerrProgress>> | null = null;
  /** Why the torrents are not known, when they should be; for the log. */
  problem: string | null = null;

  constructor(stack: Stack, { signal }: { signal: AbortSignal }) {
    this.#stack = stack;
    this.#signal = signal;
  }

  /** Throws ServiceError. */
  queue(service: 'radarr' | 'sonarr'): Promise<QueueItem[]> {
    const asked = this.#queues.get(service) ?? this.#stack.get(service).queue({ signal: this.#signal });
    this.#queues.set(service, asked);
    return asked;
  }

  /** How far the newest requests in Seerr have come, by their ids. Throws ServiceError. */
  seerrRequests(): Promise<Map<number, SeerrProgress>> {
    this.#seerr ??= this.#stack.get('jellyseerr').newestProgress({ signal: this.#signal });
    return this.#seerr;
  }

  /** By hash. Without them the queue's own figures do, so a failure is only noted. */
  torrents(): Promise<Map<string, Torrent>> {
    this.#torrents ??= this.#askForTorrents().catch((error: unknown) => {
      if (!isExpected(error)) throw error;
      this.problem = describeError(error, sayInEnglish);
      return new Map();
    });
    return this.#torrents;
  }

  async #askForTorrents(): Promise<Map<string, Torrent>> {
    if (!this.#stack.has('qbittorrent')) return new Map();
    const torrents = await this.#stack.get('qbittorrent').torrents({ signal: this.#signal });
    return new Map(torrents.map((torrent) => [torrent.hash, torrent]));
  }
}

/** What some downloads of one title come to together; null for none. */
export async function progressOfDownloads(
  items: readonly QueueItem[],
  downloads: Downloads,
): Promise<Pick<Progress, 'state' | 'percent' | 'secondsLeft' | 'bytesPerSecond' | 'problem' | 'queued'> | null> {
  if (items.length === 0) return null;
  const torrents = await downloads.torrents();
  // A season as one download is a row for each of its episodes.
  const distinct = [...new Map(items.map((item, index) => [item.downloadId ?? String(index), item])).values()];
  const live = distinct.map((item) => withTorrent(item, torrents.get(item.downloadId ?? '')));
  const size = live.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const left = live.reduce((sum, { remainingBytes }) => sum + remainingBytes, 0);
  const times = live.flatMap(({ state, secondsLeft }) => (state === 'downloading' ? (secondsLeft ?? []) : []));
  const speeds = live.flatMap(({ state, bytesPerSecond }) => (state === 'downloading' ? (bytesPerSecond ?? []) : []));
  return {
    state: stateOf(live),
    percent: size > 0 ? Math.min(100, Math.max(0, (1 - left / size) * 100)) : 0,
    secondsLeft: times.length === 0 ? null : Math.max(...times),
    bytesPerSecond: speeds.length === 0 ? null : speeds.reduce((sum, speed) => sum + speed, 0),
    problem: live.find(({ state }) => state === 'stuck')?.reason ?? null,
    queued: items.length,
  };
}

/** One download that is stuck does not stop the others. */
function stateOf(items: readonly Pick<QueueItem, 'state'>[]): Progress['state'] {
  const has = (...states: QueueItem['state'][]) => items.some(({ state }) => states.includes(state));
  if (has('downloading', 'queued')) return 'downloading';
  if (has('importing')) return 'importing';
  return has('paused') ? 'paused' : 'stuck';
}

/** The queue is some time behind the torrent, and does not tell the speed: it is what the rest in the time left makes. */
function withTorrent(item: QueueItem, torrent: Torrent | undefined): QueueItem & { bytesPerSecond: number | null } {
  if (torrent === undefined || torrent.percent >= 100) {
    const bytesPerSecond = item.secondsLeft ? item.remainingBytes / item.secondsLeft : null;
    return { ...item, bytesPerSecond };
  }
  return {
    ...item,
    remainingBytes: item.sizeBytes * (1 - torrent.percent / 100),
    secondsLeft: torrent.secondsLeft ?? item.secondsLeft,
    state: item.state === 'downloading' && torrent.state === 'paused' ? 'paused' : item.state,
    bytesPerSecond: torrent.downloadSpeed,
  };
}
