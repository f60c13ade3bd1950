import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { messages, type Say } from '../../messages.ts';
import type { Series } from '../../services/titles.ts';
import type { Choice } from '../choices.ts';
import { seasonNumbers } from '../season-words.ts';
import { either, slot, told } from '../sentences.ts';
import { getSeries } from '../titles/get-series.ts';
import { searchSeries } from '../titles/search-series.ts';
import {
  seasonNumbersInput,
  seasonNumbersOutput,
  seriesId,
  seriesSummary,
  seriesSummaryShape,
} from '../titles/summaries.ts';
import { getFirstSeason, getSeasons, getSeriesWhole, getTitle, seriesExample } from '../titles/title-sentences.ts';
import { unknownTitleMessages } from '../titles/unknown-title.ts';
import { definePressTool } from '../tool.ts';
import { chosen } from './chosen.ts';
import { fillInPlaces, type Places, placeChoices } from './place-choices.ts';
import { searchOrTell } from './search-or-tell.ts';
import { missingSeasons, newestFirst, seasonChoices } from './season-choices.ts';
import { seriesProgress } from './series-progress.ts';

/** The seasons to begin with: what is missing of a series that is there, the only one, else the person's to say. */
export function firstSeasons(series: Series): number[] {
  if (series.libraryId !== null) return missingSeasons(series).sort((a, b) => a - b);
  const all = newestFirst(series).map((season) => season.seasonNumber);
  return all.length === 1 ? all : [];
}

const outcome = { requestedSeasons: seasonNumbersOutput, ...seriesSummaryShape };

const words = messages('request_series', {
  activity: 'Requesting in Sonarr',
  button: 'Request',
  busy: 'Requesting…',
  goesTo: 'Goes to **Sonarr**.',
  chooseOne: '**Request:** choose at least one season',
  numbered: '**Request:** {seasons}',
  future: '**Request:** future seasons',
  numberedAndFuture: '**Request:** {seasons}, and future seasons',
  futureSeasons: 'Future seasons',
  noneChosen: 'No season is chosen. Choose at least one, then press Request.',
  noSuchSeason: '{count, plural, other {Sonarr knows no season {seasons} of this series. Choose from those it lists.}}',
  requested: '✅ Requested. Sonarr is looking for it.',
  requestedSeasons: '✅ Requested: {seasons}. Sonarr is looking for it.',
  added: '✅ Added. Sonarr is looking for the episodes.',
  addedSeasons: '✅ Added: {seasons}. Sonarr is looking for the episodes.',
});

