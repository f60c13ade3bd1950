import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { ServiceError, UserError } from '../errors.ts';
import type { QbittorrentClient, Which } from '../services/qbittorrent/client.ts';
import { isAmong, type Torrent, torrentFilters, torrentHash } from '../services/qbittorrent/torrents.ts';
import type { RunOptions, Verdict } from './tool.ts';
import { definePressTool, defineReadTool } from './tool.ts';

const mostListed = 25;
/** qBittorrent shows a change only with its next refresh: 0.7 to 1.2 s later, measured with 4.5.2. */
const shownAfterMs = 3000;
const lookEveryMs = 300;

const which = z.object({
  torrents: z
    .union([z.literal('all'), z.array(torrentHash).min(1).max(50)])
    .describe('"all", or hashes from list_torrents'),
});

/** What is shown of a torrent in a list. */
export function torrentSummary({ hash, name, state, percent, downloadSpeed, secondsLeft }: Torrent) {
  return { hash, name, state, percent: Math.floor(percent), downloadSpeed, secondsLeft };
}

export const listTorrents = defineReadTool({
  name: 'list_torrents',
  description: 'Torrents in qBittorrent, newest first, with the speeds of all together in bytes a second.',
  services: ['qbittorrent'],
  input: z.object({ filter: z.enum(torrentFilters).optional(), query: z.string().trim().max(200).optional() }),
  activity: 'Looking at the torrents',
  async run(stack, { filter, query }, options) {
    const qbittorrent = stack.get('qbittorrent');
    const [torrents, transfer] = await Promise.all([qbittorrent.torrents(options), qbittorrent.transfer(options)]);
    const words = (query ?? '').toLowerCase().split(/\s+/);
    const matching = torrents.filter(
      (torrent) =>
        (filter === undefined || isAmong(torrent, filter)) &&
        words.every((word) => torrent.name.toLowerCase().includes(word)),
    );
    return { torrents: matching.slice(0, mostListed).map(torrentSummary), total: matching.length, ...transfer };
  },
});

const isPaused = ({ state }: Torrent) => state === 'paused';
const isResumed = ({ state }: Torrent) => state !== 'paused';

export const pauseTorrents = definePressTool({
  name: 'pause_torrents',
  description: 'Pause torrents.',
  effect: 'write',
  services: ['qbittorrent'],
  input: which,
  activity: 'Pausing in qBittorrent',
  async run(stack, { torrents }, options) {
    const qbittorrent = stack.get('qbittorrent');
    const meant = await meantBy(qbittorrent, torrents, options);
    await qbittorrent.pause(torrents, options);
    await untilShown(qbittorrent, meant, isPaused, options);
    return { result: 'paused' as const, ...summary(meant) };
  },
  verify: (stack, { torrents }, options) => verdictOn(stack.get('qbittorrent'), torrents, isPaused, options),
});

export const resumeTorrents = definePressTool({
  name: 'resume_torrents',
  description: 'Resume paused torrents.',
  effect: 'write',
  services: ['qbittorrent'],
  input: which,
  activity: 'Resuming in qBittorrent',
  async run(stack, { torrents }, options) {
    const qbittorrent = stack.get('qbittorrent');
    const meant = await meantBy(qbittorrent, torrents, options);
    await qbittorrent.resume(torrents, options);
    await untilShown(qbittorrent, meant, isResumed, options);
    return { result: 'resumed' as const, ...summary(meant) };
  },
  verify: (stack, { torrents }, options) => verdictOn(stack.get('qbittorrent'), torrents, isResumed, options),
});

/** The torrents that are meant. Throws UserError when none is there: qBittorrent answers 200 to hashes that it does not know. */
async function meantBy(qbittorrent: QbittorrentClient, which: Which, options: RunOptions): Promise<Torrent[]> {
  const torrents = await qbittorrent.torrents(options);
  const meant = which === 'all' ? torrents : torrents.filter(({ hash }) => which.includes(hash));
  if (meant.length > 0) return meant;
  throw new UserError(
    which === 'all'
      ? 'There is no torrent in qBittorrent, so nothing was changed.'
      : 'That is not in qBittorrent any more, so nothing was changed. Look again at what is there.',
  );
}

/** Waits until the server shows what it took, so that who looks next does not see the former state. */
async function untilShown(
  qbittorrent: QbittorrentClient,
  meant: readonly Torrent[],
  isDone: (torrent: Torrent) => boolean,
  { signal }: RunOptions,
): Promise<void> {
  const hashes = new Set(meant.map(({ hash }) => hash));
  const within = { signal: AbortSignal.any([signal, AbortSignal.timeout(shownAfterMs)]) };
  try {
    for (;;) {
      const torrents = await qbittorrent.torrents(within);
      if (torrents.every((torrent) => !hashes.has(torrent.hash) || isDone(torrent))) return;
      await delay(lookEveryMs, undefined, within);
    }
  } catch (error) {
    // The server took the change, and that is what is told; one that is being checked, or that it pauses again, shows no other state.
    if (!within.signal.aborted && !(error instanceof ServiceError)) throw error;
  }
}

function summary(meant: readonly Torrent[]) {
  const [first] = meant;
  return { title: meant.length === 1 && first !== undefined ? first.name : null, torrents: meant.length };
}

/**
 * All as wanted: it happened. None of them: it did not. Else someone else may have had a hand in it. As the list is late, what did
 * not happen is asked again before it is believed.
 */
async function verdictOn(
  qbittorrent: QbittorrentClient,
  which: Which,
  isDone: (torrent: Torrent) => boolean,
  options: RunOptions,
): Promise<Verdict> {
  const until = performance.now() + shownAfterMs;
  for (;;) {
    const torrents = await qbittorrent.torrents(options);
    const meant = which === 'all' ? torrents : torrents.filter(({ hash }) => which.includes(hash));
    if (meant.length === 0) return 'unknown';
    if (meant.every(isDone)) return 'happened';
    const verdict = meant.some(isDone) ? 'unknown' : 'did_not_happen';
    if (performance.now() >= until) return verdict;
    await delay(lookEveryMs);
    if (options.signal.aborted) return verdict;
  }
}
