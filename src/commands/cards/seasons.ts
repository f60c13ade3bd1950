import { type APIComponentInContainer, ButtonStyle } from 'discord.js';
import type { Season, Series } from '../../services/titles.ts';
import { choiceIsGone } from './card.ts';
import { type Button, buttonRow, callId as callIdFor, fieldId, severalRow } from './controls.ts';

/** What the choice of seasons needs of a series, whichever server has it. */
export type SeasonList = Pick<Series, 'seasons' | 'libraryId' | 'ended'>;

const pageSize = 25;
/** As many as the tool takes. */
const mostSeasons = 200;

/** The numbered seasons, newest first; the specials (0) are apart. */
export function newestFirst(series: SeasonList): Season[] {
  const byNumber = new Map(series.seasons.map((season) => [season.seasonNumber, season]));
  return [...byNumber.values()]
    .filter((season) => season.seasonNumber > 0)
    .sort((a, b) => b.seasonNumber - a.seasonNumber)
    .slice(0, mostSeasons);
}

/** Whether every episode that the season has so far is there. */
function isComplete({ episodeCount, episodeFileCount }: Season): boolean {
  return episodeCount > 0 && episodeFileCount >= episodeCount;
}

/** The seasons, newest first, that are not whole and that nobody asked for yet. */
export function missingSeasons(series: SeasonList): number[] {
  return newestFirst(series)
    .filter((season) => !season.monitored && !isComplete(season))
    .map((season) => season.seasonNumber);
}

/** "there", "3 of 10 episodes there", "wanted", "not there". */
function seasonState(season: Season): string {
  if (isComplete(season)) return 'there';
  if (season.episodeFileCount > 0) return `${season.episodeFileCount} of ${season.episodeCount} episodes there`;
  return season.monitored ? 'wanted, not downloaded yet' : 'not there';
}

/** "seasons 1–3, 5 and the specials": whatever numbers as a person would say them. */
export function seasonNumbers(numbers: readonly number[]): string {
  const sorted = [...new Set(numbers)].filter((number) => number > 0).sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const number of sorted) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] === number - 1) run[1] = number;
    else runs.push([number, number]);
  }
  const shown = runs.slice(0, 30).map(([from, to]) => {
    if (from === to) return String(from);
    return to === from + 1 ? `${from}, ${to}` : `${from}–${to}`;
  });
  if (runs.length > shown.length) shown.push('…');
  const numbered = shown.length === 0 ? '' : `${sorted.length === 1 ? 'season' : 'seasons'} ${shown.join(', ')}`;
  if (!numbers.includes(0)) return numbered;
  return numbered === '' ? 'the specials' : `${numbered} and the specials`;
}

export type SeasonChoice = { seasons: number[]; monitorNew?: boolean | undefined };

/** The select with one page of seasons, ‹ and › where there are more, and the shortcuts. */
export function seasonRows(
  { callId, page, series }: { callId: string; page: number; series: SeasonList },
  input: SeasonChoice,
): APIComponentInContainer[] {
  const all = newestFirst(series);
  const pages = Math.max(1, Math.ceil(all.length / pageSize));
  const at = Math.min(Math.max(0, page), pages - 1);
  const shown = pageOf(all, at);
  const rows: APIComponentInContainer[] = [];
  if (shown.length > 0) {
    const options = shown.map((season) => ({
      value: String(season.seasonNumber),
      label: `Season ${season.seasonNumber}`,
      description: seasonState(season),
      isChosen: input.seasons.includes(season.seasonNumber),
    }));
    rows.push(severalRow(fieldId(callId, 'seasons', at), 'Which seasons?', options));
  }
  if (pages > 1)
    rows.push(
      buttonRow([
        { id: callIdFor(callId, 'page', at - 1), label: '‹ Newer', disabled: at === 0 },
        { id: callIdFor(callId, 'page', at + 1), label: 'Older ›', disabled: at === pages - 1 },
      ]),
    );
  const shortcuts = shortcutButtons({ callId, page: at, series }, input);
  if (shortcuts.length > 0) rows.push(buttonRow(shortcuts));
  return rows;
}

function shortcutButtons(
  { callId, page, series }: { callId: string; page: number; series: SeasonList },
  input: SeasonChoice,
): Button[] {
  const all = newestFirst(series);
  const missing = missingSeasons(series);
  const hasSpecials = series.seasons.some((season) => season.seasonNumber === 0);
  const toggle = (field: string, what: string, isOn: boolean): Button => ({
    id: fieldId(callId, field, page),
    label: `${what}: ${isOn ? 'on' : 'off'}`,
    style: isOn ? ButtonStyle.Primary : ButtonStyle.Secondary,
  });
  return [
    ...(all.length > 1
      ? [{ id: fieldId(callId, 'all', page), label: hasAll(all, input) ? 'No season' : 'All seasons' }]
      : []),
    ...(series.libraryId !== null && missing.length > 0
      ? [{ id: fieldId(callId, 'missing', page), label: 'Missing seasons' }]
      : []),
    ...(series.ended ? [] : [toggle('future', 'Future seasons', input.monitorNew === true)]),
    ...(hasSpecials ? [toggle('specials', 'Specials', input.seasons.includes(0))] : []),
  ];
}

/** The choice after a change in one of these rows; null when the field is none of them. */
export function changeSeasons(
  input: SeasonChoice,
  change: { field: string; values: readonly string[]; page: number },
  series: SeasonList,
): SeasonChoice | null {
  const all = newestFirst(series);
  const specials = input.seasons.filter((number) => number === 0);
  switch (change.field) {
    case 'seasons': {
      const shown = new Set(pageOf(all, change.page).map((season) => season.seasonNumber));
      const chosen = change.values.map((value) => (shown.has(Number(value)) ? Number(value) : choiceIsGone()));
      return { ...input, seasons: ascending([...input.seasons.filter((number) => !shown.has(number)), ...chosen]) };
    }
    case 'all': {
      const numbers = hasAll(all, input) ? [] : all.map((season) => season.seasonNumber);
      return { ...input, seasons: ascending([...specials, ...numbers]) };
    }
    case 'missing':
      return { ...input, seasons: ascending([...specials, ...missingSeasons(series)]) };
    case 'specials': {
      const others = input.seasons.filter((number) => number !== 0);
      return { ...input, seasons: ascending(specials.length > 0 ? others : [0, ...others]) };
    }
    case 'future':
      return { ...input, monitorNew: input.monitorNew !== true };
    default:
      return null;
  }
}

function pageOf(all: readonly Season[], page: number): Season[] {
  return all.slice(page * pageSize, (page + 1) * pageSize);
}

function hasAll(all: readonly Season[], input: SeasonChoice): boolean {
  return all.every((season) => input.seasons.includes(season.seasonNumber));
}

function ascending(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b).slice(-mostSeasons);
}
