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
import type { ServiceConfig, User } from '../../src/db/schema.ts';
import { ChatSDKError } from '../../src/errors.ts';
import { engines, openTestDatabase } from '../database.ts';
import { someUser } from './rows.ts';

const secret = 'v1.canary.ciphertext';

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

  const create = (values: Partial<Parameters<typeof createServiceConfig>[1]> = {}) =>
    createServiceConfig(database.db, {
      userId: user.id,
      serviceName: 'radarr',
      baseUrl: 'http://nas.local:7878',
      apiKey: secret,
      ...values,
    });
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
    const changed = await update({ baseUrl: 'http://nas.local:7879', username: 'ada' });
    expect(changed).toEqual({
      ...config,
      baseUrl: 'http://nas.local:7879',
      username: 'ada',
      updatedAt: expect.any(Date),
    });
    expect(changed?.updatedAt.getTime()).toBeGreaterThanOrEqual(config.updatedAt.getTime());
    expect(await update({ userId: stranger.id, baseUrl: 'http://evil' })).toBeNull();
    expect(await deleteServiceConfig(database.db, { id: config.id, userId: stranger.id })).toBe(false);
    expect(await getServiceConfig(database.db, { userId: user.id, serviceName: 'radarr' })).toEqual(changed);
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
    await update({ apiKey: 'v1.canary.other' });
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
