import { z } from 'zod';
import type { User } from '../db/schema.ts';
import { minimumAvailabilities } from '../services/titles.ts';

const choices = z.object({
  qualityProfileId: z.number().int().optional(),
  rootFolderPath: z.string().optional(),
  minimumAvailability: z.enum(minimumAvailabilities).optional(),
});
const requestDefaults = z.object({ radarr: choices.optional(), sonarr: choices.optional() });

/** Everything that `User.preferences` holds. A value that this version does not know counts as not chosen. */
const preferencesSchema = z.object({
  /** Where requests go if the person has Seerr, and Radarr or Sonarr too. */
  requests: z.enum(['seerr', 'direct']).catch('seerr').default('seerr'),
  /** Where the results of requests are posted. */
  outcomes: z.enum(['channel', 'dm']).catch('channel').default('channel'),
  requestDefaults: requestDefaults.catch({}).default({}),
});
export type Preferences = z.output<typeof preferencesSchema>;

/** What the person chose last on each server: the next card starts with it. */
export type RequestDefaults = Preferences['requestDefaults'];

/** A person's preferences, complete with what applies where they chose nothing. */
export function preferencesOf(user: Pick<User, 'preferences'>): Preferences {
  return preferencesSchema.parse(user.preferences);
}
