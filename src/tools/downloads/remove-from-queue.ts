import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { ServiceError, UserError } from '../../errors.ts';
import { messages } from '../../messages.ts';
import { type ArrQueue, redownloads } from '../../services/arr/queue.ts';
import { serviceDefinitions } from '../../services/registry.ts';
import type { QueueItem } from '../../services/titles.ts';
import type { Choice } from '../choices.ts';
import { told } from '../sentences.ts';
import { definePressTool, type RunOptions } from '../tool.ts';
import { getDownloadQueue } from './get-download-queue.ts';

const serviceOf = { movie: 'radarr', series: 'sonarr' } as const;

const inputSchema = z.object({
  kind: z.enum(['movie', 'series']).describe('movie in Radarr, series in Sonarr'),
  queueId: z.number().int().positive().describe('from get_download_queue'),
  removeFromClient: z.boolean().optional().describe('default true: delete it and its files'),
  blocklist: z.boolean().optional().describe('default false'),
  searchAgain: z.boolean().optional().describe('default true, only with blocklist'),
});
type Input = z.output<typeof inputSchema>;

/** One download as its server has it. A season that comes as one download has an item for each episode. */
type Download = { items: [QueueItem, ...QueueItem[]]; redownload: (typeof redownloads)[number] };

const words = messages('remove_from_queue', {
  activity: 'Removing from the queue',
  button: 'Remove from the queue',
  busy: 'Removing from the queue…',
});

export const removeFromQueue = definePressTool({
  name: 'remove_from_queue',
  description: 'Remove a download from the queue of Radarr or Sonarr.',
  effect: 'destroy',
  services: ['radarr', 'sonarr'],
  actsOn: ({ kind }) => serviceOf[kind],
  input: inputSchema,
  output: z.discriminatedUnion('result', [
    z.object({
      result: z.literal('removed'),
      title: z.string(),
      items: z.number(),
      removedFromClient: z.boolean(),
      blocklisted: z.boolean(),
      redownload: z.enum(redownloads),
    }),
    z.object({ result: z.literal('already_gone') }),
  ]),
  words,
  sentences: {
    phrases: [
      { says: ['remove|take|delete {title} from|off the|my queue|downloads', 'cancel [the] download of {title}'] },
      { says: ['blocklist [the] download of {title}'], means: { blocklist: true } },
    ],
    example: { title: 'Blade Runner' },
    input: { kind: told(getDownloadQueue, 'kind'), queueId: told(getDownloadQueue, 'queueId') },
  },
  async load(stack, { kind, queueId }, options) {
    const server = stack.get(serviceOf[kind]);
    const [items, redownload] = await Promise.all([itemsOf(server, queueId, options), server.redownload(options)]);
    if (items === null)
      throw new UserError(`That is not in ${labelOf(kind)}’s queue any more. Look again at what is downloading.`);
    return { title: { title: items[0].title, year: null, posterUrl: null }, items, redownload };
  },
  fillIn: (input) => ({ ...input, ...chosenIn(input) }),
  preview(input, download) {
    const [first] = download.items;
    const facts = [placeWords(download), `${Math.floor(first.percent)} %`, first.state].filter((fact) => fact !== '');
    return { facts: facts.join(' · '), lines: linesOf(input, download) };
  },
  choices(input, download) {
    const { removeFromClient, blocklist, searchAgain } = chosenIn(input);
    const toggle = (
      field: 'removeFromClient' | 'blocklist' | 'searchAgain',
      label: string,
      isOn: boolean,
    ): Choice<Input> => {
      return { kind: 'toggle', id: field, label, isOn, take: (turned) => ({ ...input, [field]: turned }) };
    };
    const client = toggle('removeFromClient', 'Delete the download', removeFromClient);
    const block = toggle('blocklist', 'Blocklist the release', blocklist);
    const search = toggle('searchAgain', 'Search again', searchAgain);
    if (isPending(download)) return [block];
    return blocklist && download.redownload !== 'never' ? [client, block, search] : [client, block];
  },
  async run(stack, input, options) {
    const server = stack.get(serviceOf[input.kind]);
    const items = await itemsOf(server, input.queueId, options);
    if (items === null) return { result: 'already_gone' as const };
    const { removeFromClient, blocklist, searchAgain } = chosenIn(input);
    const isSearching = blocklist && searchAgain && !isPending({ items });
    const redownload = isSearching ? await server.redownload(options) : 'never';
    try {
      await server.removeFromQueue(input.queueId, { removeFromClient, blocklist, searchAgain }, options);
    } catch (error) {
      const isGone = error instanceof ServiceError && error.failure === 'not_found';
      // It may have been imported, or removed by someone else, since the look above.
      if (isGone && (await itemsOf(server, input.queueId, options)) === null)
        return { result: 'already_gone' as const };
      throw error;
    }
    return {
      result: 'removed' as const,
      title: items[0].title,
      items: items.length,
      removedFromClient: removeFromClient && !isPending({ items }),
      blocklisted: blocklist,
      redownload,
    };
  },
  async verify(stack, { kind, queueId }, options) {
    const until = performance.now() + shownAfterMs;
    for (;;) {
      // An import takes it out of the queue too: then there is as little left to remove.
      if ((await itemsOf(stack.get(serviceOf[kind]), queueId, options)) === null) return 'happened';
      if (performance.now() >= until) return 'did_not_happen';
      await delay(lookEveryMs);
    }
  },
  done: {
    removed({ items, removedFromClient, blocklisted, redownload }, { server }) {
      const words = [
        removedFromClient
          ? `🗑️ Removed from ${server}’s queue and deleted from the download client.`
          : `🗑️ Removed from ${server}’s queue.`,
      ];
      if (items > 1) words.push(`All ${items} episodes of that download went with it.`);
      if (blocklisted) words.push('That release is on the blocklist.');
      if (redownload === 'always') words.push(`${server} is looking for another one.`);
      if (redownload === 'unless_picked')
        words.push(`${server} is looking for another one, unless that one was picked there by hand.`);
      return words.join(' ');
    },
    already_gone: (_outcome, { server }) => `It was gone from ${server}’s queue already.`,
  },
});

