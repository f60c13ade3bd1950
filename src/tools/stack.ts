import type { Database } from '../db/connection.ts';
import type { Keyring } from '../db/encryption.ts';
import { getServiceConfigsByUserId } from '../db/queries/service-configs.ts';
import type { ServiceConfig } from '../db/schema.ts';
import { UserError } from '../errors.ts';
import { messages } from '../messages.ts';
import { isServiceName, type ServiceClients, type ServiceName, serviceDefinitions } from '../services/registry.ts';
import type { HttpSettings, ServiceDefinition } from '../services/service.ts';
import { authorise, type HeldServer, type OpenedService } from './authorise.ts';
import { type Caller, sayTo } from './caller.ts';
import { storedKey } from './stored-key.ts';

export const stackMessages = messages('stack', {
  notSetUp: '{label} is not set up for you. Use `/services configure` to add it.',
});

/** The enabled services that a person may use, opened for one event. They may be of several owners. */
export type Stack = {
  /** Who acts. */
  caller: Caller;
  services: readonly OpenedService[];
  has(service: ServiceName): boolean;
  /**
   * The client of one service, for the actor as that server knows them. Throws UserError when it is not set up or enabled for them,
   * or they may not see it.
   */
  get<Name extends ServiceName>(service: Name): ServiceClients[Name];
};

export type StackContext = { db: Database; keyring: Keyring; http: HttpSettings };

/** The same definitions, typed so that a name and its client stay together. */
const definitions: { [Name in ServiceName]: ServiceDefinition<ServiceClients[Name]> } = serviceDefinitions;

/**
 * Opens the services that the caller's actor may use: the only way to a media server. `held` are their servers when they were read
 * just now. Throws ChatSDKError when the database fails.
 */
export async function openStack(context: StackContext, caller: Caller, held?: readonly HeldServer[]): Promise<Stack> {
  const { actor } = caller;
  const servers = held ?? ownServers(await getServiceConfigsByUserId(context.db, { userId: actor.id }));
  const opened = new Map<ServiceName, OpenedService>();
  for (const server of servers) {
    const { serviceName: name, isEnabled, userId: owner } = server.config;
    if (isEnabled && isServiceName(name)) opened.set(name, { ...server, name, owner });
  }
  const clients: Partial<ServiceClients> = {};

  function open<Name extends ServiceName>(name: Name): ServiceClients[Name] {
    const service = opened.get(name);
    const definition = definitions[name];
    if (!service) throw new UserError((say) => say(stackMessages.notSetUp, { label: definition.label }));
    const permission = authorise(caller, { act: 'see' }, [service]);
    if (!permission.isGiven) throw new UserError(permission.words);
    const { config, user, owner } = service;
    return definition.open({
      baseUrl: config.baseUrl,
      secret: storedKey(context.keyring, config),
      username: config.username,
      actor: { user, isOwner: owner === actor.id },
      say: sayTo(caller),
      http: { ...context.http, person: actor.id },
    });
  }
  return {
    caller,
    services: [...opened.values()],
    has: (service) => opened.has(service),
    get: (service) => {
      clients[service] ??= open(service);
      const client = clients[service];
      if (client === undefined) throw new Error('a client that was opened is gone');
      return client;
    },
  };
}

/** A person's own servers, on which they may do everything. */
export function ownServers(configs: readonly ServiceConfig[]): HeldServer[] {
  return configs.map((config) => ({ config, user: chosenUser(config), may: ['see', 'press', 'approve'] }));
}

/** Which of a server's users its owner is, as they chose in `/services configure`. */
export function chosenUser({ options: { userId } }: Pick<ServiceConfig, 'options'>): string | null {
  return typeof userId === 'string' ? userId : null;
}

/** The services of the stack that a call of this tool acts on. */
export function servicesOf(
  stack: Pick<Stack, 'services'>,
  tool: { actsOn(input: unknown): readonly ServiceName[] },
  input: unknown,
): OpenedService[] {
  const names = tool.actsOn(input);
  return stack.services.filter(({ name }) => names.includes(name));
}
