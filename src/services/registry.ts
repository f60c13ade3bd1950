import { jellyfin } from './jellyfin/definition.ts';
import { jellyseerr } from './jellyseerr/definition.ts';
import { qbittorrent } from './qbittorrent/definition.ts';
import { radarr } from './radarr/definition.ts';
import type { ServiceClient, ServiceDefinition } from './service.ts';
import { sonarr } from './sonarr/definition.ts';

/** Every kind of server the bot can be given. A further one is a folder and a line here. */
export const serviceDefinitions = {
  radarr,
  sonarr,
  jellyfin,
  jellyseerr,
  qbittorrent,
} satisfies Record<string, ServiceDefinition<ServiceClient>>;

export type ServiceName = keyof typeof serviceDefinitions;
export type ServiceClients = { [Name in ServiceName]: ReturnType<(typeof serviceDefinitions)[Name]['open']> };

/** The names in the order in which they are shown. */
export const serviceNames = Object.keys(serviceDefinitions).filter(isServiceName);

/** Whether a text from a row or a choice names a service that this version has. */
export function isServiceName(name: string): name is ServiceName {
  return Object.hasOwn(serviceDefinitions, name);
}

/** The definition of the service that a row or an error names; of one that this version does not have, its name alone. */
export function definitionOf(name: string): Pick<ServiceDefinition<ServiceClient>, 'label' | 'failureWords'> {
  return isServiceName(name) ? serviceDefinitions[name] : { label: name };
}
