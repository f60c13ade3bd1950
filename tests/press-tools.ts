import { requestStatus } from '../playground/servers/jellyseerr-media.ts';
import type { PlaygroundServers } from '../playground/servers/start-servers.ts';
import { pressToolOf, tools } from '../src/tools/registry.ts';

/** Every operation that waits for a press. Its example brings up its card, said by someone with its first service alone. */
export const pressTools = Object.keys(tools).flatMap((toolName) => pressToolOf({ toolName }) ?? []);

/** What a server is told to do, as "METHOD path": what it is asked, and logging in, is not. */
export const acting = /^(POST|PUT|DELETE) (?!.*login)/;

let nextRequestId = 100;

/**
 * Requests in Seerr: one of somebody else that waits for approval, unless there is one, and the newest, of the key's own user. That is never
 * the same unless its id is given: a late answer to one must not remove another.
 */
export function addRequests({ jellyseerr }: Pick<PlaygroundServers, 'jellyseerr'>, id = nextRequestId++): void {
  const { requests } = jellyseerr.state;
  const film = { type: 'movie' as const, seasons: [], is4k: false };
  const { pending, approved } = requestStatus;
  if (!requests.some(({ status }) => status === pending))
    requests.push({ ...film, id: nextRequestId++, tmdbId: 329865, status: pending, requestedBy: 2 });
  requests.push({ ...film, id, tmdbId: 680, status: approved, requestedBy: 1 });
}
