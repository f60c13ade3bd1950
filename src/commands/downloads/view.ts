import { type APIComponentInContainer, ButtonStyle, ComponentType } from 'discord.js';
import { messages, type Say, type Saying } from '../../messages.ts';
import { namelessMessages } from '../../services/titles.ts';
import type { DownloadRow } from '../../tools/downloads/get-download-queue.ts';
import { formatDuration, formatSpeed } from '../../tools/measures.ts';
import { type Button, buttonRow, choiceRow, controlMessages } from '../cards/controls.ts';
import { progressBar } from '../cards/progress-bar.ts';
import { progressMessages } from '../cards/progress-words.ts';
import { cutBetweenCharacters, escaped } from '../cards/server-text.ts';
import { type CardMessage, cardMessage, text } from '../cards/title-face.ts';

export const downloadsViewMessages = messages('downloads_view', {
  heading: '## Downloads',
  nothing: 'Nothing is downloading.',
  nothingIn: 'Nothing is downloading in {servers}.',
  and: '{before} and {name}',
  count: '{total, plural, one {1 download} other {{total, number, ::group-off} downloads}}',
  first: 'The first {first, number, ::group-off} of {total, number, ::group-off} downloads',
  page: 'page {page, number, ::group-off} of {pages, number, ::group-off}',
  season: 'season {season}',
  episode: 'season {season}, episode {episode}',
  episodes: 'season {season}, {count, number, ::group-off} episodes',
  stuck: 'stuck',
  failed: '⚠️ failed',
  queued: 'queued',
  stalled: 'no peers at the moment',
  importing: 'importing',
  checking: 'checking files',
  paused: 'paused',
  pauseOne: 'Pause: {title}',
  resumeOne: 'Resume: {title}',
  one: 'Pause or resume one',
  pauseAll: 'Pause all',
  resumeAll: 'Resume all',
});

/** The downloads of one moment, which servers answered, and what failed at the others. */
export type Downloads = {
  downloads: readonly DownloadRow[];
  total: number;
  answered: readonly string[];
  problems: readonly Saying[];
};

const pageSize = 8;
/** Discord allows 4,000 characters a message; escaping can double what a server sends. */
const mostCharacters = 3900;
const longestDone = 600;
const longestProblem = 300;
/** Names and reasons are cut to the first of these with which the page fits. */
const lengths = [110, 60, 25] as const;

/** `downloads:<whose>:<action>[:…]`, which press.ts takes apart. */
function id(view: { owner: string; page: number }, action: string, page = view.page): string {
  return ['downloads', view.owner, action, page].join(':');
}

/**
 * One page of downloads with bars, and what can be done about them. `owner` is the Discord id of whose they are; `done` says in
 * one line what a press just did.
 */
export function downloadsView(
  found: Downloads,
  asked: { owner: string; page: number; say: Say; done?: string },
): CardMessage {
  const { say } = asked;
  const pages = Math.max(1, Math.ceil(found.downloads.length / pageSize));
  const view = { owner: asked.owner, page: Math.min(Math.max(0, asked.page), pages - 1) };
  const rows = found.downloads.slice(view.page * pageSize, (view.page + 1) * pageSize);
  const torrents = rows.filter(({ torrent, state }) => torrent !== null && canChange(state));
  const hasTorrents = found.downloads.some(({ torrent }) => torrent !== null);
  const top = [...heading(found, { page: view.page, pages, say }), cutBetweenCharacters(asked.done ?? '', longestDone)];
  const problems = found.problems.map((problem) => `⚠️ ${cutBetweenCharacters(problem(say), longestProblem)}`);
  const head = top.filter((line) => line !== '').join('\n');
  const left = mostCharacters - [head, ...problems].join('').length;
  const parts: APIComponentInContainer[] = [
    ...[head, ...fittingWords(rows, left, say), ...problems].map(text),
    { type: ComponentType.Separator },
  ];
  if (torrents.length > 0) parts.push(oneRow(view, torrents, say));
  parts.push(buttonRow(buttons(view, { pages, hasTorrents, say })));
  return cardMessage(parts);
}

