import { z } from 'zod';
import { getServiceConfig, updateServiceConfig } from '../../db/queries/service-configs.ts';
import type { ServiceConfig } from '../../db/schema.ts';
import { ServiceError, type ServiceFailure, serviceFailures } from '../../errors.ts';
import { messages, type Say } from '../../messages.ts';
import { describeFailure } from '../../services/describe-failure.ts';
import { definitionOf } from '../../services/registry.ts';
import type { CommandContext } from '../command.ts';
import type { Attempt } from './try-connection.ts';

export const lastCheckMessages = messages('last_check', {
  untried: 'not tried yet',
  worked: 'worked {when}',
  failed: 'failed {when}',
});

const words = lastCheckMessages;

/** What `ServiceConfig.options.lastCheck` holds. Older rows have no version and no failure. */
const lastCheckSchema = z.object({
  at: z.iso.datetime(),
  ok: z.boolean(),
  version: z.string().nullish(),
  failure: z.enum(serviceFailures).nullish().catch(null),
});

type LastCheck = { at: string; ok: true; version: string } | { at: string; ok: false; failure: ServiceFailure | null };

/** The stored form of a connection test that was made just now. */
export function lastCheckOf(attempt: { ok: true; version: string } | { ok: false; failure: ServiceFailure | null }) {
  return { at: new Date().toISOString(), ...attempt } satisfies LastCheck;
}

/** Stores the result of a connection test with the service, unless the service was changed or removed meanwhile. */
export async function noteAttempt(context: CommandContext, tried: ServiceConfig, attempt: Attempt): Promise<void> {
  const { userId, serviceName } = tried;
  const now = await getServiceConfig(context.ledger.db, { userId, serviceName });
  if (now === null || now.id !== tried.id || now.baseUrl !== tried.baseUrl || now.apiKey !== tried.apiKey) return;
  const lastCheck = lastCheckOf(
    attempt.ok ? { ok: true, version: attempt.check.version } : { ok: false, failure: attempt.error.failure },
  );
  await updateServiceConfig(context.ledger.db, { id: now.id, userId, options: { ...now.options, lastCheck } });
}

/** "worked 2 minutes ago" with the version, or the reason of a failure in a sentence; never the key. */
export function lastCheckWords(
  config: ServiceConfig,
  say: Say,
): {
  short: string;
  hasFailed: boolean;
  version: string | null;
  reason: string | null;
} {
  const parsed = lastCheckSchema.safeParse(config.options.lastCheck);
  if (!parsed.success) return { short: say(words.untried), hasFailed: false, version: null, reason: null };
  const { at, ok, version, failure } = parsed.data;
  const when = `<t:${Math.floor(Date.parse(at) / 1000)}:R>`;
  if (ok) return { short: say(words.worked, { when }), hasFailed: false, version: version || null, reason: null };
  const { serviceName: service } = config;
  const error = failure ? new ServiceError({ service, failure, sent: 'no' }) : null;
  const reason = error === null ? null : describeFailure(error, definitionOf(service), say).what;
  return { short: say(words.failed, { when }), hasFailed: true, version: null, reason };
}
