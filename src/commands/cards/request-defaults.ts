import type { Database } from '../../db/connection.ts';
import { mergeUserPreferences } from '../../db/queries/users.ts';
import type { User } from '../../db/schema.ts';
import { type Preferences, preferencesOf, type RequestDefaults } from '../../tools/preferences.ts';

export function requestDefaultsOf(user: Pick<User, 'preferences'>): RequestDefaults {
  return preferencesOf(user).requestDefaults;
}

/** Where this person wants to read the results of their requests. */
export function outcomesGoTo(user: Pick<User, 'preferences'>): Preferences['outcomes'] {
  return preferencesOf(user).outcomes;
}

/** Keeps the choices of one request for the next; the other server's stay. Throws ChatSDKError. */
export async function rememberDefaults(db: Database, user: User, chosen: RequestDefaults): Promise<void> {
  if (Object.keys(chosen).length === 0) return;
  const before = requestDefaultsOf(user);
  const after: RequestDefaults = { ...before, ...chosen };
  if (JSON.stringify(after) === JSON.stringify(before)) return;
  await mergeUserPreferences(db, { userId: user.id, preferences: { requestDefaults: after } });
}
