import { z } from 'zod';
import { UserError } from '../errors.ts';
import type { LibraryItem, PlaySession } from '../services/jellyfin/items.ts';
import { defineReadTool } from './tool.ts';

const mostItems = 20;

export const getContinueWatching = defineReadTool({
  name: 'get_continue_watching',
  description: 'What the person began to watch in Jellyfin and did not finish.',
  services: ['jellyfin'],
  input: z.object({}),
  activity: 'Looking at what you began',
  async run(stack, _input, options) {
    const jellyfin = stack.get('jellyfin');
    if (!jellyfin.hasUser)
      throw new UserError(
        'The bot does not know which of Jellyfin’s users you are. Press the button that `/services test service: Jellyfin` shows, then try again.',
      );
    const items = (await jellyfin.resume(options)).slice(0, mostItems);
    return { titles: items.map((item) => ({ ...itemTitle(item), kind: item.kind, status: begunWords(item) })) };
  },
});

export const getSessions = defineReadTool({
  name: 'get_sessions',
  description: 'Who is watching what in Jellyfin right now, and how far.',
  services: ['jellyfin'],
  input: z.object({}),
  activity: 'Looking at who is watching',
  async run(stack, _input, options) {
    const sessions = await stack.get('jellyfin').sessions(options);
    return {
      sessions: sessions.slice(0, mostItems).map(sessionSummary),
      more: Math.max(0, sessions.length - mostItems),
    };
  },
});

/** "Breaking Bad, season 2, episode 1: Seven Thirty-Seven": an item's name in one line; its year where it has one of its own. */
export function itemTitle(item: LibraryItem): { title: string; year: number | null } {
  const { title, series, season, episode } = item;
  if (item.kind === 'season' && series !== null) return { title: `${series}, ${title}`, year: null };
  if (item.kind !== 'episode' || series === null) return { title, year: item.kind === 'episode' ? null : item.year };
  const place = season === null || episode === null ? '' : `, season ${season}, episode ${episode}`;
  return { title: `${series}${place}: ${title}`, year: null };
}

/** "watched", "40 % watched", or nothing. */
export function watchedWords({ watchedPercent }: LibraryItem): string {
  if (watchedPercent === null || watchedPercent < 1) return '';
  return watchedPercent >= 100 ? 'watched' : `${Math.floor(watchedPercent)} % watched`;
}

/** "40 % watched, 89 min left". */
function begunWords(item: LibraryItem): string {
  const { runtimeMinutes, watchedPercent } = item;
  const left =
    runtimeMinutes === null || watchedPercent === null
      ? 0
      : Math.round((runtimeMinutes * (100 - watchedPercent)) / 100);
  return [watchedWords(item), left > 0 ? `${left} min left` : ''].filter((part) => part !== '').join(', ');
}

function sessionSummary({ user, device, item, percent, isPaused, isTranscoding }: PlaySession) {
  return {
    user,
    device,
    ...itemTitle(item),
    percent: percent === null ? null : Math.floor(percent),
    isPaused,
    isTranscoding,
  };
}
