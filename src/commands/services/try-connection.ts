import { ServiceError } from '../../errors.ts';
import { type ServiceName, serviceDefinitions } from '../../services/registry.ts';
import type { Connection, ServiceCheck } from '../../services/service.ts';
import type { CommandContext } from '../command.ts';

/** The result of a connection test. */
export type Attempt = { ok: true; check: ServiceCheck } | { ok: false; error: ServiceError };

/** Tests a server as it was typed or stored, on or off. Throws only what is not that server's fault, such as a stop. */
export async function tryConnection(
  context: CommandContext,
  name: ServiceName,
  connection: Omit<Connection, 'http' | 'say'>,
): Promise<Attempt> {
  const client = serviceDefinitions[name].open({
    ...connection,
    say: context.say,
    http: { ...context.ledger.http, person: context.user.id },
  });
  try {
    return { ok: true, check: await client.check({ signal: context.signal }) };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    context.ledger.log.info({ err: error, service: name }, 'a connection does not work');
    return { ok: false, error };
  }
}
