import { type APIComponentInContainer, ButtonStyle, ComponentType } from 'discord.js';
import type { DownloadRow } from '../../tools/downloads.ts';
import { type Button, buttonRow, choiceRow } from '../cards/controls.ts';
import { formatDuration, formatSpeed } from '../cards/measures.ts';
import { progressBar } from '../cards/progress-bar.ts';
import { escaped } from '../cards/server-text.ts';
import { type CardMessage, cardMessage, text } from '../cards/title-face.ts';

/** What is shown: the downloads of one moment, and what could not be asked. */
export type Downloads = { downloads: readonly DownloadRow[]; total: number; problems: readonly string[] };

const pageSize = 8;

/** `downloads:<whose>:<action>[:…]`, which press.ts takes apart. */
function id(view: { owner: string; page: number }, action: string, page = view.page): string {
  return ['downloads', view.owner, action, page].join(':');
}

/**
 * One page of downloads with bars, and what can be done about them. `owner` is the Discord id of whose they are; `done` tells in a
 * line what a press just did.
 */
export function downloadsView(found: Downloads, asked: { owner: string; page: number; done?: string }): CardMessage {
  const pages = Math.max(1, Math.ceil(found.downloads.length / pageSize));
  const view = { owner: asked.owner, page: Math.min(Math.max(0, asked.page), pages - 1) };
  const rows = found.downloads.slice(view.page * pageSize, (view.page + 1) * pageSize);
  const torrents = rows.filter(({ torrent, state }) => torrent !== null && canChange(state));
  const hasTorrents = found.downloads.some(({ torrent }) => torrent !== null);
  const parts: APIComponentInContainer[] = [
    text([heading(found), ...(asked.done === undefined ? [] : [asked.done])].join('\n')),
    ...rows.map((row) => text(rowWords(row))),
    ...found.problems.map((problem) => text(`⚠️ ${problem}`)),
    { type: ComponentType.Separator },
  ];
  if (torrents.length > 0) parts.push(oneRow(view, torrents));
  parts.push(buttonRow(buttons(view, { pages, hasTorrents })));
  return cardMessage(parts);
}

function heading({ downloads, total, problems }: Downloads): string {
  if (downloads.length === 0) {
    // Half an answer must not sound like a whole one.
    return problems.length > 0 ? '## Downloads\nNothing else is downloading.' : '## Downloads\nNothing is downloading.';
  }
  const speed = downloads.reduce((sum, { downloadSpeed }) => sum + (downloadSpeed ?? 0), 0);
  const count = total > downloads.length ? `The first ${downloads.length} of ${total} downloads` : countWords(total);
  return `## Downloads\n${count}${speed > 0 ? ` · ${formatSpeed(speed)}` : ''}`;
}

function countWords(total: number): string {
  return total === 1 ? '1 download' : `${total} downloads`;
}

function rowWords(row: DownloadRow): string {
  const episode = row.season === null || row.episode === null ? '' : ` · season ${row.season}, episode ${row.episode}`;
  const facts = [`${row.percent} %`, ...stateWords(row), row.service];
  return `**${escaped(row.title, 110) || 'Untitled'}**${episode}\n${progressBar(row.percent)} ${facts.join(' · ')}`;
}

function stateWords({ state, reason, secondsLeft, downloadSpeed }: DownloadRow): string[] {
  switch (state) {
    case 'downloading': {
      const speed = downloadSpeed === null || downloadSpeed === 0 ? [] : [formatSpeed(downloadSpeed)];
      return [...speed, ...(secondsLeft === null ? [] : [`${formatDuration(secondsLeft)} left`])];
    }
    case 'stuck':
      return [`⚠️ ${reason === null ? 'stuck' : escaped(reason, 180)}`];
    case 'errored':
      return ['⚠️ failed'];
    case 'queued':
      return ['waiting'];
    case 'stalled':
      return ['nobody to download from now'];
    case 'importing':
      return ['being imported'];
    case 'checking':
      return ['being checked'];
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
    const verb = state === 'paused' ? 'resume' : 'pause';
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
