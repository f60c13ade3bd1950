import { randomBytes } from 'node:crypto';
import type { Download } from './arr.ts';
import { type Answer, type Call, html, type PlaygroundServer, serve } from './http-server.ts';

export type PlaygroundTorrent = {
  hash: string;
  name: string;
  /** In version 5's words; 4 says "paused" for "stopped". */
  state: string;
  progress: number;
  size: number;
  dlspeed: number;
  upspeed: number;
};

export type PlaygroundQbittorrent = PlaygroundServer & {
  username: string;
  password: string;
  state: { torrents: PlaygroundTorrent[]; sessions: Set<string>; failures: number };
  /** Moves the clock: torrents go on by `percent`. */
  tick(percent: number): void;
};

const versions = { 4: { app: 'v4.5.2', api: '2.8.19' }, 5: { app: 'v5.1.0', api: '2.11.4' } };
const gigabyte = 1_000_000_000;
const speed = 10_000_000;
const infiniteEta = 8_640_000;

type Options = {
  version?: 4 | 5;
  urlBase?: string;
  port?: number;
  /** What Radarr and Sonarr download through it: each is a torrent here too. */
  downloads?: () => Download[];
};

/** A qBittorrent of major 4 or 5: a wrong password is HTTP 200 with `Fails.`, a missing cookie 403. */
export async function startQbittorrent(options: Options = {}): Promise<PlaygroundQbittorrent> {
  const username = 'admin';
  const password = randomBytes(12).toString('base64url');
  const program: Program = {
    username,
    password,
    version: options.version ?? 5,
    downloads: options.downloads ?? (() => []),
    state: { torrents: firstTorrents(), sessions: new Set<string>(), failures: 0 },
  };
  const server = await serve((call) => answer(call, program), { ...options, server: 'qbittorrent' });
  return { ...server, username, password, state: program.state, tick: (percent) => tick(program, percent) };
}

function firstTorrents(): PlaygroundTorrent[] {
  const torrent = (letter: string, name: string, state: string, progress: number) => {
    const dlspeed = state === 'downloading' ? speed / 2 : 0;
    return { hash: letter.repeat(40), name, state, progress, size: 4 * gigabyte, dlspeed, upspeed: 0 };
  };
  return [
    torrent('b', 'debian-13.1.0-amd64-netinst.iso', 'downloading', 0.62),
    torrent('c', 'ubuntu-26.04-desktop-amd64.iso', 'stoppedDL', 0.1),
    { ...torrent('d', 'Big.Buck.Bunny.1080p', 'stalledUP', 1), upspeed: 120_000 },
  ];
}

type Program = {
  state: PlaygroundQbittorrent['state'];
  username: string;
  password: string;
  version: 4 | 5;
  downloads: () => Download[];
};

function answer(call: Call, program: Program): Answer {
  const { state, version } = program;
  if (!call.path.startsWith('/api/v2/'))
    return { status: 200, body: '<!doctype html><title>qBittorrent</title>', headers: html };
  const origin = call.headers.origin;
  if (origin !== undefined && new URL(origin).host !== call.headers.host) return { status: 401, body: 'Unauthorized' };
  if (call.path === '/api/v2/auth/login') return logIn(call, program);
  const session = /(?:^|; )SID=([^;]+)/.exec(call.headers.cookie ?? '')?.[1];
  if (session === undefined || !state.sessions.has(session)) return { status: 403, body: 'Forbidden' };
  const form = new URLSearchParams(String(call.body));
  const [pause, resume] = version === 5 ? ['stop', 'start'] : ['pause', 'resume'];
  switch (call.path.slice('/api/v2/'.length)) {
    case 'app/version':
      return { status: 200, body: versions[version].app };
    case 'app/webapiVersion':
      return { status: 200, body: versions[version].api };
    case 'torrents/info':
      return { status: 200, body: list(program) };
    case 'transfer/info':
      return { status: 200, body: transfer(program) };
    case `torrents/${pause}`:
      return change(program, form, true);
    case `torrents/${resume}`:
      return change(program, form, false);
    case 'torrents/add':
      return add(program, form);
    case 'torrents/delete':
      return remove(program, form);
    default:
      return { status: 404, body: 'Not Found' };
  }
}

