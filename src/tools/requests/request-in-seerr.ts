import { z } from 'zod';
import { ServiceError, UserError } from '../../errors.ts';
import { messages, type Say } from '../../messages.ts';
import { inEdition, type SeerrTitle } from '../../services/jellyseerr/schemas.ts';
import type { Choice } from '../choices.ts';
import { seasonNumbers } from '../season-words.ts';
import { slot, told } from '../sentences.ts';
import { searchSeerr } from '../titles/search-seerr.ts';
import { seasonNumbersInput, seasonNumbersOutput, seerrSummary, seerrSummaryShape } from '../titles/summaries.ts';
import {
  getFilm,
  getFirstSeason,
  getSeasons,
  getSeriesWhole,
  getTitle,
  getTitleIn4k,
  getTitleInSeerr,
  seriesExample,
} from '../titles/title-sentences.ts';
import { unknownTitleMessages } from '../titles/unknown-title.ts';
import { definePressTool } from '../tool.ts';
import { newestFirst, seasonChoices } from './season-choices.ts';
import { seerrProgress } from './seerr-progress.ts';
import { hasOpen, hasSeason, nothingLeft, openSeasons, seerrMessages, withoutSpecials } from './seerr-requests.ts';

/** The seasons to begin with: what is missing of a series that is known already, the only one, else the person's to say. */
function firstSeasons(title: SeerrTitle): number[] {
  if (title.status.state !== 'absent') return openSeasons(title);
  const all = newestFirst(title).map(({ seasonNumber }) => seasonNumber);
  return all.length === 1 ? all : [];
}

const summaryShape = { ...seerrSummaryShape, is4k: z.boolean() };
const madeShape = { ...summaryShape, requestId: z.number(), requestedSeasons: seasonNumbersOutput };

const words = messages('request_in_seerr', {
  activity: 'Requesting in Seerr',
  button: 'Request',
  busy: 'Requesting…',
  goesTo: 'Goes to **Seerr**.',
  goesToIn4k: 'Goes to **Seerr** in 4K.',
  seasons: '**Request:** {seasons}',
  chooseOne: '**Request:** choose at least one season',
  blocklisted: 'It is on Seerr’s blocklist, so nobody can request it. Whoever runs Seerr can take it off that list.',
  noSuchSeason: '{count, plural, other {Seerr lists no season {seasons} of this series. Choose from those it lists.}}',
  requested: '✅ Requested. Seerr approved it and passes it on.',
  requestedSeasons: '✅ Requested: {seasons}. Seerr approved it and passes it on.',
  waiting: '📨 Requested. It waits for approval in Seerr.',
  waitingSeasons: '📨 Requested: {seasons}. It waits for approval in Seerr.',
  nothingLeft: 'All of it is available or requested in Seerr already, so nothing was changed.',
  alreadyRequested: 'It is requested in Seerr already, so nothing was changed.',
});

