import type { APIComponentInContainer } from 'discord.js';
import { UserError } from '../../errors.ts';
import type { Series } from '../../services/titles.ts';
import { requestSeries } from '../../tools/sonarr.ts';
import { choiceIsGone, defineCard } from './card.ts';
import { actionRow } from './controls.ts';
import { changePlaces, type Places, placeRows, preparePlaces } from './quality-and-folder.ts';
import { changeSeasons, missingSeasons, newestFirst, type SeasonChoice, seasonNumbers, seasonRows } from './seasons.ts';
import { requestFace, text } from './title-face.ts';

type Details = Places & { title: Series };

/** The seasons to begin with: what is missing of a series that is there, the only one, else the person's to say. */
export function firstSeasons(series: Series): number[] {
  if (series.libraryId !== null) return missingSeasons(series).sort((a, b) => a - b);
  const all = newestFirst(series).map((season) => season.seasonNumber);
  return all.length === 1 ? all : [];
}

export const requestSeriesCard = defineCard({
  input: requestSeries.input,
  words: {
    busy: 'Requesting…',
    server: 'Sonarr',
  },
  async load(stack, { tvdbId }, options): Promise<Details> {
    const sonarr = stack.get('sonarr');
    const [title, profiles, folders] = await Promise.all([
      sonarr.find(tvdbId, options),
      sonarr.qualityProfiles(options),
      sonarr.rootFolders(options),
    ]);
    if (title === null)
      throw new UserError('Sonarr knows no series with that TVDB id. Search for the title with `/request tv`.');
    return { title, profiles, folders };
  },
  prepare: (input, details, { sonarr }) => ({ ...input, ...preparePlaces(input, details, sonarr) }),
  render({ callId, input, details, page }): APIComponentInContainer[] {
    const { title } = details;
    const isNothing = input.seasons.length === 0 && input.monitorNew !== true;
    return [
      ...requestFace(title, 'Goes to **Sonarr**.'),
      ...(title.libraryId === null ? placeRows({ callId, page }, input, details) : []),
      text(`**Request:** ${choiceWords(input)}`),
      ...seasonRows({ callId, page, series: title }, input),
      actionRow(callId, 'Request', { disabled: isNothing }),
    ];
  },
  change: (input, change, details) => ({
    ...input,
    ...(changeSeasons(input, change, details.title) ??
      changePlaces(change.field, change.values, details) ??
      choiceIsGone()),
  }),
  remember: ({ qualityProfileId, rootFolderPath }, { title }) =>
    title.libraryId === null ? { sonarr: { qualityProfileId, rootFolderPath } } : {},
});

function choiceWords({ seasons, monitorNew }: SeasonChoice): string {
  const numbered = seasonNumbers(seasons);
  if (monitorNew !== true) return numbered === '' ? 'choose at least one season' : numbered;
  return numbered === '' ? 'future seasons' : `${numbered}, and future seasons`;
}
