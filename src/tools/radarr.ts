import { z } from 'zod';
import { UserError } from '../errors.ts';
import { type Movie, minimumAvailabilities } from '../services/titles.ts';
import { filmProgress } from './film-progress.ts';
import { searchOrTell } from './search-or-tell.ts';
import { listPage, listPageInput, shortTitle } from './title-list.ts';
import { definePressTool, defineReadTool } from './tool.ts';

const tmdbId = z.number().int().positive().describe('TMDB id, from search_movies');

/** What is shown of a film in a list: enough to choose by. */
function movieSummary(movie: Movie) {
  return { tmdbId: movie.tmdbId, ...shortTitle(movie) };
}

export const searchMovies = defineReadTool({
  name: 'search_movies',
  description: 'Find films by title, whether or not they are in the library. Use before anything else about a film.',
  services: ['radarr'],
  input: z.object({ query: z.string().trim().min(1).max(200) }),
  activity: 'Searching Radarr',
  async run(stack, { query }, options) {
    const movies = await stack.get('radarr').lookup(query, options);
    return { results: movies.slice(0, 10).map(movieSummary) };
  },
});

export const getMovie = defineReadTool({
  name: 'get_movie',
  description: 'Details of one film: overview, runtime, rating, and whether it is there, wanted or downloading.',
  services: ['radarr'],
  input: z.object({ tmdbId }),
  activity: 'Looking at the film in Radarr',
  async run(stack, input, options) {
    const movie = await stack.get('radarr').find(input.tmdbId, options);
    if (movie === null) throw new UserError('Radarr knows no film with that TMDB id. Search for the title again.');
    return movie;
  },
});

export const listMovies = defineReadTool({
  name: 'list_movies',
  description: 'The films in the library, newest year first; `query` filters by title.',
  services: ['radarr'],
  input: listPageInput,
  activity: 'Looking through Radarr’s library',
  async run(stack, input, options) {
    return listPage(await stack.get('radarr').library(options), input, movieSummary);
  },
});

export const requestMovie = definePressTool({
  name: 'request_movie',
  description:
    'Ask Radarr to get a film. The person is shown a card and decides there: call it at once, do not ask beforehand. Leave quality and folder out unless the person named them.',
  effect: 'write',
  services: ['radarr'],
  input: z.object({
    tmdbId,
    qualityProfileId: z.number().int().positive().optional(),
    rootFolderPath: z.string().max(500).optional(),
    minimumAvailability: z.enum(minimumAvailabilities).optional(),
  }),
  activity: 'Requesting in Radarr',
  async run(stack, input, options) {
    const radarr = stack.get('radarr');
    const [movie, profiles, folders] = await Promise.all([
      radarr.find(input.tmdbId, options),
      radarr.qualityProfiles(options),
      radarr.rootFolders(options),
    ]);
    if (movie === null) throw new UserError('Radarr knows no film with that TMDB id. Search for the title again.');
    if (movie.libraryId !== null) {
      if (movie.status.state !== 'unmonitored') return { result: 'already_there' as const, ...movieSummary(movie) };
      await radarr.monitor(movie.libraryId, options);
      await searchOrTell('Radarr', radarr.search(movie.libraryId, options));
      return { result: 'monitored_again' as const, ...movieSummary(movie) };
    }
    const profile = chosen(profiles, (item) => item.id, input.qualityProfileId, 'quality profile');
    const folder = chosen(folders, (item) => item.path, input.rootFolderPath, 'root folder');
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
  progress: filmProgress,
});

export const searchMovieAgain = definePressTool({
  name: 'search_movie_again',
  description: 'Ask Radarr to look for a release of a film that is in the library but not downloaded yet.',
  effect: 'write',
  services: ['radarr'],
  input: z.object({ tmdbId }),
  activity: 'Asking Radarr to search again',
  async run(stack, input, options) {
    const radarr = stack.get('radarr');
    const movie = await radarr.find(input.tmdbId, options);
    if (movie === null || movie.libraryId === null)
      throw new UserError('That film is not in Radarr’s library any more. Request it instead.');
    await radarr.search(movie.libraryId, options);
    return { result: 'search_started' as const, ...movieSummary(movie) };
  },
  // Radarr does not tell which searches it was asked for.
  verify: async () => 'unknown',
  progress: filmProgress,
});

/** The option that was asked for, or the only or first one. Throws UserError when there is none such. */
export function chosen<Item, Key>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
  wanted: Key | undefined,
  what: string,
): Item {
  const item = wanted === undefined ? items[0] : items.find((candidate) => keyOf(candidate) === wanted);
  if (item !== undefined) return item;
  throw new UserError(
    items.length === 0
      ? `The server has no ${what} yet. Add one in its settings, then request again.`
      : `That ${what} is no longer there. Choose another one and request again.`,
  );
}
