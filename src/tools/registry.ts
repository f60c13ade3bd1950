import { getDownloadQueue } from './downloads.ts';
import { getContinueWatching, getSessions } from './jellyfin.ts';
import { listRequests, removeRequest, requestInSeerr, searchSeerr } from './jellyseerr.ts';
import { getRecentlyAdded, searchLibrary } from './library.ts';
import { getServiceStatus } from './overview.ts';
import { listTorrents, pauseTorrents, resumeTorrents } from './qbittorrent.ts';
import { getMovie, listMovies, requestMovie, searchMovieAgain, searchMovies } from './radarr.ts';
import { getSeries, listSeries, requestSeries, searchSeries, searchSeriesAgain } from './sonarr.ts';
import type { Stack } from './stack.ts';
import type { AnyTool } from './tool.ts';

/** Every tool, in the order in which the model is given them: a fixed order keeps the provider's prompt cache. */
export const tools = {
  search_movies: searchMovies,
  get_movie: getMovie,
  list_movies: listMovies,
  request_movie: requestMovie,
  search_movie_again: searchMovieAgain,
  search_series: searchSeries,
  get_series: getSeries,
  list_series: listSeries,
  request_series: requestSeries,
  search_series_again: searchSeriesAgain,
  search_seerr: searchSeerr,
  request_in_seerr: requestInSeerr,
  list_requests: listRequests,
  remove_request: removeRequest,
  get_download_queue: getDownloadQueue,
  list_torrents: listTorrents,
  pause_torrents: pauseTorrents,
  resume_torrents: resumeTorrents,
  search_library: searchLibrary,
  get_recently_added: getRecentlyAdded,
  get_continue_watching: getContinueWatching,
  get_sessions: getSessions,
  get_service_status: getServiceStatus,
} satisfies { [Name in string]: AnyTool & { name: Name } };

export type ToolName = keyof typeof tools;

/** The tools that wait for a press, each of which must have a card. */
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

/** The tools of the services that this stack has, in the fixed order. */
export function toolsOf(stack: Pick<Stack, 'has'>): AnyTool[] {
  return Object.values(tools).filter((tool) => tool.services.some((service) => stack.has(service)));
}
