import type { Person } from '../../playground/discord/person.ts';
import type { PlaygroundDiscord } from '../../playground/discord/start-discord.ts';
import type { Channel, Message } from '../../playground/discord/state.ts';
import type { Setup } from '../setup-services.ts';

export const services = ['radarr', 'sonarr', 'jellyfin', 'jellyseerr', 'qbittorrent'] as const;
export type Service = (typeof services)[number];

/** Someone with one server, and a channel of their own. */
export type Owner = { service: Service; person: Person; channel: Channel };
type Stage = { discord: PlaygroundDiscord; setup: Setup };

/** What a person does there, up to what they read of it; empty where Discord just offers nothing. */
export type Place = { name: string; run(owner: Owner, stage: Stage): Promise<string> };

const limitMs = 20_000;

async function command(owner: Owner, { discord }: Stage, name: string, options: Record<string, string> = {}) {
  return read(discord, await owner.person.slash(owner.channel, name, options).reply(limitMs));
}

function read(discord: PlaygroundDiscord, message: Message): string {
  return discord.render(discord.state.messages.get(message.id) ?? message);
}

let typed = 0;
const typing: Record<Service, { command: string; option: string } | null> = {
  radarr: { command: 'request movie', option: 'title' },
  sonarr: { command: 'request tv', option: 'title' },
  jellyfin: { command: 'library search', option: 'query' },
  jellyseerr: { command: 'request movie', option: 'title' },
  // Nothing of it is chosen by typing.
  qbittorrent: null,
};

const cards: Record<Service, [name: string, options?: Record<string, string>]> = {
  radarr: ['request movie', { title: 'tmdb:438631' }],
  sonarr: ['request tv', { title: 'tvdb:371980' }],
  jellyfin: ['library recent'],
  jellyseerr: ['request movie', { title: 'tmdb:438631' }],
  qbittorrent: ['downloads'],
};

const sentences: Record<Service, string> = {
  radarr: 'search for dune',
  sonarr: 'find the series Severance',
  jellyfin: 'who is watching right now?',
  jellyseerr: 'what did I request in seerr?',
  qbittorrent: 'what is downloading?',
};

export const places: Place[] = [
  {
    name: '/services configure',
    async run({ service, person }, { discord, setup }) {
      const modal = await person.slash(person.dm(), 'services configure', { service }).modal(limitMs);
      return read(discord, await person.submitModal(modal, setup.typed(service)).reply(limitMs));
    },
  },
  {
    name: 'autocomplete',
    async run(owner, stage) {
      const { service, person, channel } = owner;
      const field = typing[service];
      if (field === null) return command(owner, stage, 'status');
      // Never the same words, so that no earlier answer serves.
      const words = `dune ${typed++}`;
      const choices = await person.autocomplete(channel, field.command, { [field.option]: words }, field.option);
      return choices.map(({ name }) => name).join('\n');
    },
  },
  { name: 'a card', run: (owner, stage) => command(owner, stage, ...cards[owner.service]) },
  {
    name: 'a tool call',
    async run({ service, person, channel }, { discord }) {
      const said = person.say(channel, sentences[service], { mention: true });
      const isAnswer = (message: Message) =>
        BigInt(message.id) > BigInt(said.id) && message.content !== '' && !message.content.includes('-# ');
      return read(discord, await person.waitFor(channel, isAnswer, limitMs));
    },
  },
];
