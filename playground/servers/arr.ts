import { createHash } from 'node:crypto';
import { isObject } from '../json.ts';
import type { Answer, Call } from './http-server.ts';

/** One download in the queue of the playground's Radarr or Sonarr. */
export type Download = {
  id: number;
  titleId: number;
  title: string;
  size: number;
  left: number;
  seasonNumber?: number;
  episodeNumber?: number;
  /** The server's words when it is stuck. */
  stuck?: string;
  /** Its torrent's hash, in capitals as Radarr and Sonarr write it. */
  downloadId: string;
  paused?: boolean;
  /** Taken out of the queue, while its torrent is kept. */
  isIgnored?: boolean;
};

/** One import of the playground's Radarr or Sonarr, as its history keeps it. */
export type Import = { titleId: number; date: string; seasonNumber?: number; episodeNumber?: number };

export type ArrState = {
  qualityProfiles: { id: number; name: string }[];
  rootFolders: { id: number; path: string; freeSpace: number }[];
  downloads: Download[];
  /** Oldest first. */
  imports: Import[];
  commands: { name: string; [key: string]: unknown }[];
  /** The titles of releases. */
  blocklist: string[];
  autoRedownloadFailed: boolean;
  /** Titles that import lists may not add, by their ids at the source. */
  exclusions: string[];
  /** Titles whose files were deleted with them. */
  deleted: string[];
};

/** The day so many days from now, as "2026-11-27". */
export function dayFromNow(days: number): string {
  return new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
}

/** DELETE of a title: its files stay unless they are asked to go. */
export function removeTitle<Row>(
  { query }: Call,
  state: ArrState & { library: Row[] },
  row: Row,
  name: string,
  exclusion: string,
): Answer {
  state.library = state.library.filter((one) => one !== row);
  if (query.get('deleteFiles') === 'true') state.deleted.push(name);
  if (query.get(exclusion) === 'true') state.exclusions.push(name);
  return { status: 200 };
}

/** Whether a calendar is asked for what comes out at that moment. */
export function isAsked({ query }: Call, isMonitored: boolean, at: string): boolean {
  const moment = Date.parse(at);
  const isWithin = moment >= Date.parse(query.get('start') ?? '') && moment <= Date.parse(query.get('end') ?? '');
  return isWithin && (isMonitored || query.get('unmonitored') === 'true');
}

export function firstArrState(folder: string): ArrState {
  return {
    qualityProfiles: [
      { id: 1, name: 'HD-1080p' },
      { id: 2, name: 'Ultra-HD' },
    ],
    rootFolders: [{ id: 1, path: folder, freeSpace: 1_200_000_000_000 }],
    downloads: [],
    imports: [],
    commands: [],
    blocklist: [],
    autoRedownloadFailed: true,
    exclusions: [],
    deleted: [],
  };
}

export const unauthorized: Answer = { status: 401, body: { error: 'Unauthorized' } };
export const notFound: Answer = { status: 404, body: { message: 'NotFound' } };

/** The refusal of Radarr and Sonarr: HTTP 400 with a list. */
export function refused(
  propertyName: string,
  errorMessage: string,
  errorCode: string,
  attemptedValue?: unknown,
): Answer {
  return { status: 400, body: [{ propertyName, errorMessage, attemptedValue, severity: 'error', errorCode }] };
}

/** What both servers answer alike; null when the call is the server's own. */
export function answerShared(
  call: Call,
  state: ArrState,
  app: { name: string; version: string; idName: 'movieId' | 'seriesId' },
): Answer | null {
  switch (`${call.method} ${call.path}`) {
    case 'GET /api/v3/system/status':
      return {
        status: 200,
        body: { appName: app.name, instanceName: app.name, version: app.version, isProduction: true },
      };
    case 'GET /api/v3/qualityprofile':
      return { status: 200, body: state.qualityProfiles };
    case 'GET /api/v3/rootfolder':
      return { status: 200, body: state.rootFolders.map((folder) => ({ ...folder, accessible: true })) };
    case 'GET /api/v3/queue':
      return { status: 200, body: queuePage(call, state, app.idName) };
    case 'POST /api/v3/command':
      return runCommand(call, state);
    case 'GET /api/v3/config/downloadclient': {
      const { autoRedownloadFailed } = state;
      const settings = { downloadClientWorkingFolders: '_UNPACK_|_FAILED_', enableCompletedDownloadHandling: true };
      const failed = { autoRedownloadFailed, autoRedownloadFailedFromInteractiveSearch: autoRedownloadFailed };
      return { status: 200, body: { id: 1, ...settings, ...failed } };
    }
    default: {
      const id = /^DELETE \/api\/v3\/queue\/(\d+)$/.exec(`${call.method} ${call.path}`)?.[1];
      return id === undefined ? null : removeFromQueue(call, state, Number(id), app.idName);
    }
  }
}

/** DELETE /queue/{id}: the whole download goes, with each of its items; only the blocklist is followed by a search. */
function removeFromQueue(call: Call, state: ArrState, id: number, idName: 'movieId' | 'seriesId'): Answer {
  const named = queued(state).find((download) => download.id === id);
  if (named === undefined) return notFound;
  const isAsked = (name: string, byDefault: boolean) => (call.query.get(name) ?? String(byDefault)) === 'true';
  const meant = queued(state).filter(({ downloadId }) => downloadId === named.downloadId);
  if (isAsked('removeFromClient', true))
    state.downloads = state.downloads.filter((download) => !meant.includes(download));
  else for (const download of meant) download.isIgnored = true;
  if (isAsked('blocklist', false)) {
    state.blocklist.push(named.title);
    if (state.autoRedownloadFailed && !isAsked('skipRedownload', false))
      state.commands.push(
        idName === 'movieId'
          ? { name: 'MoviesSearch', movieIds: [named.titleId] }
          : { name: 'SeasonSearch', seriesId: named.titleId, seasonNumber: named.seasonNumber },
      );
  }
  return { status: 200, body: undefined };
}

