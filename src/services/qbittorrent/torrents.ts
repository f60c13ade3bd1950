import { z } from 'zod';

/** What a torrent is doing, whatever the version calls it. */
export const torrentStates = [
  'downloading',
  'stalled',
  'queued',
  'paused',
  'checking',
  'seeding',
  'errored',
  'unknown',
] as const;
export type TorrentState = (typeof torrentStates)[number];

/** The filters of the bot. qBittorrent's own differ between versions, and version 5 ignores those of version 4. */
export const torrentFilters = ['downloading', 'seeding', 'completed', 'paused', 'stalled', 'errored'] as const;
type TorrentFilter = (typeof torrentFilters)[number];

/** One torrent. All text is untrusted. */
export type Torrent = {
  /** 40 hexadecimal digits, 64 of a v2 torrent; lower case. */
  hash: string;
  name: string;
  state: TorrentState;
  /** 0 to 100. */
  percent: number;
  sizeBytes: number;
  /** Bytes a second. */
  downloadSpeed: number;
  uploadSpeed: number;
  /** Seconds, null when unknown. */
  secondsLeft: number | null;
  limits: SpeedLimits;
};

/** The fastest that is allowed, in bytes a second; null where nothing is limited. */
export type SpeedLimits = { download: number | null; upload: number | null };

/** Bytes a second, all torrents together. */
export type Transfer = { downloadSpeed: number; uploadSpeed: number; limits: SpeedLimits };

export const torrentHash = z
  .string()
  .regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i)
  .toLowerCase();

/** What qBittorrent sends for "never": a hundred days. */
const infiniteEta = 8_640_000;
/** Longer names do not occur in practice, and would use up the model's budget. */
const longestName = 300;

export const torrentSchema = z.looseObject({
  hash: torrentHash,
  name: z.string().nullish(),
  state: z.string().nullish(),
  progress: z.number().nullish(),
  size: z.number().nullish(),
  dlspeed: z.number().nullish(),
  upspeed: z.number().nullish(),
  eta: z.number().nullish(),
  dl_limit: z.number().nullish(),
  up_limit: z.number().nullish(),
});

export const transferSchema = z.looseObject({
  dl_info_speed: z.number(),
  up_info_speed: z.number(),
  dl_rate_limit: z.number().nullish(),
  up_rate_limit: z.number().nullish(),
});

export function transferOf(raw: z.output<typeof transferSchema>): Transfer {
  const limits = { download: limitOf(raw.dl_rate_limit), upload: limitOf(raw.up_rate_limit) };
  return { downloadSpeed: raw.dl_info_speed, uploadSpeed: raw.up_info_speed, limits };
}

/** It says 0 or -1 for "no limit". */
function limitOf(bytes: number | null | undefined): number | null {
  return bytes != null && bytes > 0 ? bytes : null;
}

export function torrentOf(raw: z.output<typeof torrentSchema>): Torrent {
  return {
    hash: raw.hash,
    name: (raw.name || raw.hash).slice(0, longestName).toWellFormed(),
    state: stateOf(raw.state ?? ''),
    percent: Math.min(100, Math.max(0, (raw.progress ?? 0) * 100)),
    sizeBytes: raw.size ?? 0,
    downloadSpeed: raw.dlspeed ?? 0,
    uploadSpeed: raw.upspeed ?? 0,
    secondsLeft: raw.eta == null || raw.eta < 0 || raw.eta >= infiniteEta ? null : raw.eta,
    limits: { download: limitOf(raw.dl_limit), upload: limitOf(raw.up_limit) },
  };
}

/** Version 5 says "stopped" where 4 says "paused"; UP means a complete torrent, DL an incomplete one. */
function stateOf(state: string): TorrentState {
  if (state === 'error' || state === 'missingFiles') return 'errored';
  if (/^(paused|stopped)(UP|DL)$/.test(state)) return 'paused';
  if (/^checking|^moving$/.test(state)) return 'checking';
  if (state === 'stalledDL') return 'stalled';
  if (state === 'queuedDL') return 'queued';
  if (/^(uploading|forcedUP|stalledUP|queuedUP)$/.test(state)) return 'seeding';
  return /^(downloading|forcedDL|metaDL|forcedMetaDL|allocating)$/.test(state) ? 'downloading' : 'unknown';
}

/** Whether a torrent matches a filter. "downloading" means everything that is on its way, even if it is stalled. */
export function isAmong({ state, percent }: Torrent, filter: TorrentFilter): boolean {
  switch (filter) {
    case 'completed':
      return percent >= 100;
    case 'downloading':
      return percent < 100 && state !== 'paused' && state !== 'errored';
    default:
      return state === filter;
  }
}
