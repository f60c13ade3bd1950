import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HostError } from '../src/errors.ts';
import { readSettings } from '../src/settings.ts';

const key = Buffer.alloc(32, 7).toString('base64');

describe('settings', () => {
  it('has defaults for everything but the token', () => {
    expect(readSettings({})).toMatchObject({
      discordToken: undefined,
      discordApiUrl: 'https://discord.com/api',
      discordRequestsPerSecond: 50,
      dataDir: './data',
      turnsPerHour: 60,
      historyTokens: 8000,
      addressPolicy: 'private-allowed',
      model: { api: 'responses' },
      limits: { stopMs: 10_000, autocompleteMs: 2000, answerMs: 9000, slowMs: 120_000 },
    });
  });

  it('lists all faults at once, without the values', () => {
    const read = () =>
      readSettings({
        POSTGRES_URL: 'mysql://u:canary-password@h/d',
        TURNS_PER_HOUR: 'many',
        LOG_LEVEL: 'loud',
        ALLOWED_USERS: 'bob',
        ENCRYPTION_KEY: 'canary-short',
      });
    expect(read).toThrow(HostError);
    try {
      read();
    } catch (error) {
      const text = String(error);
      for (const name of ['POSTGRES_URL', 'TURNS_PER_HOUR', 'LOG_LEVEL', 'ALLOWED_USERS', 'ENCRYPTION_KEY'])
        expect(text).toContain(name);
      expect(text).not.toContain('canary');
    }
  });

  it('wants an encryption key beside POSTGRES_URL', () => {
    expect(() => readSettings({ POSTGRES_URL: 'postgres://localhost/a' })).toThrow('ENCRYPTION_KEY must be set');
    expect(
      readSettings({ POSTGRES_URL: 'postgres://localhost/a', ENCRYPTION_KEY: `${key}, ${key}` }).encryptionKey,
    ).toContain(key);
  });

  it('takes chat for another server, and public addresses only for everyone', () => {
    expect(readSettings({ OPENAI_BASE_URL: 'http://localhost:11434/v1' }).model.api).toBe('chat');
    expect(readSettings({ OPENAI_BASE_URL: 'http://localhost:11434/v1', OPENAI_API: 'responses' }).model.api).toBe(
      'responses',
    );
    expect(readSettings({ ALLOWED_USERS: '*' }).addressPolicy).toBe('public-only');
    expect(readSettings({ ALLOWED_GUILDS: '*' }).addressPolicy).toBe('public-only');
    expect(readSettings({ ALLOWED_GUILDS: '123456789012345678' }).addressPolicy).toBe('private-allowed');
    expect(() => readSettings({ ADMIN_USERS: '*' })).toThrow('ADMIN_USERS');
    expect(readSettings({ ALLOWED_USERS: '*', SERVICE_ADDRESSES: 'private-allowed' }).addressPolicy).toBe(
      'private-allowed',
    );
  });

  it('takes an empty value for one that is not set', () => {
    expect(readSettings({ POSTGRES_URL: '', OPENAI_API: ' ', TURNS_PER_HOUR: '' }).turnsPerHour).toBe(60);
  });

  it('either gives settings or a HostError, whatever is set', () => {
    const names = ['ALLOWED_USERS', 'TURNS_PER_HOUR', 'LEASE_MS', 'OPENAI_BASE_URL', 'ENCRYPTION_KEY', 'LOG_LEVEL'];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), fc.string()), (environment) => {
        try {
          readSettings(environment);
        } catch (error) {
          expect(error).toBeInstanceOf(HostError);
        }
      }),
    );
  });

  it('has every setting in .env.example', async () => {
    const [source, example] = await Promise.all(
      ['src/settings.ts', '.env.example'].map((path) => readFile(new URL(`../${path}`, import.meta.url), 'utf8')),
    );
    const names = [...(source ?? '').matchAll(/^ +([A-Z][A-Z_]+): /gm)].map((match) => match[1] ?? '');
    expect(names.length).toBeGreaterThan(20);
    for (const name of names) expect(example).toContain(`${name}=`);
  });
});