/** What the queue shows. */
function queued({ downloads }: ArrState): Download[] {
  return downloads.filter(({ isIgnored }) => isIgnored !== true);
}

function queuePage(call: Call, state: ArrState, idName: string) {
  const page = Number(call.query.get('page') ?? 1);
  const pageSize = Number(call.query.get('pageSize') ?? 10);
  const withEpisode = call.query.get('includeEpisode') === 'true';
  const records = queued(state)
    .slice((page - 1) * pageSize, page * pageSize)
    .map((download) => ({
      id: download.id,
      [idName]: download.titleId,
      title: download.title,
      size: download.size,
      sizeleft: download.left,
      timeleft: timeLeft(download.left),
      status: statusOf(download),
      downloadId: download.downloadId,
      protocol: 'torrent',
      trackedDownloadStatus: download.stuck === undefined ? 'ok' : 'warning',
      trackedDownloadState: download.left === 0 ? 'importPending' : 'downloading',
      statusMessages: download.stuck === undefined ? [] : [{ title: download.title, messages: [download.stuck] }],
      ...(download.seasonNumber === undefined ? {} : { seasonNumber: download.seasonNumber }),
      ...(withEpisode && download.episodeNumber !== undefined
        ? { episode: { seasonNumber: download.seasonNumber, episodeNumber: download.episodeNumber } }
        : {}),
    }));
  return {
    page,
    pageSize,
    sortKey: 'timeleft',
    sortDirection: 'ascending',
    totalRecords: queued(state).length,
    records,
  };
}

/** The downloads of one title as Seerr's mediaInfo shows them (server/lib/downloadtracker.ts). */
export function passedOn(state: ArrState, titleId: number | undefined): object[] {
  return queued(state)
    .filter((download) => download.titleId === titleId)
    .map((download) => ({
      externalId: download.titleId,
      size: download.size,
      sizeLeft: download.left,
      status: statusOf(download),
      timeLeft: timeLeft(download.left),
      title: download.title,
      downloadId: download.downloadId,
      ...(download.seasonNumber === undefined
        ? {}
        : { episode: { seasonNumber: download.seasonNumber, episodeNumber: download.episodeNumber } }),
    }));
}

/** GET /history for one kind of event: only imports are kept, so any other kind has none. */
export function historyPage(call: Call, state: ArrState, shown: (entry: Import) => object): Answer {
  const pageSize = Number(call.query.get('pageSize') ?? 10);
  const isAsked = call.query.get('eventType') === '3';
  const entries = isAsked ? state.imports.toReversed() : [];
  const records = entries.slice(0, pageSize).map((entry, index) => ({
    id: entries.length - index,
    sourceTitle: 'Release',
    date: entry.date,
    eventType: 'downloadFolderImported',
    data: {},
    ...shown(entry),
  }));
  const order = { page: 1, pageSize, sortKey: 'date', sortDirection: 'descending' };
  return { status: 200, body: { ...order, totalRecords: entries.length, records } };
}

function statusOf({ stuck, left, paused }: Download): string {
  if (stuck !== undefined) return 'warning';
  if (left === 0) return 'completed';
  return paused === true ? 'paused' : 'downloading';
}

/** Moves every download on by `percent` of its size; gives those that were whole before and are imported now. */
export function downloadOn(state: ArrState, percent: number): Download[] {
  const done = queued(state).filter(({ left, stuck }) => left === 0 && stuck === undefined);
  state.downloads = state.downloads.filter((download) => !done.includes(download));
  for (const download of state.downloads) {
    if (download.stuck === undefined && download.paused !== true)
      download.left = Math.max(0, download.left - (download.size * percent) / 100);
  }
  return done;
}

/** Puts a release into the queue, unless it is there; another one of the same when it is on the blocklist. */
export function beginDownload(state: ArrState, release: Omit<Download, 'id' | 'left' | 'downloadId'>): void {
  const found = state.blocklist.includes(release.title) ? { ...release, title: `${release.title}.REPACK` } : release;
  const downloadId = hashOf(found.title);
  if (state.downloads.some((there) => there.downloadId === downloadId)) return;
  const id = Math.max(0, ...state.downloads.map((download) => download.id)) + 1;
  state.downloads.push({ id, left: found.size, downloadId, ...found });
}

/** A hash for a download's name: the same name gives the same torrent. */
export function hashOf(title: string): string {
  return createHash('sha1').update(title).digest('hex').toUpperCase();
}

/** 10 MB a second, written as .NET writes a time span. */
function timeLeft(bytes: number): string {
  const seconds = Math.round(bytes / 10_000_000);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function runCommand(call: Call, state: ArrState): Answer {
  const body = call.body;
  if (!isObject(body) || typeof body.name !== 'string')
    return refused('Name', "'Name' must not be empty.", 'NotEmptyValidator');
  state.commands.push({ ...body, name: body.name });
  return {
    status: 201,
    body: { id: state.commands.length, name: body.name, commandName: body.name, status: 'queued', body },
  };
}

/** Title search as the real ones do it: every word somewhere in the title, exact titles first. */
export function matches<Item extends { title: string }>(items: readonly Item[], term: string): Item[] {
  const words = term
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  const score = (title: string) =>
    title.toLowerCase() === term.toLowerCase() ? 0 : title.toLowerCase().startsWith(words[0] ?? '') ? 1 : 2;
  return items
    .filter(({ title }) => words.length > 0 && words.every((word) => title.toLowerCase().includes(word)))
    .sort((a, b) => score(a.title) - score(b.title));
}
