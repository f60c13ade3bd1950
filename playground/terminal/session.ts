import { flatten } from '../discord/flatten.ts';
import type { Handle } from '../discord/handle.ts';
import type { Person } from '../discord/person.ts';
import type { PlaygroundDiscord } from '../discord/start-discord.ts';
import type { Channel, Message } from '../discord/state.ts';
import { type Json, objects } from '../json.ts';
import { credentialsOf, type ServerId, serverNames } from '../page/server-views.ts';
import { setUpAll } from '../page/set-up.ts';
import { requestStatus } from '../servers/jellyseerr-media.ts';
import type { PlaygroundServers } from '../servers/start-servers.ts';
import { Form } from './form.ts';
import { type ReadCommand, readCommand } from './read-command.ts';
import { helpText, type Line, readLine } from './read-line.ts';
import { Screen } from './screen.ts';

type Stage = {
  discord: PlaygroundDiscord;
  servers: PlaygroundServers;
  people: readonly Person[];
  print: (text: string) => void;
};
type Suggested = { command: ReadCommand; values: string[] };

/** How long what comes of a press is waited for. */
const noticeMs = 5000;
const button = 2;
const select = 3;

/** Someone at the terminal: who they are now, where they are, and the form in front of them. */
export class Session {
  readonly #stage: Stage;
  readonly #screen: Screen;
  #person: Person;
  #channel: Channel;
  #form: Form | null = null;
  #hasLeft = false;
  #suggested: Suggested | null = null;

  /** Begins as the first of the people, in a DM. */
  constructor(stage: Stage) {
    const [first] = stage.people;
    if (first === undefined) throw new Error('a session needs somebody');
    this.#stage = stage;
    this.#person = first;
    this.#channel = first.dm();
    this.#screen = new Screen(stage.discord, first, stage.print);
  }

  get prompt(): string {
    const place = this.#channel.guildId === null ? 'DM' : `#${this.#channel.name}`;
    return this.#form?.question ?? `${this.#person.account.global_name} · ${place}> `;
  }

  /** Whether `/quit` was typed. */
  get hasLeft(): boolean {
    return this.#hasLeft;
  }

  /** What can be typed, with the bot's own commands. */
  get help(): string {
    const names = this.#stage.discord.state.commands.map(({ name }) => `/${name}`);
    return `${helpText}\nThe bot’s commands: ${names.join('  ')}\n`;
  }

  /** Does what a line asks for and waits until what came of it is printed. What Discord would refuse is printed too. */
  async take(typed: string): Promise<void> {
    try {
      const line = readLine(typed);
      if (this.#form === null) await this.#act(line);
      else if (line.kind === 'quit') this.#hasLeft = true;
      else if (line.kind === 'cancel') this.#form = null;
      else await this.#fill(this.#form, typed);
    } catch (error) {
      this.#stage.print(`! ${error instanceof Error ? error.message : error}\n`);
    }
  }

  stop(): void {
    this.#screen.stop();
  }

  async #act(line: Line): Promise<void> {
    const { discord, servers, print } = this.#stage;
    switch (line.kind) {
      case 'nothing':
        return;
      case 'help':
        return print(this.help);
      case 'quit':
        this.#hasLeft = true;
        return;
      case 'cancel':
        throw new Error('no form is open');
      case 'as':
        return this.#become(line.text);
      case 'in':
        return this.#goTo(line.text);
      case 'show':
        return this.#screen.show(this.#channel);
      case 'servers':
        return print(serverLines(servers));
      case 'approve':
        return this.#approve();
      case 'clock':
        return this.#moveClock(line.number);
      case 'set-up':
        await setUpAll(discord, servers, this.#person.id);
        await this.#screen.settled(() => true);
        return;
      case 'wait':
        return this.#waitFor(line.text);
      case 'say':
        return this.#say(line.text);
      case 'command':
        return this.#command(line.text, line.wantsChoices);
      case 'pick':
        return this.#pick(line.number);
      case 'press': {
        const [message, found] = this.#find(line, (part) => part.type === button && isNamed(part, line.text));
        return this.#followed(() => this.#person.press(message, String(found.custom_id)));
      }
      case 'choose':
        return this.#choose(line);
    }
  }

  /** Approves what waits in Seerr, as who manages it does there. */
  #approve(): void {
    const { jellyseerr } = this.#stage.servers;
    const waiting = jellyseerr.state.requests.filter(({ status }) => status === requestStatus.pending);
    for (const { id } of waiting) jellyseerr.decide(id, true);
    this.#stage.print(`(Approved in Seerr: ${waiting.length}. /clock begins the downloads.)\n`);
  }

