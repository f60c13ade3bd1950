import { isDeepStrictEqual } from 'node:util';
import { and, asc, eq } from 'drizzle-orm';
import { ChatSDKError } from '../../errors.ts';
import type { Database } from '../connection.ts';
import { failingAs } from '../failing-as.ts';
import { originOf } from '../origin.ts';
import { prepared } from '../prepared.ts';
import { auditLog, type NewServiceConfig, type ServiceConfig, serviceConfig } from '../schema.ts';
import type { SealedKey } from '../sealed-key.ts';

type Changes = Partial<Pick<ServiceConfig, 'baseUrl' | 'username' | 'options' | 'isEnabled'>> & { apiKey?: SealedKey };

/**
 * Saves a person's server. Fails when the person has one of this kind already, and with `forbidden:encryption` when the key was sealed
 * for another server.
 */
export async function createServiceConfig(
  db: Database,
  {
    apiKey,
    ...values
  }: Pick<NewServiceConfig, 'userId' | 'serviceName' | 'baseUrl' | 'username' | 'options' | 'isEnabled'> & {
    apiKey: SealedKey;
  },
): Promise<ServiceConfig> {
  apiKey.assertFor(values);
  const sealed = { ...values, apiKey: apiKey.ciphertext };
  return failingAs('Failed to create service config', () =>
    db.transaction(async (transaction) => {
      const [row] = await transaction.insert(serviceConfig).values(sealed).returning();
      if (row === undefined) throw new Error('an insert gave no row');
      await audit(transaction, row, 'create', { serviceName: row.serviceName, baseUrl: row.baseUrl, apiKey: 'set' });
      return row;
    }),
  );
}

export async function getServiceConfig(
  db: Database,
  { userId, serviceName }: { userId: string; serviceName: string },
): Promise<ServiceConfig | null> {
  return failingAs('Failed to get service config', async () => {
    const [row] = await db
      .select()
      .from(serviceConfig)
      .where(and(eq(serviceConfig.userId, userId), eq(serviceConfig.serviceName, serviceName)));
    return row ?? null;
  });
}

const configsOfUser = prepared((db, value) =>
  db
    .select()
    .from(serviceConfig)
    .where(eq(serviceConfig.userId, value('userId')))
    .orderBy(asc(serviceConfig.createdAt), asc(serviceConfig.serviceName)),
);

export async function getServiceConfigsByUserId(
  db: Database,
  { userId }: { userId: string },
): Promise<ServiceConfig[]> {
  return failingAs('Failed to get service configs', () => configsOfUser(db, { userId }));
}

/**
 * Changes only what is given and bumps `updatedAt`. Null when this user has no such row. Fails with `forbidden:encryption` when the
 * address has another origin than the stored one and no key sealed for it comes along.
 */
export async function updateServiceConfig(
  db: Database,
  { id, userId, apiKey, ...changes }: { id: string; userId: string } & Changes,
): Promise<ServiceConfig | null> {
  return failingAs('Failed to update service config', () =>
    db.transaction(async (transaction) => {
      const [before] = await transaction.select().from(serviceConfig).where(ofUser(id, userId)).for('update');
      if (before === undefined) return null;
      const after = { ...before, baseUrl: changes.baseUrl ?? before.baseUrl };
      if (apiKey !== undefined) apiKey.assertFor(after);
      else if (after.baseUrl !== before.baseUrl) assertSameOrigin(before, after);
      const [row] = await transaction
        .update(serviceConfig)
        .set({ ...changes, ...(apiKey && { apiKey: apiKey.ciphertext }), updatedAt: new Date() })
        .where(ofUser(id, userId))
        .returning();
      if (row === undefined) throw new Error('a locked row is gone');
      const recorded = whatChanged(before, row);
      if (Object.keys(recorded).length > 0) await audit(transaction, row, 'update', recorded);
      return row;
    }),
  );
}

/** Removes a person's server. False when this user has no such row. */
export async function deleteServiceConfig(
  db: Database,
  { id, userId }: { id: string; userId: string },
): Promise<boolean> {
  return failingAs('Failed to delete service config', () =>
    db.transaction(async (transaction) => {
      const [row] = await transaction.delete(serviceConfig).where(ofUser(id, userId)).returning();
      if (row === undefined) return false;
      await audit(transaction, row, 'delete', { serviceName: row.serviceName });
      return true;
    }),
  );
}

/** What the audit log keeps of a change: the new values, and of the key only that it changed. */
function whatChanged(before: ServiceConfig, after: ServiceConfig): Record<string, unknown> {
  const changed: Record<string, unknown> = {};
  for (const field of ['baseUrl', 'username', 'isEnabled'] as const)
    if (before[field] !== after[field]) changed[field] = after[field];
  if (before.apiKey !== after.apiKey) changed.apiKey = 'changed';
  // The note of the last connection test is written with every test, and is no change of the configuration.
  const { lastCheck: _before, ...chosenBefore } = before.options;
  const { lastCheck: _after, ...chosen } = after.options;
  if (!isDeepStrictEqual(chosenBefore, chosen)) changed.options = chosen;
  return changed;
}

/** The stored key may go where it went before, and nowhere else. */
function assertSameOrigin(before: ServiceConfig, after: ServiceConfig): void {
  const origin = originOf(after.baseUrl);
  if (origin === null || origin !== originOf(before.baseUrl))
    throw new ChatSDKError('forbidden:encryption', 'An address of another origin needs a key that was sealed for it');
}

function ofUser(id: string, userId: string) {
  return and(eq(serviceConfig.id, id), eq(serviceConfig.userId, userId));
}

async function audit(
  db: Database,
  row: ServiceConfig,
  action: 'create' | 'update' | 'delete',
  changes: Record<string, unknown>,
): Promise<void> {
  await db
    .insert(auditLog)
    .values({ userId: row.userId, action, tableName: 'ServiceConfig', recordId: row.id, changes });
}
