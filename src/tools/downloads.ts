import { z } from 'zod';
import type { Torrent, TorrentState } from '../services/qbittorrent/torrents.ts';
import type { QueueItem } from '../services/titles.ts';
import { describeError } from './describe-error.ts';
import { fromEach } from './overview.ts';
import type { Stack } from './stack.ts';
import { defineReadTool, type RunOptions } from './tool.ts';

const mostRows = 50;

/** One download, whoever asked for it: Radarr, Sonarr, or the person in qBittorrent itself. */
export type DownloadRow = {
  service: string;
  title: string;
  season: number | null;
  episode: number | null;
  percent: number;
  secondsLeft: number | null;
  state: QueueItem['state'] | TorrentState;
  reason: string | null;
  /** The torrent's hash, where qBittorrent downloads it. */
  torrent: string | null;
  /** Bytes a second, where qBittorrent tells. */
  downloadSpeed: number | null;
};

export const getDownloadQueue = defineReadTool({
  name: 'get_download_queue',
  description: 'What is downloading now: title, percent, seconds left, bytes a second, and why something is stuck.',
  services: ['radarr', 'sonarr', 'qbittorrent'],
  input: z.object({}),
  activity: 'Looking at the downloads',
  async run(stack, _input, options) {
    const [queues, torrents] = await Promise.all([
      fromEach(['radarr', 'sonarr'], stack, (name) => stack.get(name).queue(options)),
      torrentsOf(stack, options),
    ]);
    const byHash = new Map(torrents.list.map((torrent) => [torrent.hash, torrent]));
    const queued = queues.flatMap(({ service, answer }) =>
      (answer ?? []).map((item) => rowOfQueue(service, item, byHash.get(item.downloadId ?? '') ?? null)),
    );
    const shown = new Set(queued.map(({ torrent }) => torrent));
    // What is whole is no download any more, and what Radarr or Sonarr tells of is not told twice.
    const others = torrents.list.filter(({ hash, percent }) => percent < 100 && !shown.has(hash)).map(rowOfTorrent);
    const rows = [...queued, ...others];
    return {
      downloads: rows.slice(0, mostRows),
      total: rows.length,
      problems: [...queues.map(({ problem }) => problem), torrents.problem].filter((problem) => problem !== null),
    };
  },
});

async function torrentsOf(stack: Stack, options: RunOptions): Promise<{ list: Torrent[]; problem: string | null }> {
  if (!stack.has('qbittorrent')) return { list: [], problem: null };
  try {
    return { list: await stack.get('qbittorrent').torrents(options), problem: null };
  } catch (error) {
    // The queues alone are half an answer, and it is told what is missing.
    return { list: [], problem: describeError(error) };
  }
}

function rowOfQueue(service: string, item: QueueItem, torrent: Torrent | null): DownloadRow {
  return {
    service,
    title: item.title,
    season: item.seasonNumber,
    episode: item.episodeNumber,
    percent: Math.floor(torrent?.percent ?? item.percent),
    secondsLeft: torrent?.secondsLeft ?? item.secondsLeft,
    state: item.state === 'downloading' && torrent?.state === 'paused' ? 'paused' : item.state,
    reason: item.reason,
    torrent: torrent?.hash ?? null,
    downloadSpeed: torrent?.downloadSpeed ?? null,
  };
}

function rowOfTorrent({ hash, name, percent, secondsLeft, state, downloadSpeed }: Torrent): DownloadRow {
  return {
    service: 'qBittorrent',
    title: name,
    season: null,
    episode: null,
    percent: Math.floor(percent),
    secondsLeft,
    state,
    reason: null,
    torrent: hash,
    downloadSpeed,
  };
}
