import type { Binding, Keyring } from '../db/encryption.ts';
import type { Card, ToolCall } from '../db/schema.ts';

/** Discord: an interaction's token may edit its messages for 15 minutes. */
export const tokenLifeMs = 15 * 60_000;

type TokenBinding = Extract<Binding, { kind: 'token' }>;

/** An interaction's token as it is stored: encrypted, with the moment at which it expires. */
export type StoredToken = Pick<Card, 'interactionToken' | 'tokenExpiresAt'>;

/** Of an interaction that shows a call. */
export const tokenOfCall = ({ userId }: ToolCall): TokenBinding => ({
  kind: 'token',
  userId,
  purpose: 'interaction-token',
});

/** Of an interaction that is answered with "thinking". */
export const tokenOfReply = (discordUserId: string): TokenBinding => ({
  kind: 'token',
  userId: discordUserId,
  purpose: 'deferred-reply',
});

/** The moment at which an interaction's token expires. */
export const tokenEnd = ({ createdTimestamp }: { createdTimestamp: number }) =>
  new Date(createdTimestamp + tokenLifeMs);

/** The token of an interaction, to be stored. */
export function sealToken(
  keyring: Keyring,
  { token, createdTimestamp }: { token: string; createdTimestamp: number },
  binding: TokenBinding,
): StoredToken {
  return {
    interactionToken: keyring.encrypt({ plaintext: token, binding }),
    tokenExpiresAt: tokenEnd({ createdTimestamp }),
  };
}

/** The stored token; null when it has expired, or no key decrypts it. */
export function openToken(keyring: Keyring, { interactionToken, tokenExpiresAt }: StoredToken, binding: TokenBinding) {
  if (interactionToken === null || tokenExpiresAt === null || tokenExpiresAt < new Date()) return null;
  return keyring.decrypt({ ciphertext: interactionToken, binding });
}
