import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { createKeyring } from '../../src/db/encryption.ts';
import { SealedKey } from '../../src/db/sealed-key.ts';

/** The encryption key of tests that need one only to have sealed something. */
export const testKey = Buffer.alloc(32, 7);
export const testKeyring = createKeyring([testKey]);

/** A key sealed for a server, for rows whose key nobody opens. */
export function sealedFor(place: { userId: string; serviceName: string; baseUrl: string }, secret = 'canary-secret') {
  return SealedKey.seal(testKeyring, secret, place);
}

/** A key as versions before format v2 stored it: bound to user and service alone. */
export function sealedInFormerFormat(
  secret: string,
  { userId, serviceName, key = testKey }: { userId: string; serviceName: string; key?: Buffer },
): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(
    Buffer.from(JSON.stringify(['v1', userId, serviceName])),
  );
  const sealed = Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  const keyId = createHash('sha256').update(key).digest('hex').slice(0, 8);
  return `v1.${keyId}.${sealed.toString('base64url')}`;
}
