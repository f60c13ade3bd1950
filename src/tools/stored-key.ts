import type { Keyring } from '../db/encryption.ts';
import type { ServiceConfig } from '../db/schema.ts';
import { openSealedKey } from '../db/sealed-key.ts';
import { ChatSDKError } from '../errors.ts';

/**
 * The key or password of a stored server in clear, for its address alone. Throws ChatSDKError (`bad_request:encryption`) when it was
 * sealed for another person, service or address, or no present encryption key fits.
 */
export function storedKey(keyring: Keyring, row: ServiceConfig): string {
  const key = openSealedKey(keyring, row);
  if (key === null)
    throw new ChatSDKError('bad_request:encryption', 'A stored key does not open for the row that it stands in');
  return key;
}
