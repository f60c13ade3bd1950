import type { Logger } from 'pino';
import type { Database } from '../db/connection.ts';
import {
  type Binding,
  createKeyring,
  type Keyring,
  loadOrCreateKeyFile,
  parseEncryptionKeys,
} from '../db/encryption.ts';
import { sealKeysAnew } from '../db/seal-keys-anew.ts';
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
  const keepOut = (value: string | null, kind: Binding['kind']) => {
    if (value === null) return;
    if (kind === 'token') secrets.addPassing(value);
    else secrets.add(value);
  };
  return {
    announcement,
    keyring: {
      encrypt: (request) => {
        keepOut(request.plaintext, request.binding.kind);
        return keyring.encrypt(request);
      },
      decrypt: (request) => {
        const plaintext = keyring.decrypt(request);
        keepOut(plaintext, request.binding.kind);
        return plaintext;
      },
      decryptFormer: (request) => {
        const plaintext = keyring.decryptFormer(request);
        keepOut(plaintext, 'service');
        return plaintext;
      },
    },
  };
}

/** Seals keys of the former format anew at the first start that finds them. Throws ChatSDKError when the database fails. */
export async function bringKeysUpToDate(
  { db }: { db: Database },
  { keyring, log }: { keyring: Keyring; log: Logger },
): Promise<void> {
  const done = await sealKeysAnew(db, keyring);
  if (done === null) return;
  const { sealed, unreadable } = done;
  if (sealed > 0) log.info({ sealed }, 'stored keys were encrypted again, each bound to its address');
  if (unreadable === 0) return;
  if (sealed > 0)
    log.warn(
      { unreadable },
      'some stored keys could not be opened and were left as they are: their owners must enter them again',
    );
  else
    log.warn(
      { unreadable },
      'none of the stored keys could be opened: restore the previous ENCRYPTION_KEY and start again, or their owners must enter them again',
    );
}
