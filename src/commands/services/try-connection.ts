import type { ServiceConfig } from '../../db/schema.ts';
import { ServiceError, UserError } from '../../errors.ts';
import { type ServiceName, serviceDefinitions } from '../../services/registry.ts';
import type { Connection, ServiceCheck } from '../../services/service.ts';
import type { CommandContext } from '../command.ts';

/** What came of a try. */
export type Attempt = { ok: true; check: ServiceCheck } | { ok: false; error: ServiceError };

/** Tries a server as it was typed or stored, on or off. Throws what is no fault of that server, such as a stop. */
export async function tryConnection(
  context: CommandContext,
  name: ServiceName,
  connection: Omit<Connection, 'http'>,
): Promise<Attempt> {
  const client = serviceDefinitions[name].open({ ...connection, http: context.http });
  try {
    return { ok: true, check: await client.check({ signal: context.signal }) };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    context.log.info({ err: error, service: name }, 'a connection does not work');
    return { ok: false, error };
  }
}

/** The stored key or password in clear. Throws UserError when no present encryption key fits. */
export function storedSecret(context: Pick<CommandContext, 'keyring'>, config: ServiceConfig): string {
  const { apiKey: ciphertext, userId, serviceName } = config;
  const secret = context.keyring.decrypt({ ciphertext, userId, serviceName });
  if (secret === null)
    throw new UserError('The stored key cannot be read any more. Type it again with `/services configure`.');
  return secret;
}
