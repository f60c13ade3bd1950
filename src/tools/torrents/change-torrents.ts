import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { ServiceError, UserError } from '../../errors.ts';
import { messages, type Say, sayInEnglish } from '../../messages.ts';
import type { QbittorrentClient, Which } from '../../services/qbittorrent/client.ts';
import { type Torrent, torrentHash } from '../../services/qbittorrent/torrents.ts';
import type { Choice } from '../choices.ts';
import type { CardTitle, Preview } from '../preview.ts';
import type { Stack } from '../stack.ts';
import type { RunOptions, Verdict } from '../tool.ts';

/** How many torrents an input may name. */
export const mostHashes = 50;

/** What is said of torrents, whatever is done to them. */
export const torrentMessages = messages('torrents', {
  noneLeft: 'qBittorrent no longer has any of them.',
  leaveOut: 'Leave some out',
  all: 'All torrents',
  none: 'Torrents',
  several: '{count, plural, one {# torrent} other {# torrents}}',
  noTorrents: 'There is no torrent in qBittorrent, so nothing was changed.',
  gone: 'That is no longer in qBittorrent, so nothing was changed. List the torrents again.',
});

/** Which torrents are meant: all, or those with these hashes. */
const whichTorrents = z.object({
  torrents: z
    .union([z.literal('all'), z.array(torrentHash).min(1).max(mostHashes)])
    .describe('"all", or hashes from list_torrents'),
});

type TorrentsInput = z.output<typeof whichTorrents>;
export type MeantTorrents = { title: CardTitle; torrents: Torrent[] };

/** The torrents that are meant, and what to call them. */
async function loadTorrents(
  stack: Stack,
  { torrents: which }: TorrentsInput,
  options: RunOptions,
): Promise<MeantTorrents> {
  const torrents = amongst(await stack.get('qbittorrent').torrents(options), which);
  return { title: nameOf(torrents, which, sayInEnglish), torrents };
}

/** What a press does to them, named where they are several. */
export function previewTorrents(
  { torrents: which }: TorrentsInput,
  details: MeantTorrents,
  { lines, say }: { lines: readonly string[]; say: Say },
): Preview {
  const torrents = amongst(details.torrents, which);
  if (torrents.length === 0) return { lines: [say(torrentMessages.noneLeft)], isNothing: true };
  const items = torrents.length === 1 ? [] : torrents.map(({ name }) => name);
  return { title: nameOf(torrents, which, say), items, lines };
}

/** Some of several may be left out, as far as the input can name the rest. */
function torrentChoices<Input extends TorrentsInput>(input: Input, details: MeantTorrents, say: Say): Choice<Input>[] {
  const torrents = amongst(details.torrents, input.torrents);
  if (torrents.length > mostHashes) return [];
  const leaveOut: Choice<Input> = {
    kind: 'leave-out',
    id: 'torrents',
    label: say(torrentMessages.leaveOut),
    options: torrents.map(({ hash, name }) => ({ value: hash, label: name })),
    least: 1,
    take: (left) => ({ ...input, torrents: [...left] }),
  };
  return [leaveOut];
}

/** What pausing and resuming have in common: what is meant, as the server has it, and what may be left out of it. */
export const ofTorrents = { input: whichTorrents, load: loadTorrents, choices: torrentChoices };

function nameOf(torrents: readonly Torrent[], which: Which, say: Say): CardTitle {
  const [only] = torrents;
  const count = torrents.length;
  const several =
    which === 'all'
      ? say(torrentMessages.all)
      : count === 0
        ? say(torrentMessages.none)
        : say(torrentMessages.several, { count });
  const title = which !== 'all' && count === 1 && only !== undefined ? only.name : several;
  return { title, year: null, posterUrl: null };
}

/** Those of the torrents that are meant. */
export function amongst(torrents: Torrent[], which: Which): Torrent[] {
  return which === 'all' ? torrents : torrents.filter(({ hash }) => which.includes(hash));
}

/** What `torrentsSummary` gives. */
export const torrentsSummaryShape = { title: z.string().nullable(), torrents: z.number() };

/** qBittorrent shows a change only with its next refresh: 0.7 to 1.2 s later, measured with 4.5.2. */
export const shownAfterMs = 3000;
export const lookEveryMs = 300;

/** The torrents that are meant. Throws UserError when none is there: qBittorrent answers 200 to hashes that it does not know. */
async function meantBy(qbittorrent: QbittorrentClient, which: Which, options: RunOptions): Promise<Torrent[]> {
  const torrents = await qbittorrent.torrents(options);
  const meant = amongst(torrents, which);
  if (meant.length > 0) return meant;
  throw new UserError((say) => say(which === 'all' ? torrentMessages.noTorrents : torrentMessages.gone));
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

/** What is told of the torrents that were changed. */
function torrentsSummary(meant: readonly Torrent[]) {
  const [first] = meant;
  return { title: meant.length === 1 && first !== undefined ? first.name : null, torrents: meant.length };
}

/** Changes the torrents that are meant, waits until the server shows it, and gives what is told of them. Throws UserError when none is there. */
export async function changeTorrents(
  qbittorrent: QbittorrentClient,
  { which, change, isDone }: { which: Which; change: () => Promise<void>; isDone: (torrent: Torrent) => boolean },
  options: RunOptions,
): Promise<ReturnType<typeof torrentsSummary>> {
  const meant = await meantBy(qbittorrent, which, options);
  await change();
  await untilShown(qbittorrent, meant, isDone, options);
  return torrentsSummary(meant);
}

/**
 * All as wanted: it happened. None of them: it did not. Some of them: unknown, as someone else may have changed those. The list lags
 * behind, so "did not happen" is checked a second time.
 */
export async function verdictOn(
  qbittorrent: QbittorrentClient,
  which: Which,
  isDone: (torrent: Torrent) => boolean,
  options: RunOptions,
): Promise<Verdict> {
  const until = performance.now() + shownAfterMs;
  for (;;) {
    const torrents = await qbittorrent.torrents(options);
    const meant = amongst(torrents, which);
    if (meant.length === 0) return 'unknown';
    if (meant.every(isDone)) return 'happened';
    const verdict = meant.some(isDone) ? 'unknown' : 'did_not_happen';
    if (performance.now() >= until) return verdict;
    await delay(lookEveryMs);
    if (options.signal.aborted) return verdict;
  }
}
