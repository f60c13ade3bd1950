import { randomBytes } from 'node:crypto';
import type { Download } from './arr.ts';
import { type Answer, type Call, html, type PlaygroundServer, serve } from './http-server.ts';
import {
  addTorrent,
  changeTorrents,
  firstTorrents,
  limitTorrents,
  moveTorrents,
  type PlaygroundTorrent,
  removeTorrents,
  torrentsInfo,
  transferInfo,
} from './qbittorrent-torrents.ts';

export type PlaygroundQbittorrent = PlaygroundServer & {
  username: string;
  password: string;
  state: {
    torrents: PlaygroundTorrent[];
    /** Of all torrents together, in bytes a second; 0 for none. */
    limits: { download: number; upload: number };
    sessions: Set<string>;
    failures: number;
    /** The port that "Host header validation" wants in every request; null where it is switched off. */
    validatedPort: number | null;
    /** How long a pause or resume takes until the list shows it: about a second with the real one. */
    shownAfterMs: number;
  };
  /** Moves the clock: torrents go on by `percent`. */
  tick(percent: number): void;
};

const versions = {
  4: { app: 'v4.5.2', api: '2.8.19' },
  5: { app: 'v5.1.0', api: '2.11.4' },
  5.3: { app: 'v5.3.0', api: '2.16.0' },
};
type Release = keyof typeof versions;
const json = { 'content-type': 'application/json' };
const plain = { 'content-type': 'text/plain; charset=UTF-8' };

type Options = {
  version?: Release;
  urlBase?: string;
  port?: number;
  /** What Radarr and Sonarr download through it: each is a torrent here too. */
  downloads?: () => Download[];
};

/**
 * A qBittorrent of major 4 or 5: a wrong password is HTTP 200 with `Fails.`, 401 since 5.3; a missing cookie is 403. As the real one
 * does, it answers 401 at every path to a request whose Host names another port than its own.
 */
export async function startQbittorrent(options: Options = {}): Promise<PlaygroundQbittorrent> {
  const username = 'admin';
  const password = randomBytes(12).toString('base64url');
  const program: Program = {
    username,
    password,
    release: options.version ?? 5,
    version: options.version === 4 ? 4 : 5,
    downloads: options.downloads ?? (() => []),
    state: {
      torrents: firstTorrents(),
      limits: { download: 0, upload: 0 },
      sessions: new Set<string>(),
      failures: 0,
      validatedPort: null,
      shownAfterMs: 0,
    },
  };
  const server = await serve((call) => answer(call, program), { ...options, server: 'qbittorrent' });
  program.state.validatedPort = Number(new URL(server.url).port);
  return { ...server, username, password, state: program.state, tick: (percent) => moveTorrents(program, percent) };
}

type Program = {
  state: PlaygroundQbittorrent['state'];
  username: string;
  password: string;
  /** The major, by which most things differ. */
  version: 4 | 5;
  release: Release;
  downloads: () => Download[];
};

/** What was not said otherwise is text, as the real one says it (qbittorrent-nox 4.5.2, tests/services/qbittorrent/real.test.ts). */
function answer(call: Call, program: Program): Answer {
  const given = answerPath(call, program);
  return { ...given, headers: { ...plain, ...given.headers } };
}

const badRequest: Answer = { status: 400, body: 'Bad Request' };
const unauthorized: Answer = { status: 401, body: 'Unauthorized' };
const forbidden: Answer = { status: 403, body: 'Forbidden' };
const missing: Answer = { status: 404, body: 'Not Found' };

function answerPath(call: Call, program: Program): Answer {
  const origin = call.headers.origin;
  const isForeign = origin !== undefined && new URL(origin).host !== call.headers.host;
  if (isForeign || !namesOwnPort(call, program)) return unauthorized;
  if (call.path === '/') return { status: 200, body: '<!doctype html><title>qBittorrent</title>', headers: html };
  if (!call.path.startsWith('/api/v2/')) return missing;
  const action = call.path.slice('/api/v2/'.length);
  const session = /(?:^|; )SID=([^;]+)/.exec(call.headers.cookie ?? '')?.[1];
  const isLoggedIn = session !== undefined && program.state.sessions.has(session);
  if (action !== 'auth/login' && !isLoggedIn) return forbidden;
  const reading = readings.get(action);
  if (reading !== undefined) return reading(program, call);
  const change = changesOf(program.version).get(action);
  if (change === undefined) return missing;
  if (call.method !== 'POST') return { status: 405, body: 'Method Not Allowed' };
  return change(program, new URLSearchParams(String(call.body)));
}