/** The queue is made anew a moment after the call that changed it. */
const shownAfterMs = 2000;
const lookEveryMs = 300;

/** What holds without a choice, as on Radarr’s and Sonarr’s own pages. */
function chosenIn({ removeFromClient = true, blocklist = false, searchAgain = true }: Input) {
  return { removeFromClient, blocklist, searchAgain };
}

/** All items of the download that one of them belongs to: the servers remove them together. Null when it is not in the queue. */
async function itemsOf(server: ArrQueue, queueId: number, options: RunOptions): Promise<Download['items'] | null> {
  const queue = await server.queue(options);
  const named = queue.find((item) => item.queueId === queueId);
  if (named === undefined) return null;
  const isOther = (item: QueueItem) => item !== named && item.downloadId === named.downloadId;
  return named.downloadId === null ? [named] : [named, ...queue.filter(isOther)];
}

/** Held back by a delay profile: no download client has it yet. */
function isPending({ items: [first] }: Pick<Download, 'items'>): boolean {
  return first.downloadId === null;
}

/** "season 2, episode 5", "season 2 · 13 episodes"; nothing for a film. */
function placeWords({ items }: Download): string {
  const [{ seasonNumber, episodeNumber }, ...others] = items;
  const isOneSeason = seasonNumber !== null && others.every((item) => item.seasonNumber === seasonNumber);
  if (others.length > 0)
    return isOneSeason ? `season ${seasonNumber} · ${items.length} episodes` : `${items.length} episodes`;
  if (!isOneSeason) return '';
  return episodeNumber === null ? `season ${seasonNumber}` : `season ${seasonNumber}, episode ${episodeNumber}`;
}

function linesOf(input: Input, download: Download): string[] {
  const label = labelOf(input.kind);
  const { removeFromClient, blocklist, searchAgain } = chosenIn(input);
  const count = download.items.length;
  const lines = count > 1 ? [`This is one download with ${count} episodes. All of them are removed.`] : [];
  if (isPending(download)) lines.push(`Takes it out of ${label}’s queue before it is downloaded.`);
  else if (removeFromClient)
    lines.push(`Takes it out of ${label}’s queue, and deletes it from the download client with its files.`);
  else if (blocklist)
    lines.push(
      `Takes it out of ${label}’s queue. The download client keeps it, unless ${label} is set to remove failed downloads there.`,
    );
  else lines.push(`Takes it out of ${label}’s queue. The download client keeps it, and ${label} will not import it.`);
  if (!blocklist) return [...lines, `Without the blocklist, ${label} may get the same release again.`];
  lines.push('The release goes on the blocklist and is not downloaded again.');
  return isPending(download) ? lines : [...lines, searchWords(label, searchAgain, download)];
}

function searchWords(label: string, searchAgain: boolean, { redownload }: Download): string {
  if (redownload === 'never') return `${label} is set not to look for another release by itself.`;
  if (!searchAgain) return `${label} does not look for another release now.`;
  return redownload === 'always'
    ? `Then ${label} looks for another release.`
    : `Then ${label} looks for another release, unless this one was picked there by hand.`;
}

function labelOf(kind: Input['kind']): string {
  return serviceDefinitions[serviceOf[kind]].label;
}
