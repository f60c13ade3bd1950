import { z } from 'zod';
import type { Database } from '../../db/connection.ts';
import { mergeUserPreferences } from '../../db/queries/users.ts';
import type { User } from '../../db/schema.ts';
import { minimumAvailabilities } from '../../services/titles.ts';

const choices = z.object({
  qualityProfileId: z.number().int().optional(),
  rootFolderPath: z.string().optional(),
  minimumAvailability: z.enum(minimumAvailabilities).optional(),
});
const requestDefaults = z.object({ radarr: choices.optional(), sonarr: choices.optional() });
const preferences = z.object({
  requestDefaults: requestDefaults.catch({}).default({}),
  /** Where the outcome of a request is written. */
  outcomes: z.enum(['channel', 'dm']).catch('channel').default('channel'),
});

/** What the person chose last on each server: the next card starts with it. */
export type RequestDefaults = z.output<typeof requestDefaults>;

export function requestDefaultsOf(user: Pick<User, 'preferences'>): RequestDefaults {
  return preferences.parse(user.preferences).requestDefaults;
}

/** Where this person wants to read how a request ended. */
export function outcomesGoTo(user: Pick<User, 'preferences'>): 'channel' | 'dm' {
  return preferences.parse(user.preferences).outcomes;
}

/** Keeps the choices of one request for the next; the other server's stay. Throws ChatSDKError. */
export async function rememberDefaults(db: Database, user: User, chosen: RequestDefaults): Promise<void> {
  if (Object.keys(chosen).length === 0) return;
  const before = requestDefaultsOf(user);
  const after: RequestDefaults = { ...before, ...chosen };
  if (JSON.stringify(after) === JSON.stringify(before)) return;
  await mergeUserPreferences(db, { userId: user.id, preferences: { requestDefaults: after } });
}