export const requestSeries = definePressTool({
  name: 'request_series',
  description:
    'Ask Sonarr to get seasons of a series (season numbers; 0 is the specials; take all numbers from 1 up when the person wants all of it). The person is shown a card and decides there: call it at once, do not ask beforehand.',
  effect: 'write',
  // Two look-ups on the internet, and a command for each season.
  slow: { limitMs: 60_000 },
  services: ['sonarr'],
  input: z.object({
    tvdbId: seriesId,
    seasons: seasonNumbersInput,
    monitorNew: z.boolean().optional().describe('also get seasons that come later'),
    qualityProfileId: z.number().int().positive().optional(),
    rootFolderPath: z.string().max(500).optional(),
  }),
  output: z.discriminatedUnion('result', [
    z.object({ result: z.literal('requested'), ...outcome }),
    z.object({ result: z.literal('seasons_added'), ...outcome }),
  ]),
  words,
  sentences: {
    phrases: [
      { says: [...getSeasons, ...getTitle, ...getSeriesWhole] },
      { says: getFirstSeason, means: { seasons: [1] } },
    ],
    example: seriesExample,
    input: {
      tvdbId: told(searchSeries, 'tvdbId'),
      seasons: either(slot('seasons'), told(getSeries, 'listed')),
    },
  },
  async load(stack, { tvdbId }, options): Promise<Places & { title: Series }> {
    const sonarr = stack.get('sonarr');
    const [title, profiles, folders] = await Promise.all([
      sonarr.find(tvdbId, options),
      sonarr.qualityProfiles(options),
      sonarr.rootFolders(options),
    ]);
    if (title === null) throw new UserError((say) => say(unknownTitleMessages.seriesOfCard));
    return { title, profiles, folders };
  },
  fillIn: (input, details, { sonarr }) => ({ ...input, ...fillInPlaces(input, details, sonarr) }),
  preview: ({ seasons, monitorNew = false }, { title }, say) => ({
    about: title,
    lines: [say(words.goesTo), choiceWords(seasons, monitorNew, say)],
    isNothing: seasons.length === 0 && !monitorNew,
  }),
  choices(input, { title, ...places }, say) {
    const future: Choice<typeof input> = {
      kind: 'toggle',
      id: 'future',
      label: say(words.futureSeasons),
      isOn: input.monitorNew === true,
      take: (monitorNew) => ({ ...input, monitorNew }),
    };
    return [
      ...(title.libraryId === null ? placeChoices(input, places, say) : []),
      ...seasonChoices(input, title, say),
      ...(title.ended ? [] : [future]),
    ];
  },
  remember: ({ qualityProfileId, rootFolderPath }, { title }) =>
    title.libraryId === null ? { sonarr: { qualityProfileId, rootFolderPath } } : {},
  async run(stack, input, options) {
    const sonarr = stack.get('sonarr');
    if (input.seasons.length === 0 && !input.monitorNew) throw new UserError((say) => say(words.noneChosen));
    const [series, profiles, folders] = await Promise.all([
      sonarr.find(input.tvdbId, options),
      sonarr.qualityProfiles(options),
      sonarr.rootFolders(options),
    ]);
    if (series === null) throw new UserError((say) => say(unknownTitleMessages.series));
    const numbers = new Set(series.seasons.map((season) => season.seasonNumber));
    const missing = input.seasons.filter((number) => !numbers.has(number));
    if (missing.length > 0)
      throw new UserError((say) => say(words.noSuchSeason, { count: missing.length, seasons: missing.join(', ') }));
    const wanted = { seasons: input.seasons, monitorNew: input.monitorNew ?? false };
    if (series.libraryId !== null) {
      const { libraryId } = series;
      const changed = await sonarr.monitorSeasons({ libraryId, ...wanted }, options);
      await searchOrTell('sonarr', sonarr.searchSeasons({ libraryId, seasons: input.seasons }, options));
      return { result: 'seasons_added' as const, requestedSeasons: input.seasons, ...seriesSummary(changed) };
    }
    const profile = chosen(profiles, (item) => item.id, input.qualityProfileId, 'profile');
    const folder = chosen(folders, (item) => item.path, input.rootFolderPath, 'folder');
    const added = await sonarr.add(
      { tvdbId: input.tvdbId, qualityProfileId: profile.id, rootFolderPath: folder.path, ...wanted },
      options,
    );
    return { result: 'requested' as const, requestedSeasons: input.seasons, ...seriesSummary(added) };
  },
  async verify(stack, input, options) {
    const series = await stack.get('sonarr').find(input.tvdbId, options);
    if (series === null || series.libraryId === null) return 'did_not_happen';
    // Whether future seasons are wanted is not told of a series.
    if (input.seasons.length === 0) return 'unknown';
    const monitored = new Set(series.seasons.filter((season) => season.monitored).map((season) => season.seasonNumber));
    return input.seasons.every((number) => monitored.has(number)) ? 'happened' : 'did_not_happen';
  },
  done: {
    requested({ requestedSeasons }, { say }) {
      const seasons = seasonNumbers(requestedSeasons, say);
      return seasons === '' ? say(words.requested) : say(words.requestedSeasons, { seasons });
    },
    seasons_added({ requestedSeasons }, { say }) {
      const seasons = seasonNumbers(requestedSeasons, say);
      return seasons === '' ? say(words.added) : say(words.addedSeasons, { seasons });
    },
  },
  progress: {
    after: ['requested', 'seasons_added'],
    look: seriesProgress,
    subject: ({ requestedSeasons }, say) => seasonNumbers(requestedSeasons, say),
  },
});

function choiceWords(wanted: readonly number[], monitorNew: boolean, say: Say): string {
  const seasons = seasonNumbers(wanted, say);
  if (seasons === '') return say(monitorNew ? words.future : words.chooseOne);
  return say(monitorNew ? words.numberedAndFuture : words.numbered, { seasons });
}
