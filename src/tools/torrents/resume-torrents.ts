import { z } from 'zod';
import { messages } from '../../messages.ts';
import type { Torrent } from '../../services/qbittorrent/torrents.ts';
import { told } from '../sentences.ts';
import { definePressTool } from '../tool.ts';
import { changeTorrents, ofTorrents, previewTorrents, torrentsSummaryShape, verdictOn } from './change-torrents.ts';
import { listTorrents } from './list-torrents.ts';

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
  sentences: {
    phrases: [
      {
        says: [
          'resume|continue|unpause everything',
          'resume|continue|unpause all [the] [torrents|downloads]',
          'resume|continue|unpause the torrents|downloads',
        ],
        means: { torrents: 'all' },
      },
      { says: ['resume|continue|unpause [the] {torrent} [torrent|torrents|download]'] },
    ],
    example: { torrent: 'ubuntu' },
    input: { torrents: told(listTorrents, 'torrents') },
  },
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
