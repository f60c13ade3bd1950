import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { access, chmod, link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HostError } from '../errors.ts';

/**
 * What a ciphertext belongs to: a person's key to one server at one origin (see origin.ts), or an interaction's token of a person,
 * which Discord alone is sent. Under any other binding it does not open.
 */
export type Binding =
  | { kind: 'service'; userId: string; serviceName: string; instance: string; origin: string }
  | { kind: 'token'; userId: string; purpose: 'interaction-token' | 'deferred-reply' };

/** Encrypts with the first key, decrypts with any. */
export type Keyring = {
  encrypt(request: { plaintext: string; binding: Binding }): string;
  /** Null when no key fits, the text was changed or is of another format, or it belongs to something else. */
  decrypt(request: { ciphertext: string; binding: Binding }): string | null;
  /** Opens the former format, which was bound to user and service alone: for sealing it anew, see seal-keys-anew.ts. */
  decryptFormer(request: { ciphertext: string; userId: string; serviceName: string }): string | null;
};

/** What the texts of each format begin with. */
export const formats = { present: 'v2', former: 'v1' } as const;
type Format = (typeof formats)[keyof typeof formats];

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM under keys of 32 bytes. The text is `v2.<key id>.<base64url of nonce, ciphertext and tag>`. */
export function createKeyring(keys: readonly Buffer[]): Keyring {
  // As key objects: bytes would be copied and checked anew for each text.
  const named = keys.map((bytes) => ({
    key: createSecretKey(bytes),
    id: createHash('sha256').update(bytes).digest('hex').slice(0, 8),
  }));
  const [first] = named;
  if (first === undefined || keys.some((key) => key.length !== keyBytes))
    throw new HostError('An encryption key must be 32 bytes. Make one with `openssl rand -base64 32`.');

  const open = (ciphertext: string, format: Format, boundTo: readonly string[]): string | null => {
    const [written, keyId, body, ...rest] = ciphertext.split('.');
    if (written !== format || body === undefined || rest.length > 0) return null;
    const key = named.find((candidate) => candidate.id === keyId)?.key;
    const sealed = Buffer.from(body, 'base64url');
    if (key === undefined || sealed.length < nonceBytes + tagBytes || sealed.toString('base64url') !== body)
      return null;
    return openBody(key, sealed, additionalData(format, boundTo));
  };
  return {
    encrypt({ plaintext, binding }) {
      const nonce = randomBytes(nonceBytes);
      const data = additionalData(formats.present, partsOf(binding));
      const cipher = createCipheriv('aes-256-gcm', first.key, nonce).setAAD(data);
      const sealed = Buffer.concat([nonce, cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${formats.present}.${first.id}.${sealed.toString('base64url')}`;
    },
    decrypt: ({ ciphertext, binding }) => open(ciphertext, formats.present, partsOf(binding)),
    decryptFormer: ({ ciphertext, userId, serviceName }) => open(ciphertext, formats.former, [userId, serviceName]),
  };
}

function openBody(key: KeyObject, sealed: Buffer, data: Buffer): string | null {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes))
    .setAAD(data)
    .setAuthTag(sealed.subarray(sealed.length - tagBytes));
  const opened = decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes));
  try {
    return Buffer.concat([opened, decipher.final()]).toString('utf8');
  } catch {
    // final() throws for exactly one reason: the tag does not fit, which null says.
    return null;
  }
}

function partsOf(binding: Binding): readonly string[] {
  if (binding.kind === 'token') return [binding.kind, binding.userId, binding.purpose];
  return [binding.kind, binding.userId, binding.serviceName, binding.instance, binding.origin];
}

/** As JSON, so that no two bindings make the same bytes. */
function additionalData(format: Format, boundTo: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify([format, ...boundTo]), 'utf8');
}

/** Reads `ENCRYPTION_KEY`: base64 keys of 32 bytes, separated by commas. Throws HostError without showing any. */
export function parseEncryptionKeys(text: string): Buffer[] {
  return parseKeys(text, 'ENCRYPTION_KEY');
}

function parseKeys(text: string, source: string): Buffer[] {
  return text.split(',').map((part) => {
    const key = Buffer.from(part.trim(), 'base64');
    if (key.length === keyBytes && key.toString('base64') === part.trim()) return key;
    throw new HostError(
      `${source} takes base64 of ${keyBytes} bytes. Make one with \`openssl rand -base64 ${keyBytes}\`.`,
    );
  });
}

/**
 * The key file beside the embedded database, made on the first start with mode 0600. Two processes make one file.
 * Throws HostError when there is one that holds no key: making another would lose what the first one encrypted.
 */
export async function loadOrCreateKeyFile({
  dataDir,
}: {
  dataDir: string;
}): Promise<{ keys: Buffer[]; created: boolean; path: string }> {
  const path = join(dataDir, 'encryption.key');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const created = !(await isThere(path)) && (await createWhole(path, `${randomBytes(keyBytes).toString('base64')}\n`));
  // Whoever copied the file back from a backup may have left it open to others.
  await chmod(path, 0o600);
  return { keys: parseKeys((await readFile(path, 'utf8')).trim(), `The encryption key file ${path}`), created, path };
}

/** Makes the file with its content at once, so that no reader sees half of it. False when another made it first. */
async function createWhole(path: string, content: string): Promise<boolean> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, content, { mode: 0o600, flag: 'wx', flush: true });
  try {
    // Unlike a rename, a hard link never replaces a file that is there.
    await link(draft, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    if (!hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) throw error;
    // exFAT and some network folders have no hard links.
    await writeFile(path, content, { mode: 0o600, flag: 'wx', flush: true });
    return true;
  } finally {
    await unlink(draft);
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.some((code) => code === error.code);
}
