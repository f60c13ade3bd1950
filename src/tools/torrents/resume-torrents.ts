import { z } from 'zod';
import { messages } from '../../messages.ts';
import type { Torrent } from '../../services/qbittorrent/torrents.ts';
import { definePressTool } from '../tool.ts';
import { changeTorrents, ofTorrents, previewTorrents, torrentsSummaryShape, verdictOn } from './change-torrents.ts';

const isResumed = ({ state }: Torrent) => state !== 'paused';

const words = messages('resume_torrents', {
  activity: 'Resuming in qBittorrent',
  button: 'Resume',
  busy: 'Resuming…',
  change: 'Resumes downloading and sharing.',
  resumed: '▶️ Resumed in qBittorrent.',
});

export const resumeTorrents = definePressTool({
  name: 'resume_torrents',
  description: 'Resume paused torrents.',
  model: { tool: 'change_torrents', action: 'resume' },
  effect: 'write',
  services: ['qbittorrent'],
  ...ofTorrents,
  output: z.object({ result: z.literal('resumed'), ...torrentsSummaryShape }),
  words,
  preview: (input, details, say) => previewTorrents(input, details, { lines: [say(words.change)], say }),
  async run(stack, { torrents }, options) {
    const qbittorrent = stack.get('qbittorrent');
    const change = () => qbittorrent.resume(torrents, options);
    const changed = await changeTorrents(qbittorrent, { which: torrents, change, isDone: isResumed }, options);
    return { result: 'resumed' as const, ...changed };
  },
  verify: (stack, { torrents }, options) => verdictOn(stack.get('qbittorrent'), torrents, isResumed, options),
  done: { resumed: (_output, { say }) => say(words.resumed) },
});
