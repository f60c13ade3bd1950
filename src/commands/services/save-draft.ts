import { createServiceConfig, getServiceConfig, updateServiceConfig } from '../../db/queries/service-configs.ts';
import type { ServiceConfig } from '../../db/schema.ts';
import { UserError } from '../../errors.ts';
import type { ServiceCheck } from '../../services/service.ts';
import type { CommandContext } from '../command.ts';
import type { Draft } from './drafts.ts';

/** Saves a server with its key encrypted; one that is there is changed and switched on. `check` is null when it failed. */
export async function saveDraft(
  context: CommandContext,
  draft: Draft,
  check: ServiceCheck | null,
): Promise<ServiceConfig> {
  const { userId, serviceName, baseUrl, secret, username } = draft;
  if (baseUrl === null || secret === null)
    throw new UserError('Address and key are needed. Type `/services configure` again.');
  const apiKey = context.keyring.encrypt({ plaintext: secret, userId, serviceName });
  const there = await getServiceConfig(context.db, { userId, serviceName });
  const lastCheck = { at: new Date().toISOString(), ok: check !== null, version: check?.version ?? null };
  if (there === null)
    return createServiceConfig(context.db, { userId, serviceName, baseUrl, apiKey, username, options: { lastCheck } });
  const options = { ...there.options, lastCheck };
  const changed = await updateServiceConfig(context.db, {
    id: there.id,
    userId,
    baseUrl,
    apiKey,
    username,
    options,
    isEnabled: true,
  });
  if (changed === null)
    throw new UserError('That service was removed in the meantime. Type `/services configure` again.');
  return changed;
}
