import type { PlaygroundServers } from '../playground/servers/start-servers.ts';
import { pressToolOf, tools } from '../src/tools/registry.ts';

/** Every operation that waits for a press. Its example brings up its card, said by someone with its first service alone. */
export const pressTools = Object.keys(tools).flatMap((toolName) => pressToolOf({ toolName }) ?? []);

/** What a server is told to do, as "METHOD path": what it is asked, and logging in, is not. */
export const acting = /^(POST|PUT|DELETE) (?!.*login)/;

let nextRequestId = 90;

/**
 * A request in Seerr of the key's own user, the newest, and never the same unless its id is given: a late answer to one must not remove
 * another.
 */
export function addOwnRequest({ jellyseerr }: Pick<PlaygroundServers, 'jellyseerr'>, id = nextRequestId++): void {
  jellyseerr.state.requests.push({
    id,
    type: 'movie',
    tmdbId: 680,
    seasons: [],
    is4k: false,
    status: 2,
    requestedBy: 1,
  });
}
