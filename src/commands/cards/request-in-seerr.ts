import { type APIComponentInContainer, ButtonStyle } from 'discord.js';
import { UserError } from '../../errors.ts';
import { inEdition, type SeerrTitle } from '../../services/jellyseerr/schemas.ts';
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

/** Whether nobody asked for it yet: of a series, for at least one of its seasons. */
function hasOpen(title: SeerrTitle): boolean {
  return title.kind === 'movie'
    ? title.status.state === 'absent'
    : title.seasons.length === 0 || title.seasons.some(({ monitored }) => !monitored);
}

export const requestInSeerrCard = defineCard({
  input: requestInSeerr.input,
  words: { busy: 'Requesting…', server: 'Seerr' },
  async load(stack, { kind, tmdbId }, options): Promise<Details> {
    const seerr = stack.get('jellyseerr');
    const [title, offers] = await Promise.all([seerr.find({ kind, tmdbId }, options), seerr.offers(options)]);
    if (title === null)
      throw new UserError('Seerr knows no title with that TMDB id. Search for the title with `/request`.');
    const offers4k = kind === 'movie' ? offers.movie4k : offers.series4k;
    return { title: offers.specials ? title : withoutSpecials(title), offers4k };
  },
  prepare(input, { title, offers4k }) {
    const { is4k: wanted, ...rest } = input;
    // What the model asks for and the server does not offer must not hide on a card without that choice.
    const is4k = wanted === true && offers4k;
    const seasons = input.seasons ?? firstSeasons(inEdition(title, is4k));
    return { ...rest, ...(is4k ? { is4k } : {}), ...(input.kind === 'series' ? { seasons } : {}) };
  },
  render({ callId, input, details, page }): APIComponentInContainer[] {
    const is4k = input.is4k === true;
    const title = inEdition(details.title, is4k);
    const isSeries = input.kind === 'series';
    const isOpen = hasOpen(title);
    const seasons = input.seasons ?? [];
    return [
      ...requestFace(title, isOpen ? `Goes to **Seerr**${is4k ? ' in 4K' : ''}.` : nothingLeft(title, is4k)),
      ...(isSeries && isOpen ? [text(`**Request:** ${seasonNumbers(seasons) || 'choose at least one season'}`)] : []),
      ...(isSeries && isOpen ? seasonRows({ callId, page, series: seasonsOf(title) }, { seasons }) : []),
      ...(details.offers4k
        ? [
            buttonRow([
              {
                id: fieldId(callId, '4k', page),
                label: `4K: ${is4k ? 'on' : 'off'}`,
                style: is4k ? ButtonStyle.Primary : ButtonStyle.Secondary,
              },
            ]),
          ]
        : []),
      actionRow(callId, 'Request', { disabled: !isOpen || (isSeries && seasons.length === 0) }),
    ];
  },
  change(input, change, { title, offers4k }) {
    const edition = inEdition(title, input.is4k === true);
    if (change.field === '4k' && offers4k) {
      const is4k = input.is4k !== true;
      if (input.kind === 'movie') return { ...input, is4k };
      // What was chosen stays where it can be asked for in the other edition too.
      const open = new Set(openSeasons(inEdition(title, is4k)));
      const kept = (input.seasons ?? []).filter((number) => open.has(number));
      return { ...input, is4k, seasons: kept.length > 0 ? kept : firstSeasons(inEdition(title, is4k)) };
    }
    const changed = changeSeasons({ seasons: input.seasons ?? [] }, change, seasonsOf(edition)) ?? choiceIsGone();
    return { ...input, seasons: changed.seasons };
  },
  remember: () => ({}),
});

/** Seerr leaves season 0 out of a request unless its settings allow specials. */
function withoutSpecials(title: SeerrTitle): SeerrTitle {
  const numbered = <Of extends Pick<SeerrTitle, 'seasons'>>(of: Of): Of => {
    return { ...of, seasons: of.seasons.filter(({ seasonNumber }) => seasonNumber > 0) };
  };
  return { ...numbered(title), in4k: numbered(title.in4k) };
}

function nothingLeft({ kind, status }: SeerrTitle, is4k: boolean): string {
  const what = is4k ? ' in 4K' : '';
  if (kind === 'series') return `Every season is there or requested${what} already: nothing is left to request.`;
  switch (status.state) {
    case 'available':
      return `It is there${what} already: nothing is left to request.`;
    case 'requested':
      return `It is requested${what} already, and waits for approval in Seerr.`;
    default:
      return `It is requested${what} already, and on its way.`;
  }
}
