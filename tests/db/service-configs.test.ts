import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '../../src/db/connection.ts';
import { describeDatabaseError } from '../../src/db/describe-database-error.ts';
import { getAuditLogsByUserId } from '../../src/db/queries/audit-logs.ts';
import {
  createServiceConfig,
  deleteServiceConfig,
  getServiceConfig,
  getServiceConfigsByUserId,
  updateServiceConfig,
} from '../../src/db/queries/service-configs.ts';
import { type ServiceConfig, serviceConfig, type User } from '../../src/db/schema.ts';
import { openSealedKey, SealedKey } from '../../src/db/sealed-key.ts';
import { ChatSDKError, UserError } from '../../src/errors.ts';
import { engines, openTestDatabase } from '../database.ts';
import { someUser } from './rows.ts';
import { sealedFor, testKeyring } from './sealed.ts';

type Values = Partial<Parameters<typeof createServiceConfig>[1]>;

describe.each(engines)('service configs on %s', (engine) => {
  let database: OpenDatabase;
  let user: User;
  let stranger: User;
  let config: ServiceConfig;
  beforeAll(async () => {
    database = await openTestDatabase(engine);
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    user = await someUser(database.db);
    stranger = await someUser(database.db);
    config = await create();
  });

  const place = (other: { userId?: string; serviceName?: string; baseUrl?: string } = {}) => ({
    userId: user.id,
    serviceName: 'radarr',
    baseUrl: 'http://nas.local:7878',
    ...other,
  });
  const create = ({ apiKey, ...values }: Values = {}) =>
    createServiceConfig(database.db, { ...place(values), apiKey: apiKey ?? sealedFor(place(values)), ...values });
  const update = (changes: Partial<Parameters<typeof updateServiceConfig>[1]>) =>
    updateServiceConfig(database.db, { id: config.id, userId: user.id, ...changes });
  const audited = async () =>
    (await getAuditLogsByUserId(database.db, { userId: user.id, limit: 10 })).map(({ action, changes }) => [
      action,
      changes,
    ]);

  it('are there for their user alone', async () => {
    expect(config).toMatchObject({ isEnabled: true, options: {}, username: null });
    const named = { serviceName: 'radarr' };
    expect(await getServiceConfig(database.db, { ...named, userId: user.id })).toEqual(config);
    expect(await getServiceConfig(database.db, { ...named, userId: stranger.id })).toBeNull();
    expect(await getServiceConfig(database.db, { userId: user.id, serviceName: 'sonarr' })).toBeNull();
    const second = await create({ serviceName: 'sonarr' });
    expect(await getServiceConfigsByUserId(database.db, { userId: user.id })).toEqual([config, second]);
    expect(await getServiceConfigsByUserId(database.db, { userId: stranger.id })).toEqual([]);
  });

  it('change only in what is given, and for their user alone', async () => {
    const changed = await update({ baseUrl: 'http://nas.local:7878/radarr', username: 'ada' });
    expect(changed).toEqual({
      ...config,
      baseUrl: 'http://nas.local:7878/radarr',
      username: 'ada',
      updatedAt: expect.any(Date),
    });
    expect(changed?.updatedAt.getTime()).toBeGreaterThanOrEqual(config.updatedAt.getTime());
    expect(await update({ userId: stranger.id, username: 'eve' })).toBeNull();
    expect(await update({ userId: stranger.id, baseUrl: 'http://evil' })).toBeNull();
    expect(await deleteServiceConfig(database.db, { id: config.id, userId: stranger.id })).toBe(false);
    expect(await getServiceConfig(database.db, { userId: user.id, serviceName: 'radarr' })).toEqual(changed);
  });

  const refused = { code: 'forbidden:encryption' };
  const stored = () => getServiceConfig(database.db, place());

  it.each([
    'https://nas.local:7878',
    'http://nas.local:7879',
    'http://nas.local',
    'http://nas.local.evil:7878',
    'http://evil:7878/nas.local:7878',
    'http://nas.local:7878@evil',
    'evil',
    '',
  ])('keep their address when it would become %j without a key for it', async (baseUrl) => {
    await expect(update({ baseUrl })).rejects.toMatchObject(refused);
    await expect(update({ baseUrl, username: 'ada', isEnabled: false })).rejects.toMatchObject(refused);
    // One for where it was does not do, nor one for yet another.
    await expect(update({ baseUrl, apiKey: sealedFor(place()) })).rejects.toMatchObject(refused);
    await expect(update({ baseUrl, apiKey: sealedFor(place({ baseUrl: 'http://other' })) })).rejects.toMatchObject(
      refused,
    );
    expect(await stored()).toEqual(config);
    expect(await audited()).toHaveLength(1);
  });

  it.each([
    'http://nas.local:7878/radarr',
    'HTTP://NAS.local:7878',
    'http://nas.local.:7878/',
    'http://nas.local:7878?x',
  ])('keep their key when the address becomes %s on the same server', async (baseUrl) => {
    const changed = await update({ baseUrl });
    expect(changed).toMatchObject({ baseUrl, apiKey: config.apiKey });
    expect(changed && openSealedKey(testKeyring, changed)).toBe('canary-secret');
  });

  it('move to another server together with a key that was sealed for it', async () => {
    const baseUrl = 'https://movies.example/radarr';
    const apiKey = sealedFor(place({ baseUrl }), 'other-canary');
    // The key alone would not open where the address is still the former one.
    await expect(update({ apiKey })).rejects.toMatchObject(refused);
    const changed = await update({ baseUrl, apiKey });
    expect(changed && openSealedKey(testKeyring, changed)).toBe('other-canary');
  });

  it('take no key of another user or service', async () => {
    for (const other of [{ userId: stranger.id }, { serviceName: 'sonarr' }]) {
      await expect(update({ apiKey: sealedFor(place(other)) })).rejects.toMatchObject(refused);
      await expect(create({ serviceName: 'jellyfin', apiKey: sealedFor(place(other)) })).rejects.toMatchObject(refused);
    }
    const elsewhere = sealedFor(place({ serviceName: 'sonarr', baseUrl: 'http://other' }));
    await expect(create({ serviceName: 'sonarr', apiKey: elsewhere })).rejects.toMatchObject(refused);
    expect(await getServiceConfigsByUserId(database.db, { userId: user.id })).toEqual([config]);
    expect(await stored()).toEqual(config);
  });

  it('have no key for what is no address', () => {
    expect(() => SealedKey.seal(testKeyring, 'secret', place({ baseUrl: 'nas.local' }))).toThrow(UserError);
    expect(() => SealedKey.seal(testKeyring, 'secret', { ...place(), instance: 'second' }).assertFor(place())).toThrow(
      expect.objectContaining(refused),
    );
  });

  it.each([
    ['userId', null],
    ['serviceName', 'sonarr'],
    ['baseUrl', 'http://evil:7878'],
    ['baseUrl', 'http://evil:7878/?http://nas.local:7878'],
    ['baseUrl', 'nas.local:7878'],
  ] as const)('do not open once %s was changed in the database', async (column, value) => {
    await database.db.execute(
      sql`update "ServiceConfig" set ${sql.identifier(column)} = ${value ?? stranger.id} where id = ${config.id}`,
    );
    const [row] = await database.db.select().from(serviceConfig).where(eq(serviceConfig.id, config.id));
    expect(row?.apiKey).toBe(config.apiKey);
    expect(row && openSealedKey(testKeyring, row)).toBeNull();
    expect(openSealedKey(testKeyring, config)).toBe('canary-secret');
  });

  it('are one of a kind a user', async () => {
    const taken = await create({ baseUrl: 'http://another' }).catch((error: unknown) => error);
    expect(taken).toBeInstanceOf(ChatSDKError);
    expect(taken).toMatchObject({ code: 'bad_request:database', message: 'Failed to create service config' });
    expect(describeDatabaseError(taken)).toMatchObject({ code: '23505' });
    expect(JSON.stringify(describeDatabaseError(taken))).not.toMatch(/canary|another|nas/);
    const all = await Promise.allSettled([1, 2, 3].map(() => create({ serviceName: 'sonarr' })));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('can be made again after they were removed', async () => {
    expect(await deleteServiceConfig(database.db, { id: config.id, userId: user.id })).toBe(true);
    expect(await deleteServiceConfig(database.db, { id: config.id, userId: user.id })).toBe(false);
    expect((await create()).id).not.toBe(config.id);
  });

  it('leave a trail of every change, without any secret', async () => {
    await update({ apiKey: sealedFor(place(), 'canary-other') });
    await update({ isEnabled: false });
    await update({ options: { userId: 'jellyfin-ada', lastCheck: { ok: true } } });
    await deleteServiceConfig(database.db, { id: config.id, userId: user.id });
    const trail = await audited();
    expect(trail).toEqual([
      ['delete', { serviceName: 'radarr' }],
      ['update', { options: { userId: 'jellyfin-ada' } }],
      ['update', { isEnabled: false }],
      ['update', { apiKey: 'changed' }],
      ['create', { serviceName: 'radarr', baseUrl: 'http://nas.local:7878', apiKey: 'set' }],
    ]);
    expect(JSON.stringify(trail)).not.toContain('canary');
  });

  it('leave no trail where nothing changed', async () => {
    await update({ options: { lastCheck: { ok: true } } });
    await update({ baseUrl: config.baseUrl, isEnabled: true });
    await create({ baseUrl: 'http://refused' }).catch(() => null);
    await update({ userId: stranger.id, isEnabled: false });
    expect(await audited()).toHaveLength(1);
    expect(await getAuditLogsByUserId(database.db, { userId: stranger.id, limit: 10 })).toEqual([]);
  });
});