export const requestInSeerr = definePressTool({
  name: 'request_in_seerr',
  description:
    'Request a film, or seasons of a series (all that are missing when left out). Shows a card: call it at once.',
  effect: 'write',
  services: ['jellyseerr'],
  input: z.object({
    kind: z.enum(['movie', 'series']),
    tmdbId: z.number().int().positive().describe('from search_seerr'),
    seasons: seasonNumbersInput.optional(),
    is4k: z.boolean().optional(),
  }),
  output: z.discriminatedUnion('result', [
    z.object({ result: z.literal('requested'), ...madeShape }),
    z.object({ result: z.literal('waiting_for_approval'), ...madeShape }),
    z.object({ result: z.literal('nothing_left'), ...summaryShape }),
    z.object({ result: z.literal('already_requested'), ...summaryShape }),
  ]),
  words,
  sentences: {
    phrases: [
      { says: [...getTitle, ...getTitleInSeerr] },
      { says: getTitleIn4k, means: { is4k: true } },
      { says: getFilm, means: { kind: 'movie' } },
      { says: [...getSeasons, ...getSeriesWhole], means: { kind: 'series' }, example: seriesExample },
      { says: getFirstSeason, means: { kind: 'series', seasons: [1] }, example: seriesExample },
    ],
    input: { kind: told(searchSeerr, 'kind'), tmdbId: told(searchSeerr, 'tmdbId'), seasons: slot('seasons') },
  },
  async load(stack, { kind, tmdbId }, options) {
    const seerr = stack.get('jellyseerr');
    const [title, offers] = await Promise.all([seerr.find({ kind, tmdbId }, options), seerr.offers(options)]);
    if (title === null) throw new UserError((say) => say(unknownTitleMessages.seerr));
    const offers4k = kind === 'movie' ? offers.movie4k : offers.series4k;
    return { title: offers.specials ? title : withoutSpecials(title), offers4k };
  },
  fillIn(input, { title, offers4k }) {
    const { is4k: wanted, ...rest } = input;
    // What the model asks for and the server does not offer must not hide on a card without that choice.
    const is4k = wanted === true && offers4k;
    // Only what is listed can be chosen on the card, so nothing else may hide on it.
    const seasons = input.seasons?.filter((number) => hasSeason(title, number)) ?? firstSeasons(inEdition(title, is4k));
    return { ...rest, ...(is4k ? { is4k } : {}), ...(input.kind === 'series' ? { seasons } : {}) };
  },
  preview({ kind, seasons = [], is4k = false }, details, say) {
    const title = inEdition(details.title, is4k);
    if (!hasOpen(title)) return { about: title, lines: [nothingLeft(title, is4k, say)], isNothing: true };
    const to = say(is4k ? words.goesToIn4k : words.goesTo);
    if (kind === 'movie') return { about: title, lines: [to] };
    return { about: title, lines: [to, choiceWords(seasons, say)], isNothing: seasons.length === 0 };
  },
  choices(input, { title, offers4k }, say) {
    const edition = inEdition(title, input.is4k === true);
    const ofEdition: Choice<typeof input> = {
      kind: 'toggle',
      id: '4k',
      label: say(seerrMessages.in4k),
      isOn: input.is4k === true,
      take(is4k) {
        if (input.kind === 'movie') return { ...input, is4k };
        // What was chosen stays where it can be asked for in the other edition too.
        const open = new Set(openSeasons(inEdition(title, is4k)));
        const kept = (input.seasons ?? []).filter((number) => open.has(number));
        return { ...input, is4k, seasons: kept.length > 0 ? kept : firstSeasons(inEdition(title, is4k)) };
      },
    };
    return [
      ...(input.kind === 'series' && hasOpen(edition) ? seasonChoices(input, edition, say) : []),
      ...(offers4k && edition.status.state !== 'blocklisted' ? [ofEdition] : []),
    ];
  },
  async run(stack, { kind: of, tmdbId: id, seasons: wanted, is4k = false }, options) {
    const seerr = stack.get('jellyseerr');
    const title = await seerr.find({ kind: of, tmdbId: id }, options);
    if (title === null) throw new UserError((say) => say(unknownTitleMessages.seerr));
    if (title.status.state === 'blocklisted') throw new UserError((say) => say(words.blocklisted));
    const edition = inEdition(title, is4k);
    const unknown = (wanted ?? []).filter((number) => !hasSeason(title, number));
    // Seerr would take any number, and wait for it for ever.
    if (of === 'series' && unknown.length > 0)
      throw new UserError((say) => say(words.noSuchSeason, { count: unknown.length, seasons: unknown.join(', ') }));
    const seasons = of === 'series' ? (wanted ?? openSeasons(edition)) : [];
    const summary = { ...seerrSummary(edition), is4k };
    if (of === 'series' && seasons.length === 0) return { result: 'nothing_left' as const, ...summary };
    try {
      const made = await seerr.request({ kind: of, tmdbId: id, seasons, is4k }, options);
      if (made === null) return { result: 'nothing_left' as const, ...summary };
      const result = made.state === 'waiting_for_approval' ? ('waiting_for_approval' as const) : ('requested' as const);
      return { result, ...summary, requestId: made.id, requestedSeasons: made.seasons };
    } catch (error) {
      if (!(error instanceof ServiceError) || error.failure !== 'conflict') throw error;
      return { result: 'already_requested' as const, ...summary };
    }
  },
  async verify(stack, { kind: of, tmdbId: id, seasons = [], is4k }, options) {
    const title = await stack.get('jellyseerr').find({ kind: of, tmdbId: id }, options);
    if (title === null) return 'unknown';
    const edition = inEdition(title, is4k === true);
    const isOpen = edition.status.state === 'absent' || edition.status.state === 'blocklisted';
    if (of === 'movie') return isOpen ? 'did_not_happen' : 'happened';
    const open = new Set(openSeasons(edition));
    return seasons.length > 0 && !seasons.some((number) => open.has(number)) ? 'happened' : 'did_not_happen';
  },
  done: {
    requested({ requestedSeasons }, { say }) {
      const seasons = seasonNumbers(requestedSeasons, say);
      return seasons === '' ? say(words.requested) : say(words.requestedSeasons, { seasons });
    },
    waiting_for_approval({ requestedSeasons }, { say }) {
      const seasons = seasonNumbers(requestedSeasons, say);
      return seasons === '' ? say(words.waiting) : say(words.waitingSeasons, { seasons });
    },
    nothing_left: (_outcome, { say }) => say(words.nothingLeft),
    already_requested: (_outcome, { say }) => say(words.alreadyRequested),
  },
  progress: {
    after: ['requested', 'waiting_for_approval'],
    look: seerrProgress,
    subject: (outcome, say) => ('requestedSeasons' in outcome ? seasonNumbers(outcome.requestedSeasons, say) : ''),
  },
});

function choiceWords(chosen: readonly number[], say: Say): string {
  const seasons = seasonNumbers(chosen, say);
  return seasons === '' ? say(words.chooseOne) : say(words.seasons, { seasons });
}