function heading(
  { downloads, total, answered, problems }: Downloads,
  { page, pages, say }: { page: number; pages: number; say: Say },
): string[] {
  const title = say(downloadsViewMessages.heading);
  // Where a server did not answer, the words name those that did.
  if (downloads.length === 0) {
    if (answered.length === 0) return [title];
    if (problems.length === 0) return [title, say(downloadsViewMessages.nothing)];
    return [title, say(downloadsViewMessages.nothingIn, { servers: listOf(answered, say) })];
  }
  const speed = downloads.reduce((sum, { downloadSpeed }) => sum + (downloadSpeed ?? 0), 0);
  const first = downloads.length;
  const count =
    total > first ? say(downloadsViewMessages.first, { first, total }) : say(downloadsViewMessages.count, { total });
  const facts = [
    count,
    ...(speed > 0 ? [formatSpeed(speed, say)] : []),
    ...(pages > 1 ? [say(downloadsViewMessages.page, { page: page + 1, pages })] : []),
  ];
  return [title, facts.join(' · ')];
}

/** "Radarr and Sonarr". */
function listOf(names: readonly string[], say: Say): string {
  return names.reduce((before, name) => say(downloadsViewMessages.and, { before, name }));
}

function fittingWords(rows: readonly DownloadRow[], left: number, say: Say): string[] {
  const tries = lengths.map((length) => rows.map((row) => rowWords(row, length, say)));
  return tries.find((words) => words.join('').length <= left) ?? tries.at(-1) ?? [];
}

function rowWords(row: DownloadRow, length: number, say: Say): string {
  const facts = [...stateWords(row, length, say), row.service];
  const name = `**${escaped(row.title, length) || say(namelessMessages.title)}**`;
  return `${name}${episodeWords(row, say)}\n${progressBar(row.percent)} ${row.percent} %\n-# ${facts.join(' · ')}`;
}

function episodeWords({ season, episodes }: DownloadRow, say: Say): string {
  if (season === null) return '';
  const [only] = episodes;
  if (only === undefined) return ` · ${say(downloadsViewMessages.season, { season })}`;
  if (episodes.length === 1) return ` · ${say(downloadsViewMessages.episode, { season, episode: only })}`;
  return ` · ${say(downloadsViewMessages.episodes, { season, count: episodes.length })}`;
}

function stateWords({ state, reason, secondsLeft, downloadSpeed }: DownloadRow, length: number, say: Say): string[] {
  switch (state) {
    case 'downloading': {
      const speed = downloadSpeed === null || downloadSpeed === 0 ? [] : [formatSpeed(downloadSpeed, say)];
      return [
        ...speed,
        ...(secondsLeft === null ? [] : [say(progressMessages.timeLeft, { time: formatDuration(secondsLeft, say) })]),
      ];
    }
    case 'stuck':
      return [`⚠️ ${escaped(reason ?? '', length + 70) || say(downloadsViewMessages.stuck)}`];
    case 'errored':
      return [say(downloadsViewMessages.failed)];
    case 'queued':
      return [say(downloadsViewMessages.queued)];
    case 'stalled':
      return [say(downloadsViewMessages.stalled)];
    case 'importing':
      return [say(downloadsViewMessages.importing)];
    case 'checking':
      return [say(downloadsViewMessages.checking)];
    case 'paused':
      return [say(downloadsViewMessages.paused)];
    default:
      return [];
  }
}

function canChange(state: DownloadRow['state']): boolean {
  return state !== 'importing' && state !== 'seeding';
}

function oneRow(
  view: { owner: string; page: number },
  rows: readonly DownloadRow[],
  say: Say,
): APIComponentInContainer {
  const options = rows.map(({ torrent, title, state }) => {
    // One that failed is tried again by resuming it.
    const verb = state === 'paused' || state === 'errored' ? 'resume' : 'pause';
    return {
      value: `${verb}:${torrent}`,
      label: say(verb === 'pause' ? downloadsViewMessages.pauseOne : downloadsViewMessages.resumeOne, { title }),
      isChosen: false,
    };
  });
  return choiceRow(id(view, 'one'), say(downloadsViewMessages.one), options);
}

function buttons(
  view: { owner: string; page: number },
  { pages, hasTorrents, say }: { pages: number; hasTorrents: boolean; say: Say },
): Button[] {
  const all: Button[] = [{ id: id(view, 'refresh'), label: say(controlMessages.refresh), style: ButtonStyle.Primary }];
  if (hasTorrents)
    all.push(
      { id: id(view, 'pause'), label: say(downloadsViewMessages.pauseAll) },
      { id: id(view, 'resume'), label: say(downloadsViewMessages.resumeAll) },
    );
  if (pages > 1) {
    all.push({ id: id(view, 'back', view.page - 1), label: '◀', disabled: view.page === 0 });
    all.push({ id: id(view, 'next', view.page + 1), label: '▶', disabled: view.page >= pages - 1 });
  }
  return all;
}
