import type { Database } from '../db/connection.ts';
import { getUserById } from '../db/queries/users.ts';
import type { ToolCall, User } from '../db/schema.ts';
import { UserError } from '../errors.ts';
import { sayIn } from '../languages/say-in.ts';
import { messages, type Say, sayInEnglish } from '../messages.ts';

export const callerMessages = messages('caller', {
  isGone: 'The bot no longer knows the person who asked for this.',
});

/** Who acts, and from where. Whose a server is belongs to each service of their stack. */
export type Caller = {
  actor: Pick<User, 'id' | 'discordId'>;
  /** What they act through: a command or a card, the model, background work. */
  origin: ToolCall['origin'];
  /** Discord's, of their newest interaction; null before the first. */
  locale: string | null;
  /** Null when they have not said. */
  timeZone: string | null;
};

export function callerOf(
  { id, discordId, locale, timezone }: Pick<User, 'id' | 'discordId' | 'locale' | 'timezone'>,
  origin: Caller['origin'],
): Caller {
  return { actor: { id, discordId }, origin, locale, timeZone: timezone };
}

/** Puts into words what a caller's call gives, in the language of whoever reads it: what the model asked for it reads itself, in English. */
export function sayTo({ origin, locale }: Pick<Caller, 'origin' | 'locale'>): Say {
  return origin === 'model' ? sayInEnglish : sayIn(locale);
}

/** Who acts where there is a row of theirs only, and no event. Throws UserError when they are gone, ChatSDKError. */
export async function storedCaller(
  db: Database,
  { userId, origin }: { userId: string; origin: Caller['origin'] },
): Promise<Caller> {
  const user = await getUserById(db, { id: userId });
  if (user === null) throw new UserError((say) => say(callerMessages.isGone));
  return callerOf(user, origin);
}
