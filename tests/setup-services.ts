import type { Person } from '../playground/discord/person.ts';
import type { PlaygroundDiscord } from '../playground/discord/start-discord.ts';
import type { Message } from '../playground/discord/state.ts';
import type { PlaygroundServers } from '../playground/servers/start-servers.ts';

/** Sets services up as a person does: the command, the modal, the button. */
export class Setup {
  readonly #discord: PlaygroundDiscord;
  readonly #servers: PlaygroundServers;

  constructor(discord: PlaygroundDiscord, servers: PlaygroundServers) {
    this.#discord = discord;
    this.#servers = servers;
  }

  /** What a person would type into the modal of a service. */
  typed(service: keyof Omit<PlaygroundServers, 'stop'>): Record<string, string> {
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

  /** The named services, all working. On a busy machine a try may take longer than the tests' short limit: as a person, again. */
  async all(person: Person, ...services: (keyof Omit<PlaygroundServers, 'stop'>)[]): Promise<void> {
    for (const service of services) {
      for (let tries = 1; ; tries++) {
        const said = this.#discord.render(await this.configure(person, service, this.typed(service)));
        if (!said.includes('did not answer in time')) break;
        if (tries === 5) throw new Error(`${service} could not be set up: ${said}`);
      }
    }
  }
}
