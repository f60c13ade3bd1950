import { messages, type Say } from '../../messages.ts';
import type { Season, Series } from '../../services/titles.ts';
import type { Choice } from '../choices.ts';

export const seasonChoiceMessages = messages('season_choices', {
  which: 'Which seasons?',
  season: 'Season {season}',
  newer: '‹ Newer',
  older: 'Older ›',
  all: 'All seasons',
  none: 'No season',
  missingOnes: 'Missing seasons',
  specials: 'Specials',
  there: 'there',
  episodesThere: '{have, number, ::group-off} of {of, number, ::group-off} episodes there',
  wanted: 'wanted, not downloaded yet',
  missing: 'missing',
});

/** What the choice of seasons needs of a series, whichever server has it. */
export type SeasonList = Pick<Series, 'seasons' | 'libraryId'>;

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

/** "there", "3 of 10 episodes there", "wanted", "missing". */
function seasonState(season: Season, say: Say): string {
  if (isComplete(season)) return say(seasonChoiceMessages.there);
  const { episodeFileCount: have, episodeCount: of } = season;
  if (have > 0) return say(seasonChoiceMessages.episodesThere, { have, of });
  return say(season.monitored ? seasonChoiceMessages.wanted : seasonChoiceMessages.missing);
}

/** Which seasons, with shortcuts to all of them and to those that are missing, and the specials. */
export function seasonChoices<Input extends { seasons?: number[] | undefined }>(
  input: Input,
  series: SeasonList,
  say: Say,
): Choice<Input>[] {
  const all = newestFirst(series);
  const missing = missingSeasons(series);
  const chosen = input.seasons ?? [];
  const hasAll = all.every((season) => chosen.includes(season.seasonNumber));
  const specials = chosen.filter((number) => number === 0);
  const take = (numbers: readonly number[]): Input => ({ ...input, seasons: ascending(numbers) });
  const ofAll = hasAll
    ? { id: 'all', label: say(seasonChoiceMessages.none), values: [] }
    : shortcut('all', say(seasonChoiceMessages.all), numbersOf(all));
  const ofMissing = shortcut('missing', say(seasonChoiceMessages.missingOnes), missing);
  const numbered: Choice<Input> = {
    kind: 'several',
    id: 'seasons',
    label: say(seasonChoiceMessages.which),
    options: all.map((season) => ({
      value: String(season.seasonNumber),
      label: say(seasonChoiceMessages.season, { season: season.seasonNumber }),
      description: seasonState(season, say),
    })),
    chosen: chosen.map(String),
    pager: { back: say(seasonChoiceMessages.newer), next: say(seasonChoiceMessages.older) },
    shortcuts: [
      ...(all.length > 1 ? [ofAll] : []),
      ...(series.libraryId !== null && missing.length > 0 ? [ofMissing] : []),
    ],
    take: (values) => take([...specials, ...values.map(Number)]),
  };
  const others = chosen.filter((number) => number !== 0);
  const ofSpecials: Choice<Input> = {
    kind: 'toggle',
    id: 'specials',
    label: say(seasonChoiceMessages.specials),
    isOn: specials.length > 0,
    take: (isOn) => take(isOn ? [0, ...others] : others),
  };
  const hasSpecials = series.seasons.some((season) => season.seasonNumber === 0);
  return hasSpecials ? [numbered, ofSpecials] : [numbered];
}

function shortcut(id: string, label: string, numbers: readonly number[]) {
  return { id, label, values: numbers.map(String) };
}

function numbersOf(seasons: readonly Season[]): number[] {
  return seasons.map((season) => season.seasonNumber);
}

function ascending(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b).slice(-mostSeasons);
}