  /** Moves the servers' clock. What was ordered begins first, and what is whole is put into the library after. */
  #moveClock(percent: number): void {
    if (!(percent >= 0 && percent <= 100)) throw new Error('say how far, in percent: /clock 30');
    const { radarr, sonarr, qbittorrent } = this.#stage.servers;
    for (const server of [radarr, sonarr, qbittorrent]) {
      server.tick(0);
      server.tick(percent);
    }
    this.#stage.print(
      `(Downloads came on by ${percent} %. The bot looks every few seconds; /wait some words waits for it.)\n`,
    );
  }

  #become(name: string): void {
    const { people } = this.#stage;
    const found = people.find(({ account }) => account.global_name.toLowerCase() === name.toLowerCase());
    if (found === undefined)
      throw new Error(`there is ${people.map(({ account }) => account.global_name).join(' and ')}`);
    // In a channel both are there; a DM is each one's own.
    if (this.#channel.guildId === null) this.#channel = found.dm();
    this.#person = found;
    this.#screen.switchTo(found);
  }

  #goTo(place: string): void {
    const { discord } = this.#stage;
    const name = place.replace(/^#/, '').toLowerCase();
    if (name === '') throw new Error('say where: /in films, or /in dm');
    const names = [...discord.state.channels.values()]
      .filter(({ guildId }) => guildId === discord.state.guildId)
      .map((channel) => channel.name);
    if (name !== 'dm' && !names.includes(name))
      throw new Error(`there is ${names.map((one) => `#${one}`).join(', ')} and dm`);
    this.#channel = name === 'dm' ? this.#person.dm() : discord.channel(name);
  }

  async #say(text: string): Promise<void> {
    const { discord, print } = this.#stage;
    const channel = this.#channel;
    const { bot } = discord.state;
    const plain = text.replace(new RegExp(`^@${bot.username}\\b[,:]?\\s*`, 'i'), '');
    const mention = plain !== text;
    const answers = () => this.#person.sees(channel).filter(({ authorId }) => authorId === bot.id).length;
    const before = answers();
    this.#screen.own(this.#person.say(channel, plain, { mention }));
    if (channel.guildId !== null && !mention)
      return print(`(Said to everyone in the channel. Begin with @${bot.global_name} to talk to the bot.)\n`);
    if (!(await this.#screen.settled(() => answers() > before))) throw new Error('no answer came within a minute');
  }

  async #command(text: string, wantsChoices: boolean): Promise<void> {
    const { discord, print } = this.#stage;
    const command = readCommand(discord.state.commands, text);
    const [first = ''] = command.name.split(' ');
    if (!discord.state.commands.some(({ name }) => name === first))
      throw new Error(`there is no /${first}; help shows what there is`);
    if (!wantsChoices) return this.#followed(() => this.#person.slash(this.#channel, command.name, command.options));
    if (command.last === null) throw new Error('type the beginning of something, then the question mark');
    const choices = await this.#person.autocomplete(this.#channel, command.name, command.options, command.last);
    this.#suggested = { command, values: choices.map(({ value }) => value) };
    const lines = choices.map(({ name }, index) => `  ${index + 1}. ${name}`);
    print(`${lines.length === 0 ? '  (nothing is suggested)' : lines.join('\n')}\n`);
  }

  async #pick(number: number): Promise<void> {
    const { command, values } = this.#suggested ?? { command: null, values: [] };
    const value = values[number - 1];
    if (command?.last == null || value === undefined)
      throw new Error(values.length === 0 ? 'nothing was suggested' : `pick a number from 1 to ${values.length}`);
    const options = { ...command.options, [command.last]: value };
    await this.#followed(() => this.#person.slash(this.#channel, command.name, options));
  }

  async #choose(line: { text: string; message: number | null }): Promise<void> {
    const wanted = (part: Json) => [[line.text], line.text.split(/\s*,\s*/)].flatMap((names) => chosen(part, names));
    const [message, found] = this.#find(line, (part) => part.type === select && wanted(part).length > 0);
    const [values = []] = wanted(found);
    await this.#followed(() => this.#person.select(message, String(found.custom_id), values));
  }

  async #fill(form: Form, line: string): Promise<void> {
    form.answer(line);
    if (form.question !== null) return;
    await this.#followed(() => {
      try {
        const handle = this.#person.submitModal(form.modal, form.typed);
        this.#form = null;
        return handle;
      } catch (error) {
        // Discord keeps a form open that it does not take.
        form.again();
        throw error;
      }
    });
  }

  /** Waits for what the bot does with a command, a press or a form. */
  async #followed(use: () => Handle): Promise<void> {
    const before = this.#screen.looks();
    const handle = use();
    await handle.acknowledged();
    const { modal } = handle.interaction;
    if (modal === null) {
      // Not every press changes something: who is told nothing more goes on after a while.
      const noticed = Date.now() + noticeMs;
      await this.#screen.settled(() => this.#screen.looks() !== before || Date.now() > noticed);
      return;
    }
    this.#form = new Form({ interaction: handle.interaction, data: modal });
    this.#stage.print(`A form opens: ${this.#form.title}`);
  }

  async #waitFor(words: string): Promise<void> {
    if (words === '') throw new Error('say for which words: /wait Done');
    const isShown = () =>
      this.#screen.messages(this.#channel, null).some((message) => this.#stage.discord.render(message).includes(words));
    if (!(await this.#screen.settled(isShown))) throw new Error(`“${words}” was not shown within a minute`);
  }

  /** A button or menu that can be used, on the newest message here that has it, or on the one with that number. */
  #find(line: { text: string; message: number | null }, matches: (part: Json) => boolean): [Message, Json] {
    if (line.text === '') throw new Error('say which one: /press Request, or /choose Season 1');
    const found = this.#screen
      .messages(this.#channel, line.message)
      .flatMap((message) => flatten(message.components).map((part): [Message, Json] => [message, part]))
      .filter(([, part]) => matches(part));
    const usable = found.find(([, part]) => part.disabled !== true);
    if (usable !== undefined) return usable;
    if (found.length > 0) throw new Error(`“${line.text}” cannot be used yet: choose what the card asks for first`);
    throw new Error(`there is no “${line.text}” ${line.message === null ? 'here' : `on message #${line.message}`}`);
  }
}

function isNamed(part: Json, text: string): boolean {
  return part.custom_id !== undefined && String(part.label).toLowerCase() === text.toLowerCase();
}

/** The values of options by label, or by how it begins; empty when one of them is not there. */
function chosen(part: Json, names: readonly string[]): string[][] {
  const options = objects(part.options);
  const values = names.flatMap((name) => {
    const lower = name.toLowerCase();
    const label = (option: Json) => String(option.label).toLowerCase();
    const found =
      options.find((option) => label(option) === lower) ?? options.find((option) => label(option).startsWith(lower));
    return found === undefined ? [] : [String(found.value)];
  });
  return values.length === names.length ? [values] : [];
}

function serverLines(servers: PlaygroundServers): string {
  const ids: ServerId[] = ['radarr', 'sonarr', 'jellyfin', 'jellyseerr', 'qbittorrent'];
  const lines = ids.map((id) => {
    const fields = Object.entries(credentialsOf(servers, id)).map(([name, value]) => `${name} ${value}`);
    return `  ${serverNames[id]}: ${fields.join(', ')}`;
  });
  return `${lines.join('\n')}\n`;
}
