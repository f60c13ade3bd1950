import { type APIComponentInContainer, ButtonStyle, ComponentType } from 'discord.js';
import { sayInEnglish } from '../../messages.ts';
import type { DownloadRow } from '../../tools/downloads/get-download-queue.ts';
import { formatDuration, formatSpeed } from '../../tools/measures.ts';
import { type Button, buttonRow, choiceRow } from '../cards/controls.ts';
import { progressBar } from '../cards/progress-bar.ts';
import { cutBetweenCharacters, escaped } from '../cards/server-text.ts';
import { type CardMessage, cardMessage, text } from '../cards/title-face.ts';

/** The downloads of one moment, which servers answered, and what failed at the others. */
export type Downloads = {
  downloads: readonly DownloadRow[];
  total: number;
  answered: readonly string[];
  problems: readonly string[];
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
export function downloadsView(found: Downloads, asked: { owner: string; page: number; done?: string }): CardMessage {
  const pages = Math.max(1, Math.ceil(found.downloads.length / pageSize));
  const view = { owner: asked.owner, page: Math.min(Math.max(0, asked.page), pages - 1) };
  const rows = found.downloads.slice(view.page * pageSize, (view.page + 1) * pageSize);
  const torrents = rows.filter(({ torrent, state }) => torrent !== null && canChange(state));
  const hasTorrents = found.downloads.some(({ torrent }) => torrent !== null);
  const top = [...heading(found, { page: view.page, pages }), cutBetweenCharacters(asked.done ?? '', longestDone)];
  const problems = found.problems.map((problem) => `⚠️ ${cutBetweenCharacters(problem, longestProblem)}`);
  const head = top.filter((line) => line !== '').join('\n');
  const left = mostCharacters - [head, ...problems].join('').length;
  const parts: APIComponentInContainer[] = [
    ...[head, ...fittingWords(rows, left), ...problems].map(text),
    { type: ComponentType.Separator },
  ];
  if (torrents.length > 0) parts.push(oneRow(view, torrents));
  parts.push(buttonRow(buttons(view, { pages, hasTorrents })));
  return cardMessage(parts);
}

function heading(
  { downloads, total, answered, problems }: Downloads,
  { page, pages }: { page: number; pages: number },
): string[] {
  const title = '## Downloads';
  // Where a server did not answer, the words name those that did.
  const who = problems.length > 0 ? ` in ${answered.join(' and ')}` : '';
  if (downloads.length === 0) return answered.length === 0 ? [title] : [title, `Nothing is downloading${who}.`];
  const speed = downloads.reduce((sum, { downloadSpeed }) => sum + (downloadSpeed ?? 0), 0);
  const count = total > downloads.length ? `The first ${downloads.length} of ${total} downloads` : countWords(total);
  const facts = [
    count,
    ...(speed > 0 ? [formatSpeed(speed, sayInEnglish)] : []),
    ...(pages > 1 ? [`page ${page + 1} of ${pages}`] : []),
  ];
  return [title, facts.join(' · ')];
}

function countWords(total: number): string {
  return total === 1 ? '1 download' : `${total} downloads`;
}

function fittingWords(rows: readonly DownloadRow[], left: number): string[] {
  const tries = lengths.map((length) => rows.map((row) => rowWords(row, length)));
  return tries.find((words) => words.join('').length <= left) ?? tries.at(-1) ?? [];
}

function rowWords(row: DownloadRow, length: number): string {
  const facts = [...stateWords(row, length), row.service];
  const name = `**${escaped(row.title, length) || 'Untitled'}**`;
  return `${name}${episodeWords(row)}\n${progressBar(row.percent)} ${row.percent} %\n-# ${facts.join(' · ')}`;
}

function episodeWords({ season, episodes }: DownloadRow): string {
  if (season === null) return '';
  const [only] = episodes;
  if (only === undefined) return ` · season ${season}`;
  return ` · season ${season}, ${episodes.length === 1 ? `episode ${only}` : `${episodes.length} episodes`}`;
}

function stateWords({ state, reason, secondsLeft, downloadSpeed }: DownloadRow, length: number): string[] {
  switch (state) {
    case 'downloading': {
      const speed = downloadSpeed === null || downloadSpeed === 0 ? [] : [formatSpeed(downloadSpeed, sayInEnglish)];
      return [...speed, ...(secondsLeft === null ? [] : [`${formatDuration(secondsLeft, sayInEnglish)} left`])];
    }
    case 'stuck':
      return [`⚠️ ${escaped(reason ?? '', length + 70) || 'stuck'}`];
    case 'errored':
      return ['⚠️ failed'];
    case 'queued':
      return ['queued'];
    case 'stalled':
      return ['no peers at the moment'];
    case 'importing':
      return ['importing'];
    case 'checking':
      return ['checking files'];
    case 'paused':
      return ['paused'];
    default:
      return [];
  }
}

function canChange(state: DownloadRow['state']): boolean {
  return state !== 'importing' && state !== 'seeding';
}

function oneRow(view: { owner: string; page: number }, rows: readonly DownloadRow[]): APIComponentInContainer {
  const options = rows.map(({ torrent, title, state }) => {
    // One that failed is tried again by resuming it.
    const verb = state === 'paused' || state === 'errored' ? 'resume' : 'pause';
    return {
      value: `${verb}:${torrent}`,
      label: `${verb === 'pause' ? 'Pause' : 'Resume'}: ${title}`,
      isChosen: false,
    };
  });
  return choiceRow(id(view, 'one'), 'Pause or resume one', options);
}

function buttons(
  view: { owner: string; page: number },
  { pages, hasTorrents }: { pages: number; hasTorrents: boolean },
): Button[] {
  const all: Button[] = [{ id: id(view, 'refresh'), label: 'Refresh', style: ButtonStyle.Primary }];
  if (hasTorrents)
    all.push({ id: id(view, 'pause'), label: 'Pause all' }, { id: id(view, 'resume'), label: 'Resume all' });
  if (pages > 1) {
    all.push({ id: id(view, 'back', view.page - 1), label: '◀', disabled: view.page === 0 });
    all.push({ id: id(view, 'next', view.page + 1), label: '▶', disabled: view.page >= pages - 1 });
  }
  return all;
}
