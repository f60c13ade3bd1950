import type { User } from '../db/schema.ts';
import type { ServiceName } from '../services/registry.ts';
import { type Preferences, preferencesOf } from './preferences.ts';

/** Where a person's requests go when they have both. */
export type RequestRoute = Preferences['requests'];

/** What the person prefers; Seerr unless they said otherwise. */
export function preferredRoute(user: Pick<User, 'preferences'>): RequestRoute {
  return preferencesOf(user).requests;
}

/** Where a request for a title of this server's kind goes: the preference, as far as the servers are there. */
export function requestRoute(
  stack: { has(service: ServiceName): boolean },
  user: Pick<User, 'preferences'>,
  server: 'radarr' | 'sonarr',
): RequestRoute {
  if (!stack.has('jellyseerr')) return 'direct';
  return stack.has(server) ? preferredRoute(user) : 'seerr';
}
