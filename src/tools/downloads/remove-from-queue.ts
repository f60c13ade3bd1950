import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { ServiceError, UserError } from '../../errors.ts';
import { messages, type Say } from '../../messages.ts';
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
  notThere: 'That is not in {server}’s queue any more. Look again at what is downloading.',
  season: 'season {season}',
  episode: 'season {season}, episode {episode}',
  episodes: '{count, number, ::group-off} episodes',
  percent: '{percent} %',
  queued: 'queued',
  downloading: 'downloading',
  importing: 'importing',
  paused: 'paused',
  stuck: 'stuck',
  deleteDownload: 'Delete the download',
  blocklistRelease: 'Blocklist the release',
  searchAgain: 'Search again',
  allEpisodes: 'This is one download with {count, number, ::group-off} episodes. All of them are removed.',
  beforeDownload: 'Takes it out of {server}’s queue before it is downloaded.',
  withFiles: 'Takes it out of {server}’s queue, and deletes it from the download client with its files.',
  keptUnlessFailed:
    'Takes it out of {server}’s queue. The download client keeps it, unless {server} is set to remove failed downloads there.',
  kept: 'Takes it out of {server}’s queue. The download client keeps it, and {server} will not import it.',
  mayComeBack: 'Without the blocklist, {server} may get the same release again.',
  neverAgain: 'The release goes on the blocklist and is not downloaded again.',
  neverSearches: '{server} is set not to look for another release by itself.',
  noSearch: '{server} does not look for another release now.',
  thenSearches: 'Then {server} looks for another release.',
  thenSearchesUnlessPicked: 'Then {server} looks for another release, unless this one was picked there by hand.',
  removed: '🗑️ Removed from {server}’s queue.',
  removedAndDeleted: '🗑️ Removed from {server}’s queue and deleted from the download client.',
  wentWithIt: 'All {count, number, ::group-off} episodes of that download went with it.',
  blocklisted: 'That release is on the blocklist.',
  searching: '{server} is looking for another one.',
  searchingUnlessPicked: '{server} is looking for another one, unless that one was picked there by hand.',
  alreadyGone: 'It was gone from {server}’s queue already.',
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
    if (items === null) throw new UserError((say) => say(words.notThere, { server: labelOf(kind) }));
    return { title: { title: items[0].title, year: null, posterUrl: null }, items, redownload };
  },
  fillIn: (input) => ({ ...input, ...chosenIn(input) }),
  preview(input, download, say) {
    const [{ percent, state }] = download.items;
    const howFar = say(words.percent, { percent: Math.floor(percent) });
    const facts = [...placeFacts(download, say), howFar, say(words[state])];
    return { facts: facts.join(' · '), lines: linesOf(input, download, say) };
  },
  choices(input, download, say) {
    const { removeFromClient, blocklist, searchAgain } = chosenIn(input);
    const toggle = (
      field: 'removeFromClient' | 'blocklist' | 'searchAgain',
      label: string,
      isOn: boolean,
    ): Choice<Input> => {
      return { kind: 'toggle', id: field, label, isOn, take: (turned) => ({ ...input, [field]: turned }) };
    };
    const client = toggle('removeFromClient', say(words.deleteDownload), removeFromClient);
    const block = toggle('blocklist', say(words.blocklistRelease), blocklist);
    const search = toggle('searchAgain', say(words.searchAgain), searchAgain);
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
    removed({ items, removedFromClient, blocklisted, redownload }, { server, say }) {
      const sentences = [say(removedFromClient ? words.removedAndDeleted : words.removed, { server })];
      if (items > 1) sentences.push(say(words.wentWithIt, { count: items }));
      if (blocklisted) sentences.push(say(words.blocklisted));
      if (redownload === 'always') sentences.push(say(words.searching, { server }));
      if (redownload === 'unless_picked') sentences.push(say(words.searchingUnlessPicked, { server }));
      return sentences.join(' ');
    },
    already_gone: (_outcome, { server, say }) => say(words.alreadyGone, { server }),
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

/** "season 2, episode 5", or "season 2" and "13 episodes"; nothing for a film. */
function placeFacts({ items }: Download, say: Say): string[] {
  const [{ seasonNumber: season, episodeNumber: episode }, ...others] = items;
  const isOneSeason = season !== null && others.every(({ seasonNumber }) => seasonNumber === season);
  if (isOneSeason && others.length === 0 && episode !== null) return [say(words.episode, { season, episode })];
  return [
    ...(isOneSeason ? [say(words.season, { season })] : []),
    ...(others.length > 0 ? [say(words.episodes, { count: items.length })] : []),
  ];
}

function linesOf(input: Input, download: Download, say: Say): string[] {
  const server = labelOf(input.kind);
  const { blocklist, searchAgain } = chosenIn(input);
  const count = download.items.length;
  const lines = count > 1 ? [say(words.allEpisodes, { count })] : [];
  lines.push(say(fateOf(input, download), { server }));
  if (!blocklist) return [...lines, say(words.mayComeBack, { server })];
  lines.push(say(words.neverAgain));
  return isPending(download) ? lines : [...lines, say(searchOf(searchAgain, download), { server })];
}

/** What becomes of the download. */
function fateOf(input: Input, download: Download) {
  const { removeFromClient, blocklist } = chosenIn(input);
  if (isPending(download)) return words.beforeDownload;
  if (removeFromClient) return words.withFiles;
  return blocklist ? words.keptUnlessFailed : words.kept;
}

/** Whether another release is looked for. */
function searchOf(searchAgain: boolean, { redownload }: Download) {
  if (redownload === 'never') return words.neverSearches;
  if (!searchAgain) return words.noSearch;
  return redownload === 'always' ? words.thenSearches : words.thenSearchesUnlessPicked;
}

function labelOf(kind: Input['kind']): string {
  return serviceDefinitions[serviceOf[kind]].label;
}
