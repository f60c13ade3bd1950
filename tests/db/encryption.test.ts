import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Binding, createKeyring, loadOrCreateKeyFile, parseEncryptionKeys } from '../../src/db/encryption.ts';
import { HostError } from '../../src/errors.ts';
import { sealedInFormerFormat } from './sealed.ts';

const key = randomBytes(32);
const keyring = createKeyring([key]);
const owner = { userId: 'a-user', serviceName: 'radarr' };
const binding: Binding = { kind: 'service', ...owner, instance: 'default', origin: 'http://nas:7878' };
/** Well-formed: half a surrogate pair has no bytes of its own in UTF-8. */
const text = fc.string({ unit: 'binary' });
const anyBinding: fc.Arbitrary<Binding> = fc.oneof(
  fc.record({
    kind: fc.constant('service' as const),
    userId: fc.string(),
    serviceName: fc.string(),
    instance: fc.string(),
    origin: fc.string(),
  }),
  fc.record({
    kind: fc.constant('token' as const),
    userId: fc.string(),
    purpose: fc.constantFrom('interaction-token' as const, 'deferred-reply' as const),
  }),
);
const encrypt = (plaintext = 'secret') => keyring.encrypt({ plaintext, binding });
const decrypt = (ciphertext: string) => keyring.decrypt({ ciphertext, binding });

describe('the keyring', () => {
  it('gives back what was encrypted, under its own binding alone', () => {
    fc.assert(
      fc.property(text, anyBinding, anyBinding, (plaintext, own, other) => {
        const ciphertext = keyring.encrypt({ plaintext, binding: own });
        expect(keyring.decrypt({ ciphertext, binding: own })).toBe(plaintext);
        fc.pre(!isDeepStrictEqual({ ...own }, { ...other }));
        expect(keyring.decrypt({ ciphertext, binding: other })).toBeNull();
      }),
    );
  });

  it.each<[string, Partial<Binding>]>([
    ['user', { userId: 'another' }],
    ['service', { serviceName: 'sonarr' }],
    ['instance', { instance: 'second' }],
    ['scheme', { origin: 'https://nas:7878' }],
    ['host', { origin: 'http://nas.evil:7878' }],
    ['port', { origin: 'http://nas:7879' }],
  ])('opens nothing for another %s', (_what, other) => {
    expect(keyring.decrypt({ ciphertext: encrypt(), binding: Object.assign({}, binding, other) })).toBeNull();
  });

  it('keeps tokens and keys apart, and the words of a binding where they are', () => {
    const userId = 'a-user';
    const token = keyring.encrypt({
      plaintext: 'secret',
      binding: { kind: 'token', userId, purpose: 'deferred-reply' },
    });
    expect(decrypt(token)).toBeNull();
    const purpose = 'interaction-token';
    expect(keyring.decrypt({ ciphertext: token, binding: { kind: 'token', userId, purpose } })).toBeNull();
    const joined = keyring.encrypt({ plaintext: 'secret', binding: { ...binding, userId: 'ab', serviceName: 'c' } });
    const other = { ...binding, userId: 'a', serviceName: 'bc' };
    expect(keyring.decrypt({ ciphertext: joined, binding: other })).toBeNull();
  });

  it('says in front which version and key it is', () => {
    expect(encrypt()).toMatch(/^v2\.[0-9a-f]{8}\.[\w-]+$/);
  });

  it('never makes the same text twice', () => {
    expect(new Set(Array.from({ length: 100 }, () => encrypt())).size).toBe(100);
  });

  it('is null when any one character is another', () => {
    const ciphertext = encrypt();
    for (let index = 0; index < ciphertext.length; index++)
      for (const other of ['A', 'b', '0', '1', '.', '-']) {
        const tampered = ciphertext.slice(0, index) + other + ciphertext.slice(index + 1);
        if (tampered !== ciphertext) expect(decrypt(tampered)).toBeNull();
      }
  });

  it('is null when any byte of nonce, ciphertext or tag is another', () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.integer({ min: 1, max: 255 }), (plaintext, position, difference) => {
        const [version, id, body = ''] = encrypt(plaintext).split('.');
        const bytes = Buffer.from(body, 'base64url');
        const index = position % bytes.length;
        bytes.writeUInt8(bytes.readUInt8(index) ^ difference, index);
        expect(decrypt([version, id, bytes.toString('base64url')].join('.'))).toBeNull();
      }),
    );
  });

  it('is null when the text is cut, longer, or no ciphertext at all', () => {
    const ciphertext = encrypt();
    for (let length = 0; length < ciphertext.length; length++) expect(decrypt(ciphertext.slice(0, length))).toBeNull();
    for (const longer of [`${ciphertext}A`, `${ciphertext}.`, `${ciphertext}=`, ` ${ciphertext}`])
      expect(decrypt(longer)).toBeNull();
    fc.assert(fc.property(fc.string(), (junk) => decrypt(junk) === null));
  });

  it('opens the former format where it is asked to, and nowhere else', () => {
    const former = sealedInFormerFormat('secret', { ...owner, key });
    expect(keyring.decryptFormer({ ciphertext: former, ...owner })).toBe('secret');
    expect(keyring.decryptFormer({ ciphertext: former, ...owner, userId: 'another' })).toBeNull();
    expect(keyring.decryptFormer({ ciphertext: former, ...owner, serviceName: 'sonarr' })).toBeNull();
    for (const ciphertext of [former, former.replace('v1', 'v2')]) expect(decrypt(ciphertext)).toBeNull();
    for (const ciphertext of [encrypt(), encrypt().replace('v2', 'v1')])
      expect(keyring.decryptFormer({ ciphertext, ...owner })).toBeNull();
  });

  it('encrypts with the first key and decrypts with any', () => {
    const next = randomBytes(32);
    const old = encrypt();
    const rotated = createKeyring([next, key]);
    expect(rotated.decrypt({ ciphertext: old, binding })).toBe('secret');
    const fresh = rotated.encrypt({ plaintext: 'secret', binding });
    expect(createKeyring([next]).decrypt({ ciphertext: fresh, binding })).toBe('secret');
    expect(decrypt(fresh)).toBeNull();
    expect(createKeyring([next]).decrypt({ ciphertext: old, binding })).toBeNull();
  });

  it('takes keys of 32 bytes only, and at least one', () => {
    expect(() => createKeyring([])).toThrow(HostError);
    expect(() => createKeyring([key, randomBytes(16)])).toThrow(HostError);
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
