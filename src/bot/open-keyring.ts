import { tokenKinds } from '../commands/interaction-token.ts';
import { createKeyring, type Keyring, loadOrCreateKeyFile, parseEncryptionKeys } from '../db/encryption.ts';
import type { Settings } from '../settings.ts';
import type { SecretValues } from './log.ts';

/** Keys from the setting, or from the key file beside the embedded database. Every decrypted value is kept out of logs. */
export async function openKeyring(
  settings: Settings,
  secrets: SecretValues,
): Promise<{ keyring: Keyring; announcement: string | null }> {
  let announcement: string | null = null;
  let keys = settings.encryptionKey === undefined ? null : parseEncryptionKeys(settings.encryptionKey);
  if (keys === null) {
    const file = await loadOrCreateKeyFile({ dataDir: settings.dataDir });
    keys = file.keys;
    if (file.created)
      announcement = `A new encryption key was made at ${file.path}. Back it up together with the database: without it, stored keys cannot be read.`;
  }
  for (const key of keys) secrets.add(key.toString('base64'));
  const keyring = createKeyring(keys);
  const keepOut = (value: string | undefined, serviceName: string) => {
    if (tokenKinds.some((kind) => kind === serviceName)) secrets.addPassing(value);
    else secrets.add(value);
  };
  return {
    announcement,
    keyring: {
      encrypt: (request) => {
        keepOut(request.plaintext, request.serviceName);
        return keyring.encrypt(request);
      },
      decrypt: (request) => {
        const plaintext = keyring.decrypt(request);
        keepOut(plaintext ?? undefined, request.serviceName);
        return plaintext;
      },
    },
  };
}
