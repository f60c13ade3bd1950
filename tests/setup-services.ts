import type { Person } from '../playground/discord/person.ts';
import type { PlaygroundDiscord } from '../playground/discord/start-discord.ts';
import type { Message } from '../playground/discord/state.ts';
import type { PlaygroundServers } from '../playground/servers/start-servers.ts';
import { type ServiceName, serviceDefinitions } from '../src/services/registry.ts';

/** Sets services up as a person does: the command, the modal, the button. */
export class Setup {
  readonly #discord: PlaygroundDiscord;
  readonly #servers: PlaygroundServers;

  constructor(discord: PlaygroundDiscord, servers: PlaygroundServers) {
    this.#discord = discord;
    this.#servers = servers;
  }

  /** What a person would type into the modal of a service. */
  typed(service: ServiceName): Record<string, string> {
    const server = this.#servers[service];
    return 'password' in server
      ? { address: server.url, username: server.username, secret: server.password }
      : { address: server.url, secret: server.apiKey };
  }

  /** `/services configure` in a DM with these fields; the bot's answer. */
  async configure(person: Person, service: string, typed: Record<string, string>): Promise<Message> {
    const modal = await person.slash(person.dm(), 'services configure', { service }).modal();
    return person.submitModal(modal, typed).reply();
  }

  /**
   * The named services, all working, with the person being the key's own user where they are asked who they are. On a busy machine a try
   * may take longer than the tests' short limit: as a person, again.
   */
  async all(person: Person, ...services: ServiceName[]): Promise<void> {
    for (const service of services) {
      for (let tries = 1; ; tries++) {
        const card = await this.configure(person, service, this.typed(service));
        const said = this.#discord.render(card);
        if (!said.includes('did not answer in time')) {
          if (serviceDefinitions[service].user !== null) await this.#chooseUser(person, service, card);
          break;
        }
        if (tries === 5) throw new Error(`${service} could not be set up: ${said}`);
      }
    }
  }

  /** Chooses the first user that the server has: its key's own. */
  async #chooseUser(person: Person, service: ServiceName, card: Message): Promise<void> {
    const { jellyfin, jellyseerr } = this.#servers;
    const first = service === 'jellyfin' ? jellyfin.state.users[0]?.Id : jellyseerr.state.users[0]?.id;
    await person.select(card, `services:user:${service}`, [String(first)]).acknowledged();
    await this.#discord.until(() =>
      this.#discord.render(this.#discord.state.messages.get(card.id) ?? card).includes('and you are'),
    );
  }
}
