import { z } from 'zod';
import { messages } from '../../messages.ts';
import type { Torrent } from '../../services/qbittorrent/torrents.ts';
import { told } from '../sentences.ts';
import { definePressTool } from '../tool.ts';
import { changeTorrents, ofTorrents, previewTorrents, torrentsSummaryShape, verdictOn } from './change-torrents.ts';
import { listTorrents } from './list-torrents.ts';

const isPaused = ({ state }: Torrent) => state === 'paused';

const words = messages('pause_torrents', {
  activity: 'Pausing in qBittorrent',
  button: 'Pause',
  busy: 'Pausing…',
  change: 'Stops downloading and sharing until you resume.',
  paused: '⏸️ Paused in qBittorrent.',
});

export const pauseTorrents = definePressTool({
  name: 'pause_torrents',
  description: 'Pause torrents.',
  model: { tool: 'change_torrents', action: 'pause' },
  effect: 'write',
  services: ['qbittorrent'],
  ...ofTorrents,
  output: z.object({ result: z.literal('paused'), ...torrentsSummaryShape }),
  words,
  sentences: {
    phrases: [
      {
        says: [
          'pause|stop everything',
          'pause|stop all [the] [torrents|downloads]',
          'pause|stop the torrents|downloads',
        ],
        means: { torrents: 'all' },
      },
      { says: ['pause|stop [the] {torrent} [torrent|torrents|download]'] },
    ],
    input: { torrents: told(listTorrents, 'torrents') },
  },
  preview: (input, details, say) => previewTorrents(input, details, { lines: [say(words.change)], say }),
  async run(stack, { torrents }, options) {
    const qbittorrent = stack.get('qbittorrent');
    const change = () => qbittorrent.pause(torrents, options);
    const changed = await changeTorrents(qbittorrent, { which: torrents, change, isDone: isPaused }, options);
    return { result: 'paused' as const, ...changed };
  },
  verify: (stack, { torrents }, options) => verdictOn(stack.get('qbittorrent'), torrents, isPaused, options),
  done: { paused: (_output, { say }) => say(words.paused) },
});
