import { messages } from '../../messages.ts';

/** Said of an id that a server does not know: a title is found again by a search, or by a command where a card was asked for. */
export const unknownTitleMessages = messages('unknown_title', {
  film: 'Radarr knows no film with that TMDB id. Search for the title again.',
  filmOfCard: 'Radarr knows no film with that TMDB id. Search for the title with `/request movie`.',
  series: 'Sonarr knows no series with that TVDB id. Search for the title again.',
  seriesOfCard: 'Sonarr knows no series with that TVDB id. Search for the title with `/request tv`.',
  seerr:
    'Seerr finds no such title: TMDB has none with that id, or does not answer Seerr just now. Search for the title again.',
});
