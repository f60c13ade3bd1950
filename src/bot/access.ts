import { messages } from '../messages.ts';

export const accessMessages = messages('access', {
  /** For everyone else. It includes their Discord id, which few people know. */
  isPrivate:
    'This bot is private: ask the person who hosts it to add your Discord id, `{userId}`, to `ALLOWED_USERS`, then try again.',
});

/** Who may use the bot. Closed to strangers: the owner or team (or ADMIN_USERS), and whom they allow. */
export type AccessPolicy = {
  adminUsers: ReadonlySet<string>;
  allowedUsers: ReadonlySet<string>;
  allowedGuilds: ReadonlySet<string>;
};

/** Whether a Discord user may use the bot where they are; `guildId` is null in a DM. */
export function mayUse(policy: AccessPolicy, who: { userId: string; guildId: string | null }): boolean {
  if (policy.adminUsers.has(who.userId) || policy.allowedUsers.has(who.userId) || policy.allowedUsers.has('*'))
    return true;
  if (who.guildId === null) return false;
  return policy.allowedGuilds.has(who.guildId) || policy.allowedGuilds.has('*');
}

/** Allows something once an hour for each key, so that a stranger cannot make the bot send more. */
export class OncePerHour {
  readonly #seen = new Map<string, number>();

  /** Whether this key may pass now; if so, that is remembered. */
  take(key: string, now = Date.now()): boolean {
    const last = this.#seen.get(key);
    if (last !== undefined && now - last < 3_600_000) return false;
    this.#seen.delete(key);
    this.#seen.set(key, now);
    const oldest = this.#seen.keys().next();
    if (this.#seen.size > 10_000 && !oldest.done) this.#seen.delete(oldest.value);
    return true;
  }
}
