import { getCalendar } from './calendar/get-calendar.ts';
import { getDownloadQueue } from './downloads/get-download-queue.ts';
import { removeFromQueue } from './downloads/remove-from-queue.ts';
import { getServiceStatus } from './health/get-service-status.ts';
import { getRecentlyAdded } from './library/get-recently-added.ts';
import { listMovies } from './library/list-movies.ts';
import { listSeries } from './library/list-series.ts';
import { removeMovie } from './library/remove-movie.ts';
import { removeSeries } from './library/remove-series.ts';
import { searchLibrary } from './library/search-library.ts';
import { approveRequest } from './requests/approve-request.ts';
import { declineRequest } from './requests/decline-request.ts';
import { listRequests } from './requests/list-requests.ts';
import { removeRequest } from './requests/remove-request.ts';
import { requestInSeerr } from './requests/request-in-seerr.ts';
import { requestMovie } from './requests/request-movie.ts';
import { requestSeries } from './requests/request-series.ts';
import { searchMovieAgain } from './requests/search-movie-again.ts';
import { searchSeriesAgain } from './requests/search-series-again.ts';
import type { Stack } from './stack.ts';
import { getMovie } from './titles/get-movie.ts';
import { getSeries } from './titles/get-series.ts';
import { searchMovies } from './titles/search-movies.ts';
import { searchSeerr } from './titles/search-seerr.ts';
import { searchSeries } from './titles/search-series.ts';
import type { AnyPressTool, AnyTool } from './tool.ts';
import { limitSpeed } from './torrents/limit-speed.ts';
import { listTorrents } from './torrents/list-torrents.ts';
import { pauseTorrents } from './torrents/pause-torrents.ts';
import { removeTorrents } from './torrents/remove-torrents.ts';
import { resumeTorrents } from './torrents/resume-torrents.ts';
import { getContinueWatching } from './watching/get-continue-watching.ts';
import { getSessions } from './watching/get-sessions.ts';
import { markWatched } from './watching/mark-watched.ts';

/** Every tool, in the order in which the model is given them: a fixed order keeps the provider's prompt cache. */
export const tools = {
  search_movies: searchMovies,
  get_movie: getMovie,
  list_movies: listMovies,
  request_movie: requestMovie,
  search_movie_again: searchMovieAgain,
  remove_movie: removeMovie,
  search_series: searchSeries,
  get_series: getSeries,
  list_series: listSeries,
  request_series: requestSeries,
  search_series_again: searchSeriesAgain,
  remove_series: removeSeries,
  search_seerr: searchSeerr,
  request_in_seerr: requestInSeerr,
  list_requests: listRequests,
  approve_request: approveRequest,
  decline_request: declineRequest,
  remove_request: removeRequest,
  get_download_queue: getDownloadQueue,
  get_calendar: getCalendar,
  remove_from_queue: removeFromQueue,
  list_torrents: listTorrents,
  pause_torrents: pauseTorrents,
  resume_torrents: resumeTorrents,
  limit_speed: limitSpeed,
  remove_torrents: removeTorrents,
  search_library: searchLibrary,
  get_recently_added: getRecentlyAdded,
  get_continue_watching: getContinueWatching,
  mark_watched: markWatched,
  get_sessions: getSessions,
  get_service_status: getServiceStatus,
} satisfies { [Name in string]: AnyTool & { name: Name } };

export type ToolName = keyof typeof tools;

/** The tools that wait for a press. */
export type PressToolName = {
  [Name in ToolName]: (typeof tools)[Name] extends { effect: 'read' } ? never : Name;
}[ToolName];

/** Whether a text from a row or the model names a tool that this version has. */
export function isToolName(name: string): name is ToolName {
  return Object.hasOwn(tools, name);
}

/** Whether it names one that waits for a press. */
export function isPressToolName(name: string): name is PressToolName {
  return isToolName(name) && tools[name].effect !== 'read';
}

/** The tool of a row that waits or waited for a press; null for one of another version, or that only looks. */
export function pressToolOf({ toolName }: { toolName: string }): AnyPressTool | null {
  return isPressToolName(toolName) ? tools[toolName] : null;
}

/** The tools of the services that this stack has, in the fixed order. */
export function toolsOf(stack: Pick<Stack, 'has'>): AnyTool[] {
  return Object.values(tools).filter((tool) => tool.services.some((service) => stack.has(service)));
}
