import { and, eq, gt, inArray, isNotNull, lt, or, type Placeholder, sql } from 'drizzle-orm';
import type { Database } from '../connection.ts';
import { failingAs } from '../failing-as.ts';
import { prepared } from '../prepared.ts';
import { type NewUser, type User, user } from '../schema.ts';
import { storableJson } from '../storable.ts';

/** What an event says of its person. */
export type Profile = Pick<
  NewUser,
  | 'discordId'
  | 'username'
  | 'displayName'
  | 'avatarUrl'
  | 'locale'
  | 'interactionToken'
  | 'tokenExpiresAt'
  | 'tokenProcessId'
>;

/** The new value, or the stored one where none is given. */
const givenOrKept = (name: keyof Profile) => sql`coalesce(excluded.${sql.identifier(user[name].name)}, ${user[name]})`;

/**
 * Every process with the bot's Discord token gets every event, and remembers a command while it asks Discord whether it is the
 * one to answer: who remembers the same command (it ends at the same moment) is added to those who are there.
 */
const tokenProcesses = sql`case
  when excluded."tokenProcessId" is null then ${user.tokenProcessId}
  when ${user.tokenExpiresAt} = excluded."tokenExpiresAt"
    then concat_ws(' ', nullif(${user.tokenProcessId}, ''), excluded."tokenProcessId")
  else excluded."tokenProcessId" end`;

/** The row of a Discord user, made or brought up to date, as a part of a statement; its values are `valuesOf` a profile. */
export const upsertOf = (db: Database, value: (name: keyof Profile) => Placeholder) =>
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
      tokenProcessId: value('tokenProcessId'),
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
        tokenProcessId: tokenProcesses,
        lastSeenAt: sql`now()`,
        updatedAt: sql`now()`,
      },
    })
    .returning();
const upserted = prepared(upsertOf);

export function valuesOf(profile: Profile) {
  const { discordId, username = null, displayName = null, avatarUrl = null, locale = null } = profile;
  const { interactionToken = null, tokenExpiresAt = null, tokenProcessId = null } = profile;
  const given = { discordId, username, displayName, avatarUrl, locale, interactionToken, tokenProcessId };
  return { ...given, tokenExpiresAt: tokenExpiresAt?.toISOString() ?? null };
}

/** The row of a Discord user, made or brought up to date; what is not given stays. */
export async function upsertUser(db: Database, profile: Profile): Promise<User> {
  return failingAs('Failed to save user', async () => {
    const [row] = await upserted(db, valuesOf(profile));
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

/** Says that this process is not the one that answers the command it has remembered: another was faster. */
export async function leaveInteractionToken(
  db: Database,
  { discordId, tokenExpiresAt, processId }: { discordId: string; tokenExpiresAt: Date; processId: string },
): Promise<void> {
  const ids = sql`string_to_array(${user.tokenProcessId}, ' ')`;
  // Once: the same event delivered twice to one process is remembered twice, and left by one of them.
  const at = sql`array_position(${ids}, ${processId})`;
  const others = sql`array_to_string((${ids})[:${at} - 1] || (${ids})[${at} + 1:], ' ')`;
  await failingAs('Failed to leave an interaction token', () =>
    db
      .update(user)
      .set({ tokenProcessId: others })
      .where(and(eq(user.discordId, discordId), eq(user.tokenExpiresAt, tokenExpiresAt), sql`${at} is not null`)),
  );
}

/** Whose tokens: those of these processes, or all from before a moment but `except`'s. */
export type TokensOf = { of: readonly string[] } | { before: Date; except: string };

/** Who waits for the answer to a command that nobody answers any more. */
export type InterruptedPerson = Pick<User, 'discordId' | 'locale' | 'interactionToken'>;

/**
 * Takes the people whose newest command has a token that still holds, and is answered by nobody who lives. Of several takers, each
 * gets others.
 */
export async function takeInteractionTokens(db: Database, whose: TokensOf): Promise<InterruptedPerson[]> {
  const ids = sql`string_to_array(${user.tokenProcessId}, ' ')`;
  const isTheirs =
    'of' in whose
      ? // Empty: all who remembered the command have left it to another, which died before it remembered it.
        or(eq(user.tokenProcessId, ''), ...whose.of.map((id) => sql`${id} = any(${ids})`))
      : and(lt(user.tokenExpiresAt, whose.before), sql`${whose.except} = any(${ids}) is not true`);
  const isGone = (id: string) => !('of' in whose) || whose.of.includes(id);
  return failingAs('Failed to take interaction tokens', () =>
    db.transaction(async (transaction) => {
      const rows = await transaction
        .select({
          id: user.id,
          discordId: user.discordId,
          locale: user.locale,
          interactionToken: user.interactionToken,
          processIds: user.tokenProcessId,
        })
        .from(user)
        .where(and(isNotNull(user.interactionToken), gt(user.tokenExpiresAt, sql`now()`), isTheirs))
        .for('update', { skipLocked: true });
      const left = Map.groupBy(rows, ({ processIds }) =>
        (processIds ?? '')
          .split(' ')
          .filter((id) => id !== '' && !isGone(id))
          .join(' '),
      );
      for (const [processIds, people] of left)
        await transaction
          .update(user)
          .set(
            processIds === ''
              ? { interactionToken: null, tokenExpiresAt: null, tokenProcessId: null }
              : { tokenProcessId: processIds },
          )
          .where(
            inArray(
              user.id,
              people.map((row) => row.id),
            ),
          );
      return left.get('') ?? [];
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

/** `timezone` is a name of IANA's. */
export async function setTimeZone(
  db: Database,
  { userId, timezone }: { userId: string; timezone: string },
): Promise<void> {
  await failingAs('Failed to save preferences', () =>
    db.update(user).set({ timezone, updatedAt: new Date() }).where(eq(user.id, userId)),
  );
}

/** Removes a user and everything that belongs to them; what they changed stays in the audit log without their name. */
export async function deleteUser(db: Database, { userId }: { userId: string }): Promise<boolean> {
  return failingAs('Failed to delete user', async () => {
    const rows = await db.delete(user).where(eq(user.id, userId)).returning({ id: user.id });
    return rows.length > 0;
  });
}
