import type { Download } from './arr.ts';

export type PlaygroundTorrent = {
  hash: string;
  name: string;
  /** In version 5's words; 4 says "paused" for "stopped". */
  state: string;
  progress: number;
  size: number;
  dlspeed: number;
  upspeed: number;
  /** Seconds since 1970. */
  addedOn: number;
  /** Bytes a second, 0 for none. */
  dlLimit: number;
  upLimit: number;
};

/** What the program holds. */
export type Torrents = {
  version: 4 | 5;
  state: { torrents: PlaygroundTorrent[]; limits: { download: number; upload: number } };
  /** What Radarr and Sonarr download through it: each is a torrent here too, a whole season is one. */
  downloads: () => Download[];
};

const gigabyte = 1_000_000_000;
const speed = 10_000_000;
const unlimited = { dlLimit: 0, upLimit: 0 };
const infiniteEta = 8_640_000;
const startedAt = Math.floor(Date.now() / 1000);

export function firstTorrents(): PlaygroundTorrent[] {
  const torrent = (letter: string, name: string, state: string, progress: number) => {
    const dlspeed = state === 'downloading' ? speed / 2 : 0;
    const addedOn = startedAt - 3600 * letter.charCodeAt(0);
    return {
      hash: letter.repeat(40),
      name,
      state,
      progress,
      size: 4 * gigabyte,
      dlspeed,
      upspeed: 0,
      addedOn,
      ...unlimited,
    };
  };
  return [
    torrent('b', 'debian-13.1.0-amd64-netinst.iso', 'downloading', 0.62),
    torrent('c', 'ubuntu-26.04-desktop-amd64.iso', 'stoppedDL', 0.1),
    { ...torrent('d', 'Big.Buck.Bunny.1080p', 'stalledUP', 1), upspeed: 120_000 },
  ];
}

/** The torrents as `torrents/info` lists them, with every key that 4.5.2 sends. */
export function torrentsInfo(torrents: Torrents, query: URLSearchParams): object[] {
  const hashes = query.get('hashes')?.toLowerCase().split('|');
  const listed = all(torrents)
    .filter(({ hash }) => hashes === undefined || hashes.includes(hash))
    .filter((torrent) => isAmong(torrent, query.get('filter') ?? 'all', torrents.version));
  // The other orders are not asked for.
  if (query.get('sort') === 'added_on') listed.sort((a, b) => a.addedOn - b.addedOn);
  if (query.get('reverse') === 'true') listed.reverse();
  return listed.map((torrent) => torrentInfo(torrent, torrents.version));
}

function all({ state, downloads }: Torrents): PlaygroundTorrent[] {
  const linked = new Map(downloads().map((download) => [download.downloadId, linkedTorrent(download)]));
  return [...linked.values(), ...state.torrents];
}

function linkedTorrent(download: Download): PlaygroundTorrent {
  const isWhole = download.left === 0;
  const busy = download.paused ? 'stoppedDL' : 'downloading';
  return {
    hash: download.downloadId.toLowerCase(),
    name: download.title,
    state: isWhole ? 'stalledUP' : busy,
    progress: 1 - download.left / download.size,
    size: download.size,
    dlspeed: isWhole || download.paused ? 0 : speed,
    upspeed: 0,
    addedOn: startedAt,
    ...unlimited,
  };
}

/** A filter that the version does not know is ignored: 5 lists everything for `paused`. */
function isAmong({ state, progress }: PlaygroundTorrent, filter: string, version: 4 | 5): boolean {
  switch (filter) {
    case 'downloading':
      return progress < 1;
    case 'seeding':
      return /^(uploading|(stalled|checking|queued|forced)UP)$/.test(state);
    case 'completed':
      return progress >= 1;
    case version === 5 ? 'stopped' : 'paused':
      return state.startsWith('stopped');
    case 'stalled':
      return state.startsWith('stalled');
    case 'errored':
      return state === 'error' || state === 'missingFiles';
    default:
      return true;
  }
}

