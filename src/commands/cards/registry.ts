import type { PressToolName } from '../../tools/registry.ts';
import type { AnyCard } from './card.ts';
import { removeRequestCard } from './remove-request.ts';
import { requestInSeerrCard } from './request-in-seerr.ts';
import { requestMovieCard } from './request-movie.ts';
import { requestSeriesCard } from './request-series.ts';
import { searchMovieAgainCard, searchSeriesAgainCard } from './search-again.ts';
import { pauseTorrentsCard, resumeTorrentsCard } from './torrents.ts';

/** The card of every tool that waits for a press. A tool without one does not compile. */
export const cards = {
  request_movie: requestMovieCard,
  search_movie_again: searchMovieAgainCard,
  request_series: requestSeriesCard,
  search_series_again: searchSeriesAgainCard,
  request_in_seerr: requestInSeerrCard,
  remove_request: removeRequestCard,
  pause_torrents: pauseTorrentsCard,
  resume_torrents: resumeTorrentsCard,
} satisfies Record<PressToolName, AnyCard>;
