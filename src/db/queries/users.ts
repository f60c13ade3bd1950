import { and, eq, gt, inArray, isNotNull, lt, sql } from 'drizzle-orm';
import type { Database } from '../connection.ts';
import { failingAs } from '../failing-as.ts';
import { prepared } from '../prepared.ts';
import { type NewUser, type User, user } from '../schema.ts';
import { storableJson } from '../storable.ts';

type Profile = Pick<
  NewUser,
  'discordId' | 'username' | 'displayName' | 'avatarUrl' | 'locale' | 'interactionToken' | 'tokenExpiresAt'
>;

/** The new value, or the stored one where none is given. */
const givenOrKept = (name: keyof Profile) => sql`coalesce(excluded.${sql.identifier(user[name].name)}, ${user[name]})`;

const upserted = prepared((db, value) =>
  db
    .insert(user)
    .values({
      discordId: value('discordId'),
      username: value('username'),
      displayName: value('displayName'),
      avatarUrl: value('avatarUrl'),
      locale: value('locale'),
      interactionToken: value('interactionToken'),
      // As text: a column of moments takes no null from a placeholder.
      tokenExpiresAt: sql`${value('tokenExpiresAt')}::timestamptz`,
    })
    .onConflictDoUpdate({
      target: user.discordId,
      set: {
        username: givenOrKept('username'),
        displayName: givenOrKept('displayName'),
        avatarUrl: givenOrKept('avatarUrl'),
        locale: givenOrKept('locale'),
        interactionToken: givenOrKept('interactionToken'),
        tokenExpiresAt: givenOrKept('tokenExpiresAt'),
        lastSeenAt: sql`now()`,
        updatedAt: sql`now()`,
      },
    })
    .returning(),
);

/** The row of a Discord user, made or brought up to date; what is not given stays. */
export async function upsertUser(db: Database, profile: Profile): Promise<User> {
  return failingAs('Failed to save user', async () => {
    const { username = null, displayName = null, avatarUrl = null, locale = null, interactionToken = null } = profile;
    const tokenExpiresAt = profile.tokenExpiresAt?.toISOString() ?? null;
    const given = { username, displayName, avatarUrl, locale, interactionToken, tokenExpiresAt };
    const [row] = await upserted(db, { discordId: profile.discordId, ...given });
    if (row === undefined) throw new Error('an upsert gave no row');
    return row;
  });
}

export async function getUserByDiscordId(db: Database, { discordId }: { discordId: string }): Promise<User | null> {
  return failingAs('Failed to get user', async () => {
    const [row] = await db.select().from(user).where(eq(user.discordId, discordId));
    return row ?? null;
  });
}

export async function getUserById(db: Database, { id }: { id: string }): Promise<User | null> {
  return failingAs('Failed to get user', async () => {
    const [row] = await db.select().from(user).where(eq(user.id, id));
    return row ?? null;
  });
}

/** Takes the people whose newest command has a token that still holds and is from before `before`. Of several takers, each gets others. */
export async function takeInteractionTokens(
  db: Database,
  { before }: { before: Date },
): Promise<{ discordId: string; interactionToken: string | null }[]> {
  return failingAs('Failed to take interaction tokens', () =>
    db.transaction(async (transaction) => {
      const rows = await transaction
        .select({ id: user.id, discordId: user.discordId, interactionToken: user.interactionToken })
        .from(user)
        .where(
          and(isNotNull(user.interactionToken), gt(user.tokenExpiresAt, sql`now()`), lt(user.tokenExpiresAt, before)),
        )
        .for('update', { skipLocked: true });
      const ids = rows.map((row) => row.id);
      if (ids.length > 0)
        await transaction
          .update(user)
          .set({ interactionToken: null, tokenExpiresAt: null })
          .where(inArray(user.id, ids));
      return rows;
    }),
  );
}

/** Changes the given preferences and keeps the others, in one statement: two changes at once both stay. */
export async function mergeUserPreferences(
  db: Database,
  { userId, preferences }: { userId: string; preferences: Record<string, unknown> },
): Promise<User> {
  return failingAs('Failed to save preferences', async () => {
    const [row] = await db
      .update(user)
      .set({ preferences: sql`${user.preferences} || ${storableJson(preferences)}::jsonb`, updatedAt: new Date() })
      .where(eq(user.id, userId))
      .returning();
    if (row === undefined) throw new Error('the user is gone');
    return row;
  });
}

/** Removes a user and everything that belongs to them; what they changed stays in the audit log without their name. */
export async function deleteUser(db: Database, { userId }: { userId: string }): Promise<boolean> {
  return failingAs('Failed to delete user', async () => {
    const rows = await db.delete(user).where(eq(user.id, userId)).returning({ id: user.id });
    return rows.length > 0;
  });
}
