import type { ApiRequest } from '../api-request.ts';
import { methodNotAllowed, notFound } from '../errors.ts';
import { applicationRoutes } from './applications.ts';
import { channelRoutes } from './channels.ts';
import { interactionRoutes } from './interactions.ts';
import type { Place, Route } from './route.ts';
import { userRoutes } from './users.ts';

const gatewayRoute: Route = {
  method: 'GET',
  path: '/gateway/bot',
  run: ({ gateway }) => ({
    url: gateway.url,
    shards: 1,
    session_start_limit: { total: 1000, remaining: 999, reset_after: 86_400_000, max_concurrency: 1 },
  }),
};

const routes = [gatewayRoute, ...applicationRoutes, ...channelRoutes, ...interactionRoutes, ...userRoutes];

/** Finds the route and runs it. Throws 404 for an unknown path, 405 for a method that it has not. */
export function route(place: Place, request: ApiRequest): unknown {
  let isKnown = false;
  for (const { method, path, run } of routes) {
    const params = match(path, request.path);
    if (params === null) continue;
    if (method === request.method) return run(place, request, params);
    isKnown = true;
  }
  throw isKnown ? methodNotAllowed() : notFound();
}

function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const there = given[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = there;
    else if (part !== there) return null;
  }
  return params;
}
