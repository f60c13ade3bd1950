import { originOf } from '../../db/origin.ts';
import { createServiceConfig, getServiceConfig, updateServiceConfig } from '../../db/queries/service-configs.ts';
import type { ServiceConfig } from '../../db/schema.ts';
import { SealedKey } from '../../db/sealed-key.ts';
import { UserError } from '../../errors.ts';
import { messages } from '../../messages.ts';
import type { ServiceCheck } from '../../services/service.ts';
import type { CommandContext } from '../command.ts';
import type { Draft } from './drafts.ts';
import { lastCheckOf } from './last-check.ts';

export const saveServiceMessages = messages('save_service', {
  incomplete: 'Address and key are needed. Type `/services configure` again.',
  isGone: 'That service was removed in the meantime. Type `/services configure` again.',
});

/**
 * Saves a server with its key encrypted. An existing one is changed and switched on, and keeps its key if none was typed. `check` is
 * null if the test failed. Throws UserError when there is no address or no key for it.
 */
export async function saveDraft(
  context: CommandContext,
  draft: Draft,
  check: ServiceCheck | null,
): Promise<ServiceConfig> {
  const { userId, serviceName, baseUrl, secret, username } = draft;
  const there = await getServiceConfig(context.ledger.db, { userId, serviceName });
  if (baseUrl === null || (secret === null && (there === null || isElsewhere(there, baseUrl))))
    throw new UserError((say) => say(saveServiceMessages.incomplete));
  const lastCheck = lastCheckOf(
    check === null ? { ok: false, failure: draft.failure ?? null } : { ok: true, version: check.version },
  );
  const place = { userId, serviceName, baseUrl };
  const typed = secret === null ? {} : { apiKey: SealedKey.seal(context.ledger.keyring, secret, place) };
  if (there === null) {
    if (typed.apiKey === undefined) throw new Error('a key that was just looked at is gone');
    const { apiKey } = typed;
    return createServiceConfig(context.ledger.db, { ...place, apiKey, username, options: { lastCheck } });
  }
  const { userId: _user, userName: _name, ...kept } = there.options;
  // The chosen user belongs to the old server.
  const options = { ...(isElsewhere(there, baseUrl) ? kept : there.options), lastCheck };
  const changes = { ...typed, baseUrl, username, options, isEnabled: true };
  const changed = await updateServiceConfig(context.ledger.db, { id: there.id, userId, ...changes });
  if (changed === null) throw new UserError((say) => say(saveServiceMessages.isGone));
  return changed;
}

/** Whether an address has another machine, port or scheme than the stored one, so that the stored key was not typed for it. */
export function isElsewhere(config: Pick<ServiceConfig, 'baseUrl'>, baseUrl: string): boolean {
  return originOf(config.baseUrl) !== originOf(baseUrl);
}
