import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeyring, loadOrCreateKeyFile, parseEncryptionKeys } from '../../src/db/encryption.ts';
import { UserError } from '../../src/errors.ts';

const key = randomBytes(32);
const keyring = createKeyring([key]);
const owner = { userId: 'a-user', serviceName: 'radarr' };
/** Well-formed: half a surrogate pair has no bytes of its own in UTF-8. */
const text = fc.string({ unit: 'binary' });

describe('the keyring', () => {
  it('gives back what was encrypted', () => {
    fc.assert(
      fc.property(text, fc.string(), fc.string(), (plaintext, userId, serviceName) => {
        const ciphertext = keyring.encrypt({ plaintext, userId, serviceName });
        expect(keyring.decrypt({ ciphertext, userId, serviceName })).toBe(plaintext);
      }),
    );
  });

  it('says in front which version and key it is', () => {
    expect(keyring.encrypt({ plaintext: 'secret', ...owner })).toMatch(/^v1\.[0-9a-f]{8}\.[\w-]+$/);
  });

  it('never makes the same text twice', () => {
    const texts = Array.from({ length: 100 }, () => keyring.encrypt({ plaintext: 'secret', ...owner }));
    expect(new Set(texts).size).toBe(100);
  });

  it('is null when any one character is another', () => {
    const ciphertext = keyring.encrypt({ plaintext: 'secret', ...owner });
    for (let index = 0; index < ciphertext.length; index++)
      for (const other of ['A', 'b', '0', '.', '-']) {
        const tampered = ciphertext.slice(0, index) + other + ciphertext.slice(index + 1);
        if (tampered !== ciphertext) expect(keyring.decrypt({ ciphertext: tampered, ...owner })).toBeNull();
      }
  });

  it('is null when any byte of nonce, ciphertext or tag is another', () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.integer({ min: 1, max: 255 }), (plaintext, position, difference) => {
        const [version, id, body = ''] = keyring.encrypt({ plaintext, ...owner }).split('.');
        const bytes = Buffer.from(body, 'base64url');
        const index = position % bytes.length;
        bytes.writeUInt8(bytes.readUInt8(index) ^ difference, index);
        const ciphertext = [version, id, bytes.toString('base64url')].join('.');
        expect(keyring.decrypt({ ciphertext, ...owner })).toBeNull();
      }),
    );
  });

  it('is null when the text is cut, longer, or no ciphertext at all', () => {
    const ciphertext = keyring.encrypt({ plaintext: 'secret', ...owner });
    for (let length = 0; length < ciphertext.length; length++)
      expect(keyring.decrypt({ ciphertext: ciphertext.slice(0, length), ...owner })).toBeNull();
    for (const longer of [`${ciphertext}A`, `${ciphertext}.`, `${ciphertext}=`, ` ${ciphertext}`])
      expect(keyring.decrypt({ ciphertext: longer, ...owner })).toBeNull();
    fc.assert(fc.property(fc.string(), (junk) => keyring.decrypt({ ciphertext: junk, ...owner }) === null));
  });

  it('is null for another user or service', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.string(),
        fc.string(),
        (userId, serviceName, otherUser, otherService) => {
          fc.pre(userId !== otherUser || serviceName !== otherService);
          const ciphertext = keyring.encrypt({ plaintext: 'secret', userId, serviceName });
          expect(keyring.decrypt({ ciphertext, userId: otherUser, serviceName: otherService })).toBeNull();
        },
      ),
    );
    const joined = keyring.encrypt({ plaintext: 'secret', userId: 'ab', serviceName: 'c' });
    expect(keyring.decrypt({ ciphertext: joined, userId: 'a', serviceName: 'bc' })).toBeNull();
  });

  it('encrypts with the first key and decrypts with any', () => {
    const next = randomBytes(32);
    const old = keyring.encrypt({ plaintext: 'secret', ...owner });
    const rotated = createKeyring([next, key]);
    expect(rotated.decrypt({ ciphertext: old, ...owner })).toBe('secret');
    const fresh = rotated.encrypt({ plaintext: 'secret', ...owner });
    expect(createKeyring([next]).decrypt({ ciphertext: fresh, ...owner })).toBe('secret');
    expect(keyring.decrypt({ ciphertext: fresh, ...owner })).toBeNull();
    expect(createKeyring([next]).decrypt({ ciphertext: old, ...owner })).toBeNull();
  });

  it('takes keys of 32 bytes only, and at least one', () => {
    expect(() => createKeyring([])).toThrow(UserError);
    expect(() => createKeyring([key, randomBytes(16)])).toThrow(UserError);
  });
});

describe('ENCRYPTION_KEY', () => {
  it('takes several keys', () => {
    const keys = [randomBytes(32), randomBytes(32)];
    expect(parseEncryptionKeys(keys.map((item) => item.toString('base64')).join(', '))).toEqual(keys);
  });

  it.each([
    '',
    'short',
    randomBytes(31).toString('base64'),
    randomBytes(33).toString('base64'),
    'x'.repeat(44),
    `,`,
  ])('refuses %j without showing it', (typed) => {
    const refused = () => parseEncryptionKeys(typed);
    expect(refused).toThrow(/^ENCRYPTION_KEY takes base64 of 32 bytes/);
    if (typed.length > 10) expect(refused).not.toThrow(typed);
  });
});

describe('the key file', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'assistarr-key-'));
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  it('is made once, for its owner alone, and then read', async () => {
    const first = await loadOrCreateKeyFile({ dataDir: join(dataDir, 'new', 'folder') });
    expect(first).toMatchObject({ created: true, path: join(dataDir, 'new', 'folder', 'encryption.key') });
    expect((await stat(first.path)).mode & 0o777).toBe(0o600);
    const second = await loadOrCreateKeyFile({ dataDir: join(dataDir, 'new', 'folder') });
    expect(second).toEqual({ ...first, created: false });
  });

  it('is one when many make it at once', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => loadOrCreateKeyFile({ dataDir })));
    expect(all.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(all.map(({ keys }) => keys.map((item) => item.toString('hex')).join())).size).toBe(1);
    expect(await readdir(dataDir)).toEqual(['encryption.key']);
  });

  it('is never replaced when it holds no key', async () => {
    const path = join(dataDir, 'encryption.key');
    for (const content of ['', 'not-a-key']) {
      await writeFile(path, content);
      await expect(loadOrCreateKeyFile({ dataDir })).rejects.toThrow(`The encryption key file ${path} takes base64`);
      expect(await readFile(path, 'utf8')).toBe(content);
    }
  });

  it('is closed to others again when it was open', async () => {
    const { path } = await loadOrCreateKeyFile({ dataDir });
    await chmod(path, 0o644);
    await loadOrCreateKeyFile({ dataDir });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });
});
