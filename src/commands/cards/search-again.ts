import type { APIComponentInContainer } from 'discord.js';
import { UserError } from '../../errors.ts';
import type { Movie, Series, Title } from '../../services/titles.ts';
import { searchMovieAgain } from '../../tools/radarr.ts';
import { searchSeriesAgain } from '../../tools/sonarr.ts';
import { choiceIsGone, defineCard } from './card.ts';
import { actionRow } from './controls.ts';
import { seasonNumbers } from './seasons.ts';
import { requestFace, text } from './title-face.ts';

/** What is there already, or on its way: the one thing to offer is another search. */
function alreadyThere(title: Title, server: string): string {
  if (title.status.state === 'available') return `It is in ${server} already. A new search looks for a better release.`;
  if (title.status.state === 'downloading') return `${server} has it and is downloading it.`;
  return `It is in ${server} already, and wanted. A new search may find it now.`;
}

export const searchMovieAgainCard = defineCard({
  input: searchMovieAgain.input,
  words: {
    busy: 'Asking Radarr to search again…',
    server: 'Radarr',
  },
  async load(stack, { tmdbId }, options): Promise<{ title: Movie }> {
    const title = await stack.get('radarr').find(tmdbId, options);
    if (title === null)
      throw new UserError('Radarr knows no film with that TMDB id. Search for the title with `/request movie`.');
    return { title };
  },
  prepare: (input) => input,
  render: ({ callId, details }): APIComponentInContainer[] => [
    ...requestFace(details.title, alreadyThere(details.title, 'Radarr')),
    actionRow(callId, 'Search again'),
  ],
  change: choiceIsGone,
  remember: () => ({}),
});

export const searchSeriesAgainCard = defineCard({
  input: searchSeriesAgain.input,
  words: {
    busy: 'Asking Sonarr to search again…',
    server: 'Sonarr',
  },
  async load(stack, { tvdbId }, options): Promise<{ title: Series }> {
    const title = await stack.get('sonarr').find(tvdbId, options);
    if (title === null)
      throw new UserError('Sonarr knows no series with that TVDB id. Search for the title with `/request tv`.');
    return { title };
  },
  prepare: (input) => input,
  render: ({ callId, input, details }): APIComponentInContainer[] => [
    ...requestFace(details.title, alreadyThere(details.title, 'Sonarr')),
    ...(input.seasons === undefined ? [] : [text(`**Search for:** ${seasonNumbers(input.seasons) || 'nothing'}`)]),
    actionRow(callId, 'Search again'),
  ],
  change: choiceIsGone,
  remember: () => ({}),
});
