import { and, asc, eq, isNull, type Placeholder } from 'drizzle-orm';
import type { Database } from '../connection.ts';
import { failingAs } from '../failing-as.ts';
import { prepared } from '../prepared.ts';
import { type Chat, chat, type ServiceConfig, serviceConfig, type User, user } from '../schema.ts';
import { type Profile, upsertOf, valuesOf } from './users.ts';

/** What an event begins with: who it is from, all of their servers, and their conversation in its channel when there is one. */
export type Arrival = { user: User; configs: ServiceConfig[]; chat: Chat | null };

/** How old `lastSeenAt` may become, in milliseconds, before an event that changes nothing else writes it again. */
const seenMs = 60_000;

const inOrder = [asc(serviceConfig.createdAt), asc(serviceConfig.serviceName)];
const isCurrent = (channelId: Placeholder) =>
  and(eq(chat.channelId, channelId), eq(chat.isCurrent, true), isNull(chat.deletedAt));

const known = prepared((db, value) =>
  db
    .select({ user, config: serviceConfig, chat })
    .from(user)
    .leftJoin(serviceConfig, eq(serviceConfig.userId, user.id))
    .leftJoin(chat, and(eq(chat.userId, user.id), isCurrent(value('channelId'))))
    .where(eq(user.discordId, value('discordId')))
    .orderBy(...inOrder),
);
const remembered = prepared((db, value) => {
  const person = db.$with('person').as(upsertOf(db, value));
  return db
    .with(person)
    .select()
    .from(person)
    .leftJoin(serviceConfig, eq(serviceConfig.userId, person.id))
    .leftJoin(chat, and(eq(chat.userId, person.id), isCurrent(value('channelId'))))
    .orderBy(...inOrder);
});

/**
 * Reads what an event begins with in one statement, and brings the person's row up to date, or makes it, where the event says
 * something new of them. Throws ChatSDKError.
 */
export async function arrive(db: Database, profile: Profile, { channelId }: { channelId: string }): Promise<Arrival> {
  return failingAs('Failed to save user', async () => {
    if ((profile.interactionToken ?? null) === null) {
      const [first, ...others] = await known(db, { discordId: profile.discordId, channelId });
      if (first !== undefined && isUpToDate(first.user, profile)) {
        const { user, chat } = first;
        return { user, configs: [first, ...others].flatMap(({ config }) => config ?? []), chat };
      }
    }
    const [first, ...others] = await remembered(db, { ...valuesOf(profile), channelId });
    if (first === undefined) throw new Error('an upsert gave no row');
    const configs = [first, ...others].flatMap(({ ServiceConfig: config }) => config ?? []);
    return { user: first.person, configs, chat: first.Chat };
  });
}

/** Whether everything that is given is stored, and the person was seen just now. */
function isUpToDate(stored: User, profile: Profile): boolean {
  const { username, displayName, avatarUrl, locale } = profile;
  const isStored = (given: string | null | undefined, there: string | null) => (given ?? there) === there;
  return (
    isStored(username, stored.username) &&
    isStored(displayName, stored.displayName) &&
    isStored(avatarUrl, stored.avatarUrl) &&
    isStored(locale, stored.locale) &&
    Date.now() - stored.lastSeenAt.getTime() < seenMs
  );
}
