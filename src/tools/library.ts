import { z } from 'zod';
import { UserError } from '../errors.ts';
import type { LibraryItem, PlaySession } from '../services/jellyfin/items.ts';
import type { Title } from '../services/titles.ts';
import { fromEach } from './overview.ts';
import { statusWords } from './title-list.ts';
import { defineReadTool } from './tool.ts';

const mostTitles = 20;

/** One title of the library in a list, whichever server knows it. */
export type LibraryRow = {
  service: string;
  title: string;
  year: number | null;
  kind: LibraryItem['kind'];
  /** "watched", "wanted, not downloaded yet"; empty when there is nothing to say. */
  status: string;
};

export const searchLibrary = defineReadTool({
  name: 'search_library',
  description: 'Films and series that are there, by title: in Jellyfin, or without it in Radarr and Sonarr.',
  services: ['jellyfin', 'radarr', 'sonarr'],
  input: z.object({ query: z.string().trim().min(1).max(200) }),
  activity: 'Looking through the library',
  async run(stack, { query }, options) {
    const names = stack.has('jellyfin') ? (['jellyfin'] as const) : (['radarr', 'sonarr'] as const);
    const found = await fromEach(names, stack, async (name) => {
      if (name === 'jellyfin') return (await stack.get(name).search(query, options)).map(rowOfItem);
      const titles = await stack.get(name).library(options);
      return titles.filter(({ title }) => containsWords(title, query)).map(rowOfTitle);
    });
    return {
      titles: found
        .flatMap(({ service, answer }) => (answer ?? []).map((row): LibraryRow => ({ service, ...row })))
        .slice(0, mostTitles),
      problems: found.flatMap(({ problem }) => problem ?? []),
    };
  },
});

export const getJellyfin = defineReadTool({
  name: 'get_jellyfin',
  description: 'What Jellyfin got lately, what the person can go on watching, or who is watching now.',
  services: ['jellyfin'],
  input: z.object({ show: z.enum(['recently_added', 'continue_watching', 'playing_now']) }),
  activity: 'Looking at Jellyfin',
  async run(stack, { show }, options) {
    const jellyfin = stack.get('jellyfin');
    if (show === 'playing_now') return { sessions: (await jellyfin.sessions(options)).map(sessionSummary) };
    if (show === 'continue_watching' && !jellyfin.hasUser)
      throw new UserError(
        'The bot does not know which of Jellyfin’s users you are. Press the button that `/services test service: Jellyfin` shows, then try again.',
      );
    const items = show === 'recently_added' ? await jellyfin.latest(options) : await jellyfin.resume(options);
    return { items: items.slice(0, mostTitles).map(itemSummary) };
  },
});

function containsWords(title: string, query: string): boolean {
  const text = title.toLocaleLowerCase();
  return query
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function rowOfItem(item: LibraryItem): Omit<LibraryRow, 'service'> {
  return { title: item.title, year: item.year, kind: item.kind, status: watchedWords(item) };
}

function rowOfTitle(title: Title & { kind: 'movie' | 'series' }): Omit<LibraryRow, 'service'> {
  return { title: title.title, year: title.year, kind: title.kind, status: statusWords(title) };
}

/** "watched", "40 % watched", or nothing. */
function watchedWords({ watchedPercent }: LibraryItem): string {
  if (watchedPercent === null || watchedPercent < 1) return '';
  return watchedPercent >= 100 ? 'watched' : `${Math.floor(watchedPercent)} % watched`;
}

/** "Andor, season 2, episode 3: Harvest": an item as one line. */
export function itemName(item: LibraryItem): string {
  if (item.kind === 'episode' && item.series !== null) {
    const place =
      item.season === null || item.episode === null ? '' : `, season ${item.season}, episode ${item.episode}`;
    return `${item.series}${place}: ${item.title}`;
  }
  if (item.kind === 'season' && item.series !== null) return `${item.series}, ${item.title}`;
  return item.year === null ? item.title : `${item.title} (${item.year})`;
}

function itemSummary(item: LibraryItem) {
  return { kind: item.kind, name: itemName(item), status: watchedWords(item), runtimeMinutes: item.runtimeMinutes };
}

function sessionSummary({ user, device, item, percent, isPaused, isTranscoding }: PlaySession) {
  return {
    user,
    device,
    name: itemName(item),
    percent: percent === null ? null : Math.floor(percent),
    isPaused,
    isTranscoding,
  };
}
