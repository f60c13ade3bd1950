import type { Database } from '../db/connection.ts';
import type { Keyring } from '../db/encryption.ts';
import { getServiceConfigsByUserId } from '../db/queries/service-configs.ts';
import { ChatSDKError, UserError } from '../errors.ts';
import { isServiceName, type ServiceClients, type ServiceName, serviceDefinitions } from '../services/registry.ts';
import type { HttpSettings, ServiceDefinition } from '../services/service.ts';

/** A person's enabled services, opened for one event. */
export type Stack = {
  /** `User.id` of who acts. */
  actorId: string;
  /** `User.id` of whose servers these are. */
  ownerId: string;
  /** The enabled services, in registry order. */
  services: readonly ServiceName[];
  has(service: ServiceName): boolean;
  /** The client of one service. Throws UserError when the person has not configured or enabled it. */
  get<Name extends ServiceName>(service: Name): ServiceClients[Name];
};

export type StackContext = { db: Database; keyring: Keyring; http: HttpSettings };

/** The same definitions, typed so that a name and its client stay together. */
const definitions: { [Name in ServiceName]: ServiceDefinition<ServiceClients[Name]> } = serviceDefinitions;

/** Opens the owner's enabled services: the only way to a media server. Throws ChatSDKError when the database fails. */
export async function openStack(
  context: StackContext,
  { actorId, ownerId }: { actorId: string; ownerId: string },
): Promise<Stack> {
  const rows = await getServiceConfigsByUserId(context.db, { userId: ownerId });
  const enabled = new Map(rows.filter((row) => row.isEnabled).map((row) => [row.serviceName, row]));
  const services = [...enabled.keys()].filter(isServiceName);
  const clients: Partial<ServiceClients> = {};

  function open<Name extends ServiceName>(name: Name): ServiceClients[Name] {
    const row = enabled.get(name);
    const definition = definitions[name];
    if (!row) throw new UserError(`${definition.label} is not set up for you. Use \`/services configure\` to add it.`);
    const secret = context.keyring.decrypt({ ciphertext: row.apiKey, userId: row.userId, serviceName: name });
    if (secret === null)
      throw new ChatSDKError('bad_request:encryption', 'A stored key does not decrypt with the present ENCRYPTION_KEY');
    return definition.open({
      baseUrl: row.baseUrl,
      secret,
      username: row.username,
      options: row.options,
      http: context.http,
    });
  }
  return {
    actorId,
    ownerId,
    services,
    has: (service) => enabled.has(service),
    get: (service) => {
      clients[service] ??= open(service);
      const client = clients[service];
      if (client === undefined) throw new Error('a client that was opened is gone');
      return client;
    },
  };
}
