import { z } from 'zod';
import type { QbittorrentClient, Which } from '../services/qbittorrent/client.ts';
import { type Torrent, torrentHash, torrentStates } from '../services/qbittorrent/torrents.ts';
import type { RunOptions, Verdict } from './tool.ts';
import { definePressTool, defineReadTool } from './tool.ts';

const mostListed = 25;

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
  input: z.object({ state: z.enum(torrentStates).optional(), query: z.string().trim().max(200).optional() }),
  activity: 'Looking at the torrents',
  async run(stack, { state, query }, options) {
    const qbittorrent = stack.get('qbittorrent');
    const torrents = await qbittorrent.torrents(options);
    const transfer = await qbittorrent.transfer(options);
    const words = (query ?? '').toLowerCase().split(/\s+/);
    const matching = torrents.filter(
      (torrent) =>
        (state === undefined || torrent.state === state) &&
        words.every((word) => torrent.name.toLowerCase().includes(word)),
    );
    return { torrents: matching.slice(0, mostListed).map(torrentSummary), total: matching.length, ...transfer };
  },
});

export const pauseTorrents = definePressTool({
  name: 'pause_torrents',
  description: 'Pause torrents.',
  effect: 'write',
  services: ['qbittorrent'],
  input: which,
  activity: 'Pausing in qBittorrent',
  async run(stack, { torrents }, options) {
    await stack.get('qbittorrent').pause(torrents, options);
    return { result: 'paused' as const, torrents: torrents === 'all' ? 'all' : torrents.length };
  },
  verify: (stack, { torrents }, options) =>
    verdictOn(stack.get('qbittorrent'), torrents, ({ state }) => state === 'paused', options),
});

export const resumeTorrents = definePressTool({
  name: 'resume_torrents',
  description: 'Resume paused torrents.',
  effect: 'write',
  services: ['qbittorrent'],
  input: which,
  activity: 'Resuming in qBittorrent',
  async run(stack, { torrents }, options) {
    await stack.get('qbittorrent').resume(torrents, options);
    return { result: 'resumed' as const, torrents: torrents === 'all' ? 'all' : torrents.length };
  },
  verify: (stack, { torrents }, options) =>
    verdictOn(stack.get('qbittorrent'), torrents, ({ state }) => state !== 'paused', options),
});

/** All as wanted: it happened. None of them: it did not. Else someone else may have had a hand in it. */
async function verdictOn(
  qbittorrent: QbittorrentClient,
  which: Which,
  isDone: (torrent: Torrent) => boolean,
  options: RunOptions,
): Promise<Verdict> {
  const torrents = await qbittorrent.torrents(options);
  const meant = which === 'all' ? torrents : torrents.filter(({ hash }) => which.includes(hash));
  if (meant.length === 0) return 'unknown';
  if (meant.every(isDone)) return 'happened';
  return meant.some(isDone) ? 'unknown' : 'did_not_happen';
}
