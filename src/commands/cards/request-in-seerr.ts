import { type APIComponentInContainer, ButtonStyle } from 'discord.js';
import { UserError } from '../../errors.ts';
import type { SeerrTitle } from '../../services/jellyseerr/schemas.ts';
import { openSeasons, requestInSeerr } from '../../tools/jellyseerr.ts';
import { choiceIsGone, defineCard } from './card.ts';
import { actionRow, buttonRow, fieldId } from './controls.ts';
import { changeSeasons, newestFirst, type SeasonList, seasonNumbers, seasonRows } from './seasons.ts';
import { requestFace, text } from './title-face.ts';

type Details = { title: SeerrTitle; offers4k: boolean };

/** Seerr has no "future seasons": a series is offered as one that has ended. */
function seasonsOf({ seasons, libraryId }: SeerrTitle): SeasonList {
  return { seasons, libraryId, ended: true };
}

/** The seasons to begin with: what is missing of a series that is known already, the only one, else the person's to say. */
function firstSeasons(title: SeerrTitle): number[] {
  if (title.status.state !== 'absent') return openSeasons(title);
  const all = newestFirst(seasonsOf(title)).map(({ seasonNumber }) => seasonNumber);
  return all.length === 1 ? all : [];
}

export const requestInSeerrCard = defineCard({
  input: requestInSeerr.input,
  words: { busy: 'Requesting…', server: 'Seerr' },
  async load(stack, { kind, tmdbId }, options): Promise<Details> {
    const seerr = stack.get('jellyseerr');
    const [title, offers] = await Promise.all([seerr.find({ kind, tmdbId }, options), seerr.offers4k(options)]);
    if (title === null)
      throw new UserError('Seerr knows no title with that TMDB id. Search for the title with `/request`.');
    return { title, offers4k: offers[kind] };
  },
  prepare: (input, { title }) =>
    input.kind === 'series' ? { ...input, seasons: input.seasons ?? firstSeasons(title) } : input,
  render({ callId, input, details, page }): APIComponentInContainer[] {
    const { title, offers4k } = details;
    const isSeries = input.kind === 'series';
    const seasons = input.seasons ?? [];
    const status = input.is4k === true ? title.status4k : title.status;
    const isNothing = isSeries ? seasons.length === 0 : status.state !== 'absent';
    const series = seasonsOf(title);
    return [
      ...requestFace(title),
      text(goesTo(isNothing && !isSeries, input.is4k === true)),
      ...(isSeries ? [text(`**Request:** ${seasonNumbers(seasons) || 'choose at least one season'}`)] : []),
      ...(isSeries ? seasonRows({ callId, page, series }, { seasons }) : []),
      ...(offers4k
        ? [
            buttonRow([
              {
                id: fieldId(callId, '4k', page),
                label: `4K: ${input.is4k === true ? 'on' : 'off'}`,
                style: input.is4k === true ? ButtonStyle.Primary : ButtonStyle.Secondary,
              },
            ]),
          ]
        : []),
      actionRow(callId, 'Request', { disabled: isNothing }),
    ];
  },
  change(input, change, { title, offers4k }) {
    if (change.field === '4k' && offers4k) return { ...input, is4k: input.is4k !== true };
    const changed = changeSeasons({ seasons: input.seasons ?? [] }, change, seasonsOf(title)) ?? choiceIsGone();
    return { ...input, seasons: changed.seasons };
  },
  remember: () => ({}),
});

function goesTo(isThere: boolean, is4k: boolean): string {
  const what = is4k ? ' in 4K' : '';
  return isThere ? `It is in Seerr${what} already: there is nothing left to request.` : `Goes to **Seerr**${what}.`;
}
