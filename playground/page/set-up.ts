import { flatten } from '../discord/flatten.ts';
import type { PlaygroundDiscord } from '../discord/start-discord.ts';
import { objects } from '../json.ts';
import type { PlaygroundServers } from '../servers/start-servers.ts';
import { credentialsOf, type ServerId, serverNames } from './server-views.ts';

/** Gives the bot one of the servers on someone's behalf, with the command and the form that they would use. */
export async function setUp(
  discord: PlaygroundDiscord,
  servers: PlaygroundServers,
  { personId, id }: { personId: string; id: ServerId },
): Promise<void> {
  const account = discord.state.accounts.get(personId);
  if (account === undefined || account.bot) throw new Error('there is no such person');
  const person = discord.person(account.global_name);
  const modal = await person.slash(person.dm(), 'services configure', { service: id }).modal();
  const reply = await person.submitModal(modal, credentialsOf(servers, id)).reply();
  // A server with several people asks whose it is; the one with the person's own name, if there is one.
  const select = flatten(reply.components).find((part) => part.type === 3 && part.disabled !== true);
  const options = objects(select?.options);
  const own = options.find((option) => option.label === account.global_name) ?? options[0];
  if (select === undefined || own === undefined) return;
  await person.select(reply, String(select.custom_id), [String(own.value)]).acknowledged();
}

/** Gives the bot all servers. Throws what kept the first that failed. */
export async function setUpAll(
  discord: PlaygroundDiscord,
  servers: PlaygroundServers,
  personId: string,
): Promise<void> {
  for (const id of ['radarr', 'sonarr', 'jellyfin', 'jellyseerr', 'qbittorrent'] as const) {
    try {
      await setUp(discord, servers, { personId, id });
    } catch (error) {
      throw new Error(`${serverNames[id]} could not be set up: ${error instanceof Error ? error.message : error}`);
    }
  }
}
