import { z } from 'zod';
import type { Torrent } from '../../services/qbittorrent/torrents.ts';
import { definePressTool } from '../tool.ts';
import { changeTorrents, ofTorrents, previewTorrents, torrentsSummaryShape, verdictOn } from './change-torrents.ts';

const isResumed = ({ state }: Torrent) => state !== 'paused';

export const resumeTorrents = definePressTool({
  name: 'resume_torrents',
  description: 'Resume paused torrents.',
  model: { tool: 'change_torrents', action: 'resume' },
  effect: 'write',
  services: ['qbittorrent'],
  ...ofTorrents,
  output: z.object({ result: z.literal('resumed'), ...torrentsSummaryShape }),
  activity: 'Resuming in qBittorrent',
  preview: (input, details) => previewTorrents(input, details, 'Resumes downloading and sharing.'),
  button: 'Resume',
  busy: 'Resuming…',
  async run(stack, { torrents }, options) {
    const qbittorrent = stack.get('qbittorrent');
    const change = () => qbittorrent.resume(torrents, options);
    const changed = await changeTorrents(qbittorrent, { which: torrents, change, isDone: isResumed }, options);
    return { result: 'resumed' as const, ...changed };
  },
  verify: (stack, { torrents }, options) => verdictOn(stack.get('qbittorrent'), torrents, isResumed, options),
  done: { resumed: () => '▶️ Resumed in qBittorrent.' },
});
