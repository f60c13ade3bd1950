import { z } from 'zod';
import { messages } from '../../messages.ts';
import { isAmong, type Torrent, torrentFilters, torrentStates } from '../../services/qbittorrent/torrents.ts';
import { listWords } from '../answer-words.ts';
import { slot } from '../sentences.ts';
import { defineReadTool } from '../tool.ts';

const mostListed = 25;

const words = messages('list_torrents', {
  activity: 'Looking at the torrents',
});

export const listTorrents = defineReadTool({
  name: 'list_torrents',
  description: 'Torrents in qBittorrent, newest first, with the speeds of all together in bytes a second.',
  services: ['qbittorrent'],
  input: z.object({ filter: z.enum(torrentFilters).optional(), query: z.string().trim().max(200).optional() }),
  output: z.object({
    torrents: z.array(
      z.object({
        hash: z.string(),
        name: z.string(),
        state: z.enum(torrentStates),
        percent: z.number(),
        downloadSpeed: z.number(),
        secondsLeft: z.number().nullable(),
      }),
    ),
    total: z.number(),
    downloadSpeed: z.number(),
    uploadSpeed: z.number(),
  }),
  words,
  sentences: {
    phrases: [{ says: ['list|show [me] [my|the|all] torrents', 'which torrents are there'] }],
    input: { query: slot('torrent') },
    answer: ({ torrents }) =>
      listWords(torrents, {
        heading: 'In qBittorrent:',
        nothing: 'There is no torrent like that.',
        line: ({ name, state }) => `${name}: ${state}`,
      }),
    tells: ({ torrents }) => (torrents.length === 0 ? null : { torrents: torrents.map(({ hash }) => hash) }),
  },
  async run(stack, { filter, query }, options) {
    const qbittorrent = stack.get('qbittorrent');
    const [torrents, { downloadSpeed, uploadSpeed }] = await Promise.all([
      qbittorrent.torrents(options),
      qbittorrent.transfer(options),
    ]);
    const words = (query ?? '').toLowerCase().split(/\s+/);
    const matching = torrents.filter(
      (torrent) =>
        (filter === undefined || isAmong(torrent, filter)) &&
        words.every((word) => torrent.name.toLowerCase().includes(word)),
    );
    return {
      torrents: matching.slice(0, mostListed).map(torrentSummary),
      total: matching.length,
      downloadSpeed,
      uploadSpeed,
    };
  },
});

/** What is shown of a torrent in a list. */
function torrentSummary({ hash, name, state, percent, downloadSpeed, secondsLeft }: Torrent) {
  return { hash, name, state, percent: Math.floor(percent), downloadSpeed, secondsLeft };
}