function torrentInfo(torrent: PlaygroundTorrent, version: 4 | 5): object {
  const { hash, name, progress, size, dlspeed, upspeed, addedOn, dlLimit, upLimit } = torrent;
  const left = Math.round((1 - progress) * size);
  return {
    added_on: addedOn,
    amount_left: left,
    auto_tmm: false,
    availability: progress < 1 ? 1 : -1,
    category: '',
    completed: size - left,
    completion_on: 0,
    content_path: '',
    dl_limit: dlLimit,
    dlspeed,
    download_path: '',
    downloaded: size - left,
    downloaded_session: size - left,
    eta: dlspeed > 0 ? Math.round(left / dlspeed) : infiniteEta,
    f_l_piece_prio: false,
    force_start: false,
    hash,
    infohash_v1: hash,
    infohash_v2: '',
    last_activity: addedOn,
    magnet_uri: `magnet:?xt=urn:btih:${hash}&dn=${encodeURIComponent(name)}`,
    max_ratio: -1,
    max_seeding_time: -1,
    name,
    num_complete: 0,
    num_incomplete: 0,
    num_leechs: 0,
    num_seeds: 4,
    priority: 1,
    progress,
    ratio: 0,
    ratio_limit: -2,
    save_path: '/downloads',
    seeding_time: 0,
    seeding_time_limit: -2,
    seen_complete: 0,
    seq_dl: false,
    size,
    state: version === 5 ? torrent.state : torrent.state.replace('stopped', 'paused'),
    super_seeding: false,
    tags: '',
    time_active: 0,
    total_size: size,
    tracker: '',
    trackers_count: 0,
    up_limit: upLimit,
    uploaded: 0,
    uploaded_session: 0,
    upspeed,
  };
}

export function transferInfo(torrents: Torrents): object {
  const sum = (key: 'dlspeed' | 'upspeed') => all(torrents).reduce((total, torrent) => total + torrent[key], 0);
  return {
    connection_status: 'connected',
    dht_nodes: 0,
    dl_info_data: 0,
    dl_info_speed: sum('dlspeed'),
    dl_rate_limit: torrents.state.limits.download,
    up_info_data: 0,
    up_info_speed: sum('upspeed'),
    up_rate_limit: torrents.state.limits.upload,
  };
}

/** Which torrents a form means; hashes that are not there change nothing. */
function meant(hashes: string): (hash: string) => boolean {
  const given = hashes.toLowerCase();
  return (hash) => given === 'all' || given.split('|').includes(hash.toLowerCase());
}

export function changeTorrents({ state, downloads }: Torrents, hashes: string, isPause: boolean): void {
  const isMeant = meant(hashes);
  for (const torrent of state.torrents.filter(({ hash }) => isMeant(hash))) {
    const isWhole = torrent.progress >= 1;
    torrent.state = isPause ? `stopped${isWhole ? 'UP' : 'DL'}` : isWhole ? 'stalledUP' : 'downloading';
    torrent.dlspeed = torrent.state === 'downloading' ? speed / 2 : 0;
  }
  for (const download of downloads().filter(({ downloadId }) => isMeant(downloadId))) download.paused = isPause;
}

/** Limits each of these torrents, in bytes a second; 0 takes the limit away. */
export function limitTorrents({ state }: Torrents, hashes: string, limits: Partial<typeof unlimited>): void {
  const isMeant = meant(hashes);
  for (const torrent of state.torrents.filter(({ hash }) => isMeant(hash))) Object.assign(torrent, limits);
}

/** False for what is no magnet link, and for what is there. */
export function addTorrent(torrents: Torrents, urls: string, isPaused: boolean): boolean {
  const hash = /^magnet:\?.*xt=urn:btih:([0-9a-f]{40})/i.exec(urls)?.[1]?.toLowerCase();
  if (hash === undefined || all(torrents).some((torrent) => torrent.hash === hash)) return false;
  const name = /[?&]dn=([^&]+)/.exec(urls)?.[1];
  torrents.state.torrents.unshift({
    hash,
    name: name === undefined ? hash : decodeURIComponent(name),
    state: isPaused ? 'stoppedDL' : 'metaDL',
    progress: 0,
    size: 0,
    dlspeed: 0,
    upspeed: 0,
    addedOn: startedAt + 1,
    ...unlimited,
  });
  return true;
}

export function removeTorrents({ state }: Torrents, hashes: string): void {
  const isMeant = meant(hashes);
  state.torrents = state.torrents.filter(({ hash }) => !isMeant(hash));
}

/** Moves the clock of those that Radarr and Sonarr do not move. */
export function moveTorrents({ state }: Torrents, percent: number): void {
  for (const torrent of state.torrents.filter((one) => one.state === 'downloading')) {
    torrent.progress = Math.min(1, torrent.progress + percent / 100);
    if (torrent.progress >= 1) Object.assign(torrent, { state: 'stalledUP', dlspeed: 0 });
  }
}
