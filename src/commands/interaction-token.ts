import type { Keyring } from '../db/encryption.ts';
import type { Card, ToolCall } from '../db/schema.ts';

/** Discord: an interaction's token may edit its messages for 15 minutes. */
export const tokenLifeMs = 15 * 60_000;

/** What tokens are encrypted for. */
export const tokenKinds = ['interaction-token', 'deferred-reply'] as const;

type Owner = { userId: string; serviceName: (typeof tokenKinds)[number] };

/** An interaction's token as it is stored: encrypted, with the moment from which Discord takes it no more. */
export type StoredToken = Pick<Card, 'interactionToken' | 'tokenExpiresAt'>;

/** Of an interaction that shows a call. */
export const tokenOfCall = (call: ToolCall): Owner => ({ userId: call.userId, serviceName: 'interaction-token' });

/** Of an interaction that is answered with "thinking". */
export const tokenOfReply = (discordUserId: string): Owner => ({
  userId: discordUserId,
  serviceName: 'deferred-reply',
});

/** The token of an interaction, to be stored. */
export function sealToken(
  keyring: Keyring,
  { token, createdTimestamp }: { token: string; createdTimestamp: number },
  owner: Owner,
): StoredToken {
  return {
    interactionToken: keyring.encrypt({ plaintext: token, ...owner }),
    tokenExpiresAt: new Date(createdTimestamp + tokenLifeMs),
  };
}

/** The stored token while Discord takes it; null after, and when no key opens it. */
export function openToken(keyring: Keyring, { interactionToken, tokenExpiresAt }: StoredToken, owner: Owner) {
  if (interactionToken === null || tokenExpiresAt === null || tokenExpiresAt < new Date()) return null;
  return keyring.decrypt({ ciphertext: interactionToken, ...owner });
}
