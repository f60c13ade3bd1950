import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { messages, type Say } from '../../messages.ts';
import type { Torrent } from '../../services/qbittorrent/torrents.ts';
import { formatSize } from '../measures.ts';
import { told } from '../sentences.ts';
import { definePressTool } from '../tool.ts';
import {
  amongst,
  changeTorrents,
  lookEveryMs,
  mostHashes,
  ofTorrents,
  previewTorrents,
  shownAfterMs,
  torrentsSummaryShape,
} from './change-torrents.ts';
import { listTorrents } from './list-torrents.ts';

const input = ofTorrents.input.extend({ deleteFiles: z.boolean().optional().describe('default false') });
type Input = z.output<typeof input>;

const words = messages('remove_torrents', {
  activity: 'Removing from qBittorrent',
  button: 'Remove',
  busy: 'Removing from qBittorrent…',
  deleteFilesToo: 'Delete the files',
  keeps: 'Removes {count, plural, one {it} other {them}} from qBittorrent. The files stay where they are.',
  deletes: 'Removes {count, plural, one {it} other {them}} from qBittorrent and **deletes the files**: {size} so far.',
  removed: '🗑️ Removed from qBittorrent. The files are still there.',
  removedAndDeleted: '🗑️ Removed from qBittorrent, with the files ({size}).',
  tooMany: 'These are {count, number, ::group-off} torrents. Name those to remove: at most {most} at once.',
  alreadyGone: 'That was gone from qBittorrent already.',
});

export const removeTorrents = definePressTool({
  name: 'remove_torrents',
  description: 'Remove torrents, with their files or not.',
  model: { tool: 'change_torrents', action: 'remove' },
  effect: 'destroy',
  services: ['qbittorrent'],
  input,
  output: z.discriminatedUnion('result', [
    z.object({
      result: z.literal('removed'),
      deletedFiles: z.boolean(),
      bytes: z.number(),
      ...torrentsSummaryShape,
    }),
    z.object({ result: z.literal('already_gone') }),
  ]),
  words,
  sentences: {
    phrases: [
      { says: ['remove|delete [the] torrent {torrent}', 'remove|delete {torrent} from qBittorrent'] },
      { says: ['remove|delete all [the] torrents'], means: { torrents: 'all' } },
      {
        says: [
          'remove|delete [the] torrent {torrent} with [its|all] files|data',
          'remove|delete {torrent} and its files|data',
        ],
        means: { deleteFiles: true },
      },
    ],
    input: { torrents: told(listTorrents, 'torrents') },
  },
  load: ofTorrents.load,
  // From here on it is about these alone: what is added while the card waits must not go with them.
  fillIn: ({ torrents: which, deleteFiles = false }, { torrents }) => ({
    torrents: which === 'all' && areFew(torrents) ? torrents.map(({ hash }) => hash) : which,
    deleteFiles,
  }),
  preview(wanted, details, say) {
    const meant = amongst(details.torrents, wanted.torrents);
    const count = details.torrents.length;
    if (wanted.torrents === 'all' && count > 0)
      return { lines: [say(words.tooMany, { count, most: mostHashes })], isNothing: true };
    return previewTorrents(wanted, details, { lines: [fateWords(wanted, meant, say)], say });
  },
  choices(wanted, details, say) {
    const { deleteFiles: isOn = false } = wanted;
    const take = (turned: boolean) => ({ ...wanted, deleteFiles: turned });
    const deleteFiles = { kind: 'toggle', id: 'files', label: say(words.deleteFilesToo), isOn, take } as const;
    return [...ofTorrents.choices(wanted, details, say), deleteFiles];
  },
  async run(stack, { torrents, deleteFiles = false }, options) {
    const qbittorrent = stack.get('qbittorrent');
    const { torrents: present } = await ofTorrents.load(stack, { torrents }, options);
    if (torrents === 'all' && present.length > 0)
      throw new UserError((say) => say(words.tooMany, { count: present.length, most: mostHashes }));
    if (present.length === 0) return { result: 'already_gone' as const };
    const which = present.map(({ hash }) => hash);
    const change = () => qbittorrent.remove(which, { deleteFiles, ...options });
    // It is done once the list has none of them.
    const removed = await changeTorrents(qbittorrent, { which, change, isDone: () => false }, options);
    return { result: 'removed' as const, deletedFiles: deleteFiles, bytes: bytesOf(present), ...removed };
  },
  async verify(stack, { torrents }, options) {
    const until = performance.now() + shownAfterMs;
    for (;;) {
      const { torrents: left } = await ofTorrents.load(stack, { torrents }, options);
      if (left.length === 0) return 'happened';
      if (performance.now() >= until) return left.length < torrents.length ? 'unknown' : 'did_not_happen';
      await delay(lookEveryMs);
    }
  },
  done: {
    removed: ({ deletedFiles, bytes }, { say }) =>
      deletedFiles ? say(words.removedAndDeleted, { size: formatSize(bytes, say) }) : say(words.removed),
    already_gone: (_outcome, { say }) => say(words.alreadyGone),
  },
});

function fateWords({ deleteFiles = false }: Input, meant: readonly Torrent[], say: Say): string {
  const count = meant.length;
  if (!deleteFiles) return say(words.keeps, { count });
  return say(words.deletes, { count, size: formatSize(bytesOf(meant), say) });
}

/** So few, and at least one, that an input can name them. */
function areFew({ length }: readonly Torrent[]): boolean {
  return length > 0 && length <= mostHashes;
}

/** What they have on disk by now. */
function bytesOf(torrents: readonly Torrent[]): number {
  return Math.round(torrents.reduce((sum, { sizeBytes, percent }) => sum + (sizeBytes * percent) / 100, 0));
}