function namesOwnPort({ headers }: Call, { state }: Program): boolean {
  const port = /:(\d+)$/.exec(headers.host ?? '')?.[1];
  return state.validatedPort === null || port === undefined || Number(port) === state.validatedPort;
}

const readings = new Map<string, (program: Program, call: Call) => Answer>([
  ['app/version', ({ release }) => ({ status: 200, body: versions[release].app })],
  ['app/webapiVersion', ({ release }) => ({ status: 200, body: versions[release].api })],
  ['torrents/info', (program, { query }) => ({ status: 200, body: torrentsInfo(program, query), headers: json })],
  ['transfer/info', (program) => ({ status: 200, body: transferInfo(program), headers: json })],
]);

type Change = (program: Program, form: URLSearchParams) => Answer;

/** Version 5 has other names for pause and resume, and no longer the former ones. */
function changesOf(version: 4 | 5): Map<string, Change> {
  return new Map<string, Change>([
    ['auth/login', logIn],
    [version === 5 ? 'torrents/stop' : 'torrents/pause', (program, form) => change(program, form, true)],
    [version === 5 ? 'torrents/start' : 'torrents/resume', (program, form) => change(program, form, false)],
    ['torrents/add', add],
    ['torrents/delete', remove],
    ['torrents/setDownloadLimit', (program, form) => limitEach(program, form, 'dlLimit')],
    ['torrents/setUploadLimit', (program, form) => limitEach(program, form, 'upLimit')],
    ['transfer/setDownloadLimit', (program, form) => limitAll(program, form, 'download')],
    ['transfer/setUploadLimit', (program, form) => limitAll(program, form, 'upload')],
  ]);
}

function add(program: Program, form: URLSearchParams): Answer {
  const isPaused = form.get(program.version === 5 ? 'stopped' : 'paused') === 'true';
  const urls = form.get('urls') ?? '';
  const isAdded = addTorrent(program, urls, isPaused);
  if (program.release !== 5.3) return { status: 200, body: isAdded ? 'Ok.' : 'Fails.' };
  if (!isAdded) return { status: 409, body: 'Conflict' };
  const added = { added_torrent_ids: program.state.torrents.slice(0, 1).map(({ hash }) => hash) };
  return { status: 200, body: { ...added, success_count: 1, pending_count: 0, failure_count: 0 }, headers: json };
}

function remove(program: Program, form: URLSearchParams): Answer {
  const hashes = form.get('hashes');
  if (hashes === null || !form.has('deleteFiles')) return badRequest;
  removeTorrents(program, hashes);
  return { status: 200, body: '' };
}

function limitEach(program: Program, form: URLSearchParams, of: 'dlLimit' | 'upLimit'): Answer {
  const hashes = form.get('hashes');
  const limit = limitIn(form);
  if (hashes === null || limit === null) return badRequest;
  limitTorrents(program, hashes, { [of]: limit });
  return { status: 200, body: '' };
}

/** The limit of all together is kept in whole KiB, of which there is at least one. */
function limitAll({ state }: Program, form: URLSearchParams, of: 'download' | 'upload'): Answer {
  const limit = limitIn(form);
  if (limit === null) return badRequest;
  state.limits[of] = limit === 0 ? 0 : Math.max(1, Math.floor(limit / 1024)) * 1024;
  return { status: 200, body: '' };
}

/** Null where it is missing; what is no number is no limit. */
function limitIn(form: URLSearchParams): number | null {
  const limit = form.get('limit');
  if (limit === null) return null;
  return /^\d+$/.test(limit) ? Number(limit) : 0;
}

function logIn({ state, username, password, release }: Program, form: URLSearchParams): Answer {
  if (state.failures >= 5)
    return { status: 403, body: 'Your IP address has been banned after too many failed authentication attempts.' };
  if (form.get('username') !== username || form.get('password') !== password) {
    state.failures++;
    return release === 5.3 ? unauthorized : { status: 200, body: 'Fails.' };
  }
  state.failures = 0;
  const session = randomBytes(16).toString('base64url');
  state.sessions.add(session);
  return { status: 200, body: 'Ok.', headers: { 'set-cookie': `SID=${session}; HttpOnly; path=/; SameSite=Strict` } };
}

/** It is taken at once, and seen in the list a little later. */
function change(program: Program, form: URLSearchParams, isPause: boolean): Answer {
  const hashes = form.get('hashes');
  if (hashes === null) return badRequest;
  const { shownAfterMs } = program.state;
  if (shownAfterMs === 0) changeTorrents(program, hashes, isPause);
  else setTimeout(() => changeTorrents(program, hashes, isPause), shownAfterMs).unref();
  return { status: 200, body: '' };
}