function logIn(call: Call, { state, username, password }: Program): Answer {
  if (state.failures >= 5)
    return { status: 403, body: 'Your IP address has been banned after too many failed authentication attempts.' };
  const form = new URLSearchParams(String(call.body));
  if (form.get('username') !== username || form.get('password') !== password) {
    state.failures++;
    return { status: 200, body: 'Fails.' };
  }
  state.failures = 0;
  const session = randomBytes(16).toString('base64url');
  state.sessions.add(session);
  return { status: 200, body: 'Ok.', headers: { 'set-cookie': `SID=${session}; HttpOnly; SameSite=Strict; path=/` } };
}

/** Its own torrents and those of Radarr and Sonarr, as the API lists them. */
function list({ state, version, downloads }: Program): object[] {
  const linked = downloads().map((download): PlaygroundTorrent => {
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
    };
  });
  return [...linked, ...state.torrents].map((torrent) => {
    const left = (1 - torrent.progress) * torrent.size;
    const shown = version === 5 ? torrent.state : torrent.state.replace('stopped', 'paused');
    const eta = torrent.dlspeed > 0 ? Math.round(left / torrent.dlspeed) : infiniteEta;
    return { ...torrent, state: shown, eta, amount_left: left, category: '', tags: '', ratio: 0, num_seeds: 4 };
  });
}

function transfer(program: Program): object {
  const speeds = [...program.downloads().filter(({ left, paused }) => left > 0 && !paused)].length * speed;
  const own = program.state.torrents.reduce((sum, torrent) => sum + torrent.dlspeed, 0);
  return {
    connection_status: 'connected',
    dht_nodes: 0,
    dl_info_data: 0,
    dl_info_speed: speeds + own,
    dl_rate_limit: 0,
    up_info_data: 0,
    up_info_speed: program.state.torrents.reduce((sum, torrent) => sum + torrent.upspeed, 0),
    up_rate_limit: 0,
  };
}

function meant(form: URLSearchParams): (hash: string) => boolean {
  const hashes = (form.get('hashes') ?? '').toLowerCase();
  return (hash) => hashes === 'all' || hashes.split('|').includes(hash.toLowerCase());
}

/** Hashes that are not there change nothing and are HTTP 200 all the same. */
function change(program: Program, form: URLSearchParams, isPause: boolean): Answer {
  if (!form.has('hashes')) return { status: 400, body: 'Missing required parameters: hashes' };
  const isMeant = meant(form);
  for (const torrent of program.state.torrents.filter(({ hash }) => isMeant(hash))) {
    const isWhole = torrent.progress >= 1;
    torrent.state = isPause ? `stopped${isWhole ? 'UP' : 'DL'}` : isWhole ? 'stalledUP' : 'downloading';
    torrent.dlspeed = torrent.state === 'downloading' ? speed / 2 : 0;
  }
  for (const download of program.downloads().filter(({ downloadId }) => isMeant(downloadId))) download.paused = isPause;
  return { status: 200, body: '' };
}

function add({ state, version }: Program, form: URLSearchParams): Answer {
  const urls = form.get('urls') ?? '';
  const hash = /^magnet:\?.*xt=urn:btih:([0-9a-f]{40})/i.exec(urls)?.[1]?.toLowerCase();
  if (hash === undefined || state.torrents.some((torrent) => torrent.hash === hash))
    return { status: 200, body: 'Fails.' };
  const isPaused = form.get(version === 5 ? 'stopped' : 'paused') === 'true';
  const name = /[?&]dn=([^&]+)/.exec(urls)?.[1];
  state.torrents.unshift({
    hash,
    name: name === undefined ? hash : decodeURIComponent(name),
    state: isPaused ? 'stoppedDL' : 'metaDL',
    progress: 0,
    size: 0,
    dlspeed: 0,
    upspeed: 0,
  });
  return { status: 200, body: 'Ok.' };
}

function remove({ state }: Program, form: URLSearchParams): Answer {
  for (const name of ['hashes', 'deleteFiles'])
    if (!form.has(name)) return { status: 400, body: `Missing required parameters: ${name}` };
  const isMeant = meant(form);
  state.torrents = state.torrents.filter(({ hash }) => !isMeant(hash));
  return { status: 200, body: '' };
}

function tick({ state }: Program, percent: number): void {
  for (const torrent of state.torrents.filter((one) => one.state === 'downloading')) {
    torrent.progress = Math.min(1, torrent.progress + percent / 100);
    if (torrent.progress >= 1) Object.assign(torrent, { state: 'stalledUP', dlspeed: 0 });
  }
}
