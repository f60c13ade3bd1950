import { z } from 'zod';
import { messages } from '../../messages.ts';
import { type Torrent, torrentStates } from '../../services/qbittorrent/torrents.ts';
import { type QueueItem, queueStates } from '../../services/titles.ts';
import { listWords } from '../answer-words.ts';
import { fromEach, type ProblemExtras, problemsFor } from '../from-each.ts';
import { defineReadTool } from '../tool.ts';

const mostRows = 50;

/** One download, whoever asked for it: Radarr, Sonarr, or the person in qBittorrent itself. */
const rowSchema = z.object({
  service: z.string(),
  /** Of Radarr's or Sonarr's queue; of a download with several items, the first. */
  queueId: z.number().nullish(),
  title: z.string(),
  /** The episodes that come with it, in ascending order; none for a film, or where they are of several seasons. */
  season: z.number().nullable(),
  episodes: z.array(z.number()),
  percent: z.number(),
  secondsLeft: z.number().nullable(),
  state: z.enum([...queueStates, ...torrentStates]),
  reason: z.string().nullable(),
  /** The torrent's hash, where qBittorrent downloads it. */
  torrent: z.string().nullable(),
  /** Bytes a second, where qBittorrent tells. */
  downloadSpeed: z.number().nullable(),
});
export type DownloadRow = z.output<typeof rowSchema>;

const words = messages('get_download_queue', {
  activity: 'Looking at the downloads',
});

export const getDownloadQueue = defineReadTool({
  name: 'get_download_queue',
  description: 'What is downloading now: title, percent, seconds left, bytes a second, and why something is stuck.',
  services: ['radarr', 'sonarr', 'qbittorrent'],
  input: z.object({}),
  output: z.object({
    downloads: z.array(rowSchema),
    total: z.number(),
    answered: z.array(z.string()),
    problems: z.array(z.string()),
  }),
  words,
  sentences: {
    phrases: [
      {
        says: [
          'what is downloading [right] [now]',
          'show [me] the|my queue|downloads',
          'how far|fast is it',
          'how far|fast are the|my downloads',
          'what is in the|my queue',
        ],
      },
    ],
    input: {},
    answer: ({ downloads, problems }) =>
      listWords(downloads, {
        heading: 'Downloading now:',
        nothing: 'Nothing is downloading.',
        line: ({ title, percent, downloadSpeed }) =>
          `${title}: ${percent} %${downloadSpeed ? ` at ${downloadSpeed / 1_000_000} MB/s` : ''}`,
        problems,
      }),
    tells({ downloads }, { title = '' }) {
      const words = title.toLowerCase().split(' ');
      const isMeant = (row: DownloadRow) =>
        row.queueId != null && words.every((word) => row.title.toLowerCase().includes(word));
      const row = downloads.find(isMeant);
      return row === undefined
        ? null
        : { queueId: row.queueId, kind: row.service === 'Radarr' ? ('movie' as const) : ('series' as const) };
    },
  },
  async run(stack, _input, options, extras: Partial<ProblemExtras>) {
    const [queues, clients] = await Promise.all([
      fromEach(['radarr', 'sonarr'], stack, (name) => stack.get(name).queue(options)),
      fromEach(['qbittorrent'], stack, (name) => stack.get(name).torrents(options)),
    ]);
    const torrents = clients.flatMap(({ answer }) => answer ?? []);
    const byHash = new Map(torrents.map((torrent) => [torrent.hash, torrent]));
    const queued = queues.flatMap(({ service, answer }) =>
      downloadsOf(answer ?? []).map((items) =>
        rowOfQueue(service, items, byHash.get(items[0].downloadId ?? '') ?? null),
      ),
    );
    const shown = new Set(queued.map(({ torrent }) => torrent));
    // What Radarr or Sonarr tells of is not told twice.
    const others = torrents.filter((torrent) => isDownload(torrent) && !shown.has(torrent.hash)).map(rowOfTorrent);
    const rows = [...queued, ...others];
    const asked = [...queues, ...clients];
    return {
      downloads: rows.slice(0, mostRows),
      total: rows.length,
      answered: asked.flatMap(({ service, answer }) => (answer === null ? [] : [service])),
      problems: problemsFor(
        stack,
        asked.flatMap(({ problem }) => problem ?? []),
        extras,
      ),
    };
  },
});

/** Completed torrents are not listed, unless their files are gone. */
function isDownload({ percent, state }: Torrent): boolean {
  return percent < 100 || state === 'errored';
}

type Items = [QueueItem, ...QueueItem[]];

/** The items of each download: Sonarr lists every episode of a season that comes as one. */
function downloadsOf(queue: readonly QueueItem[]): Items[] {
  const downloads = new Map<string | QueueItem, Items>();
  for (const item of queue) {
    const key = item.downloadId ?? item;
    const known = downloads.get(key);
    if (known === undefined) downloads.set(key, [item]);
    else known.push(item);
  }
  return [...downloads.values()];
}

function rowOfQueue(service: string, items: Items, torrent: Torrent | null): DownloadRow {
  const [first] = items;
  const told = items.find(({ state }) => state === 'stuck') ?? first;
  const seasons = new Set(items.map(({ seasonNumber }) => seasonNumber));
  const episodes = items.map(({ episodeNumber }) => episodeNumber).filter((episode) => episode !== null);
  return {
    service,
    queueId: first.queueId,
    title: first.title,
    season: seasons.size === 1 ? first.seasonNumber : null,
    episodes: seasons.size === 1 ? episodes.sort((a, b) => a - b) : [],
    percent: Math.floor(torrent?.percent ?? first.percent),
    secondsLeft: torrent?.secondsLeft ?? first.secondsLeft,
    state: torrent === null ? told.state : stateOfBoth(told.state, torrent),
    reason: told.reason,
    torrent: torrent?.hash ?? null,
    downloadSpeed: torrent?.downloadSpeed ?? null,
  };
}

/** Radarr and Sonarr know what comes after the download, and look at the client once a minute only; the client knows it at once. */
function stateOfBoth(queue: QueueItem['state'], { state, percent }: Torrent): DownloadRow['state'] {
  if (queue === 'importing') return 'importing';
  if (percent >= 100) return queue === 'stuck' ? 'stuck' : 'importing';
  if (state === 'paused') return 'paused';
  return queue === 'stuck' || state === 'unknown' ? queue : state;
}

function rowOfTorrent({ hash, name, percent, secondsLeft, state, downloadSpeed }: Torrent): DownloadRow {
  return {
    service: 'qBittorrent',
    title: name,
    season: null,
    episodes: [],
    percent: Math.floor(percent),
    secondsLeft,
    state,
    reason: null,
    torrent: hash,
    downloadSpeed,
  };
}
