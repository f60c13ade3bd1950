import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { messages } from '../../messages.ts';
import { type Movie, minimumAvailabilities } from '../../services/titles.ts';
import { told } from '../sentences.ts';
import { searchMovies } from '../titles/search-movies.ts';
import { movieId, movieSummary, movieSummaryShape } from '../titles/summaries.ts';
import { getFilm, getTitle, getTitleIn4k } from '../titles/title-sentences.ts';
import { unknownTitleMessages } from '../titles/unknown-title.ts';
import { definePressTool } from '../tool.ts';
import { chosen } from './chosen.ts';
import { filmProgress } from './film-progress.ts';
import { fillInPlaces, type Places, placeChoices } from './place-choices.ts';
import { searchOrTell } from './search-or-tell.ts';

/** Whether Radarr would do nothing with a request: it has the film, or watches for it. */
export function isWanted({ status }: Movie): boolean {
  return status.state !== 'absent' && status.state !== 'unmonitored';
}

const words = messages('request_movie', {
  activity: 'Requesting in Radarr',
  button: 'Request',
  busy: 'Requesting…',
  goesTo: 'Goes to **Radarr**.',
  nothingToChange: 'It is in Radarr already: a request would change nothing.',
  when: 'When to download it',
  announced: 'As soon as it is announced',
  inCinemas: 'Once it is in cinemas',
  released: 'Once released digitally or on disc',
  requested: '✅ Requested. Radarr is looking for it.',
  monitoredAgain: '✅ Requested. It was in the library; Radarr watches for it again and is looking for it.',
  alreadyThere: 'It was in Radarr already, so nothing was changed.',
});

export const requestMovie = definePressTool({
  name: 'request_movie',
  description:
    'Ask Radarr to get a film. The person is shown a card and decides there: call it at once, do not ask beforehand. Leave quality and folder out unless the person named them.',
  effect: 'write',
  // Two look-ups on the internet, of which each may take five seconds.
  slow: { limitMs: 60_000 },
  services: ['radarr'],
  input: z.object({
    tmdbId: movieId,
    qualityProfileId: z.number().int().positive().optional(),
    rootFolderPath: z.string().max(500).optional(),
    minimumAvailability: z.enum(minimumAvailabilities).optional(),
  }),
  output: z.discriminatedUnion('result', [
    z.object({ result: z.literal('requested'), ...movieSummaryShape }),
    z.object({ result: z.literal('monitored_again'), ...movieSummaryShape }),
    z.object({ result: z.literal('already_there'), ...movieSummaryShape }),
  ]),
  words,
  sentences: {
    phrases: [{ says: [...getTitle, ...getTitleIn4k, ...getFilm] }],
    input: { tmdbId: told(searchMovies, 'tmdbId') },
  },
  async load(stack, { tmdbId }, options): Promise<Places & { title: Movie }> {
    const radarr = stack.get('radarr');
    const [title, profiles, folders] = await Promise.all([
      radarr.find(tmdbId, options),
      radarr.qualityProfiles(options),
      radarr.rootFolders(options),
    ]);
    if (title === null) throw new UserError((say) => say(unknownTitleMessages.filmOfCard));
    return { title, profiles, folders };
  },
  fillIn: (input, details, { radarr }) => ({
    ...input,
    ...fillInPlaces(input, details, radarr),
    minimumAvailability: input.minimumAvailability ?? radarr?.minimumAvailability ?? 'released',
  }),
  preview: (_input, { title }, say) => ({
    about: title,
    lines: [say(isWanted(title) ? words.nothingToChange : words.goesTo)],
  }),
  choices(input, { title, ...places }, say) {
    // What is in the library keeps the profile and folder that it has.
    if (title.libraryId !== null) return [];
    return [
      ...placeChoices(input, places, say),
      {
        kind: 'one',
        id: 'availability',
        label: say(words.when),
        options: minimumAvailabilities.map((value) => ({ value, label: say(words[value]) })),
        chosen: input.minimumAvailability,
        take: (value) => ({ ...input, minimumAvailability: minimumAvailabilities.find((known) => known === value) }),
      },
    ];
  },
  remember: ({ qualityProfileId, rootFolderPath, minimumAvailability }, { title }) =>
    title.libraryId === null ? { radarr: { qualityProfileId, rootFolderPath, minimumAvailability } } : {},
  async run(stack, input, options) {
    const radarr = stack.get('radarr');
    const [movie, profiles, folders] = await Promise.all([
      radarr.find(input.tmdbId, options),
      radarr.qualityProfiles(options),
      radarr.rootFolders(options),
    ]);
    if (movie === null) throw new UserError((say) => say(unknownTitleMessages.film));
    if (movie.libraryId !== null) {
      if (movie.status.state !== 'unmonitored') return { result: 'already_there' as const, ...movieSummary(movie) };
      await radarr.monitor(movie.libraryId, options);
      await searchOrTell('radarr', radarr.search(movie.libraryId, options));
      return { result: 'monitored_again' as const, ...movieSummary(movie) };
    }
    const profile = chosen(profiles, (item) => item.id, input.qualityProfileId, 'profile');
    const folder = chosen(folders, (item) => item.path, input.rootFolderPath, 'folder');
    const added = await radarr.add(
      {
        tmdbId: input.tmdbId,
        qualityProfileId: profile.id,
        rootFolderPath: folder.path,
        minimumAvailability: input.minimumAvailability ?? 'released',
      },
      options,
    );
    return { result: 'requested' as const, ...movieSummary(added) };
  },
  async verify(stack, input, options) {
    const movie = await stack.get('radarr').find(input.tmdbId, options);
    const there = movie !== null && movie.libraryId !== null && movie.status.state !== 'unmonitored';
    return there ? 'happened' : 'did_not_happen';
  },
  done: {
    requested: (_outcome, { say }) => say(words.requested),
    monitored_again: (_outcome, { say }) => say(words.monitoredAgain),
    already_there: (_outcome, { say }) => say(words.alreadyThere),
  },
  progress: { after: ['requested', 'monitored_again'], look: filmProgress },
});
