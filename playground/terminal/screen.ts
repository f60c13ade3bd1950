import { setTimeout as pause } from 'node:timers/promises';
import type { Person } from '../discord/person.ts';
import type { PlaygroundDiscord } from '../discord/start-discord.ts';
import type { Channel, Message } from '../discord/state.ts';
import { flagThinking } from '../discord/validate-message.ts';
import { readable } from './readable.ts';

/** An answer that is still being written is shown once it stands still this long. */
const stillMs = 600;
const beatMs = 50;

/** Prints what someone sees in Discord, each message when it is new and when it changed. */
export class Screen {
  readonly #discord: PlaygroundDiscord;
  readonly #print: (text: string) => void;
  readonly #numbers = new Map<string, number>();
  /** What was printed of a message, by person and message. */
  readonly #printed = new Map<string, string>();
  readonly #seen = new Map<string, { text: string; since: number }>();
  readonly #timer: NodeJS.Timeout;
  #viewer: Person;

  constructor(discord: PlaygroundDiscord, viewer: Person, print: (text: string) => void) {
    this.#discord = discord;
    this.#viewer = viewer;
    this.#print = print;
    this.#timer = setInterval(() => this.#look(), beatMs);
  }

  /** From now on, what this person sees. What they could see before is not printed: `/show` does. */
  switchTo(viewer: Person): void {
    this.#viewer = viewer;
    for (const message of this.#visible()) this.#remember(message, this.#discord.render(message));
  }

  /** What this message need not be printed for: its author typed it here. */
  own(message: Message): void {
    this.#remember(message, this.#discord.render(message));
  }

  /** Prints the newest messages of a place again. */
  show(channel: Channel): void {
    const messages = this.#viewer.sees(channel).slice(-6);
    if (messages.length === 0) this.#print('Nothing has been written here yet.\n');
    for (const message of messages) this.#write(message, this.#discord.render(message));
  }

  /** The messages of a place that this person sees, the newest first; only the one with a number, when one is given. */
  messages(channel: Channel, number: number | null): Message[] {
    const all = number === null ? this.#viewer.sees(channel) : this.#visible();
    const fits = (message: Message) => number === null || this.#numbers.get(message.id) === number;
    return all.filter(fits).reverse();
  }

  /** What can be seen now, to tell later whether anything came of a press. */
  looks(): string {
    return this.#visible()
      .map((message) => this.#discord.render(message))
      .join('\n');
  }

  /** Resolves once all is printed and has stood still for a moment. `isOver` tells that what was asked for has come. */
  async settled(isOver: () => boolean, limitMs = 60_000): Promise<boolean> {
    const limit = Date.now() + limitMs;
    while (Date.now() < limit) {
      if (isOver() && this.#isStill()) {
        this.#look();
        return true;
      }
      await pause(beatMs);
    }
    return false;
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const message of this.#visible()) {
      const text = this.#discord.render(message);
      if (this.#isNews(message, text)) this.#write(message, text);
    }
  }

  #isStill(): boolean {
    const now = Date.now();
    return this.#visible().every((message) => {
      const text = this.#discord.render(message);
      const seen = this.#seen.get(message.id);
      return !isThinking(message) && seen?.text === text && now - seen.since >= stillMs;
    });
  }

  #look(): void {
    const now = Date.now();
    for (const message of this.#visible()) {
      const text = this.#discord.render(message);
      const seen = this.#seen.get(message.id);
      if (seen?.text !== text) this.#seen.set(message.id, { text, since: now });
      else if (now - seen.since >= stillMs && !isThinking(message) && this.#isNews(message, text))
        this.#write(message, text);
    }
  }

  #isNews(message: Message, text: string): boolean {
    return this.#printed.get(this.#key(message)) !== text;
  }

  #write(message: Message, text: string): void {
    this.#remember(message, text);
    const number = this.#numbers.get(message.id) ?? this.#numbers.size + 1;
    this.#numbers.set(message.id, number);
    this.#print(`#${number} ${this.#placeOf(message)} · ${readable(text)}\n`);
  }

  #remember(message: Message, text: string): void {
    this.#printed.set(this.#key(message), text);
  }

  #key(message: Message): string {
    return `${this.#viewer.id} ${message.id}`;
  }

  #placeOf({ channelId }: Message): string {
    const channel = this.#discord.state.channels.get(channelId);
    return channel === undefined || channel.guildId === null ? 'DM' : `#${channel.name}`;
  }

  #visible(): Message[] {
    const { state } = this.#discord;
    const places = [...state.channels.values()].filter(
      ({ guildId, recipientId }) => guildId === state.guildId || recipientId === this.#viewer.id,
    );
    return places.flatMap((channel) => this.#viewer.sees(channel));
  }
}

function isThinking(message: Message): boolean {
  return (message.flags & flagThinking) !== 0;
}
