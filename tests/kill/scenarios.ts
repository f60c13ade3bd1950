import { flatten } from '../../playground/discord/flatten.ts';
import type { Channel, Message } from '../../playground/discord/state.ts';
import { flagThinking } from '../../playground/discord/validate-message.ts';
import type { Scenario, Stage } from './lane.ts';

/** How long the person waits for a sign of life before they do it again, and for what was begun to end; milliseconds. */
const patienceMs = 5000;
const limitMs = 25_000;
/** How long they take to do what they are told to. */
const toldMs = 1000;

const done = /✅|is in the library already|found there/;
const unfinished = /is thinking…|⏳|-# .*…/;

type Story = {
  channel: Channel;
  /** Types the command or the message. */
  ask(): void;
  /** How often the server was told to add the title. */
  posts(): number;
  /** What must be seen in the end besides the outcome. */
  lastWords: RegExp | null;
};

/** A film by command, in a server's channel, where the card is seen by one person only. */
export const byCommand: Scenario = {
  name: '/request movie, from command to outcome',
  play: (stage) => play(stage, film(stage)),
  goOn: (stage) => goOn(stage, film(stage)),
};

/** A series in words, in the DM: two look-ups, a card, the press, the closing words. */
export const byWords: Scenario = {
  name: 'a turn with two look-ups and a press',
  play: (stage) => play(stage, series(stage)),
  goOn: (stage) => goOn(stage, series(stage)),
};

function film({ discord, servers, person }: Stage): Story {
  const channel = discord.channel('films');
  return {
    channel,
    ask: () => void person.slash(channel, 'request movie', { title: 'Oppenheimer' }),
    posts: () => posted(servers.radarr.journal, '/api/v3/movie'),
    lastWords: null,
  };
}

function series({ servers, person }: Stage): Story {
  const channel = person.dm();
  return {
    channel,
    ask: () => void person.say(channel, 'get season 1 of Andor'),
    posts: () => posted(servers.sonarr.journal, '/api/v3/series'),
    lastWords: /Done: /,
  };
}

function posted(journal: Stage['servers']['radarr']['journal'], path: string): number {
  return journal.filter((entry) => entry.method === 'POST' && entry.path === path && entry.status < 300).length;
}

async function play(stage: Stage, story: Story): Promise<void> {
  story.ask();
  const card = await stage.discord.until(() => withButton(stage, story, 'Request'), limitMs);
  await stage.person.press(card, 'Request').acknowledged();
  await stage.discord.until(() => isOver(stage, story), limitMs);
}

/**
 * What a sane person does until they have it: waits, presses what is offered, asks again when nothing comes. Wrong is what
 * never moves again, what is there twice, and what was requested other than once.
 */
async function goOn(stage: Stage, story: Story): Promise<string> {
  const { discord } = stage;
  const did: string[] = [];
  const deadline = Date.now() + limitMs;
  let seen = '';
  let lastChange = Date.now();
  while (!isOver(stage, story)) {
    if (Date.now() > deadline) throw new Error(`it never ended:\n${picture(stage, story)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const now = picture(stage, story);
    if (now !== seen) {
      seen = now;
      lastChange = Date.now();
    }
    const retry = withButton(stage, story, 'Try again');
    const card = withButton(stage, story, 'Request');
    const button = retry === null ? 'Request' : 'Try again';
    const message = retry ?? card;
    // A card is shown before the row of its answer is finished: a person is slower than that too.
    if (message !== null && Date.now() - lastChange > 200) {
      did.push(`pressed ${button}`);
      await press(stage, message, button);
      lastChange = Date.now();
    } else if (Date.now() - lastChange > (told(newest(stage, story)) ? toldMs : patienceMs)) {
      did.push(
        unfinished.test(now)
          ? 'LEFT HANGING, asked again'
          : told(newest(stage, story))
            ? 'told to ask again'
            : 'asked again',
      );
      story.ask();
      lastChange = Date.now();
    }
  }
  await settled(stage, story);
  if (story.posts() !== 1) throw new Error(`${story.posts()} requests on the server:\n${picture(stage, story)}`);
  await pressEverything(stage, story);
  if (story.posts() !== 1) throw new Error(`a button requested it again:\n${picture(stage, story)}`);
  const outcomes = messages(stage, story).filter((message) => discord.render(message).includes('Asked for by'));
  if (outcomes.length > 1) throw new Error(`the outcome is told ${outcomes.length} times:\n${picture(stage, story)}`);
  if (unfinished.test(picture(stage, story))) did.push('LEFT HANGING');
  return did.length === 0 ? 'went on by itself' : did.join(', ');
}

const told = (text: string) => /type the command again|ask again|try again/i.test(text);

/** "The application did not respond" is wrong, except where it died in between: then they press again, or what is there by now. */
async function press(stage: Stage, message: Message, button: string): Promise<void> {
  const before = stage.deaths();
  try {
    await stage.person.press(message, button).acknowledged();
  } catch (error) {
    if (stage.deaths() === before) throw error;
    await stage.up();
  }
}

/** A button that is left must answer, and change nothing on the server. */
async function pressEverything(stage: Stage, story: Story): Promise<void> {
  for (const message of messages(stage, story))
    for (const button of flatten(message.components).filter(({ type, disabled }) => type === 2 && disabled !== true)) {
      if (typeof button.custom_id !== 'string') continue;
      await press(stage, message, button.custom_id);
    }
  await settled(stage, story);
}

/** Waits until nothing has changed for half a second. */
async function settled(stage: Stage, story: Story): Promise<void> {
  let before = '';
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const now = picture(stage, story);
    if (now === before || Date.now() > deadline) return;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

function isOver(stage: Stage, story: Story): boolean {
  const text = picture(stage, story);
  return done.test(text) && (story.lastWords?.test(text) ?? true);
}

function withButton(stage: Stage, story: Story, label: string): Message | null {
  return (
    messages(stage, story).findLast((message) =>
      flatten(message.components).some((part) => part.type === 2 && part.label === label && part.disabled !== true),
    ) ?? null
  );
}

/** What the bot has said to this person in this place. */
function messages({ discord, person }: Stage, { channel }: Story): Message[] {
  const isTheirs = (message: Message) =>
    channel.guildId === null ||
    message.ephemeralFor === person.id ||
    discord.render(message).includes(`Asked for by ${person.account.global_name}\n`) ||
    discord.render(message).endsWith(`Asked for by ${person.account.global_name}`);
  return person
    .sees(channel)
    .filter((message) => message.authorId === discord.state.bot.id && isTheirs(message))
    .filter((message) => !/is set up\./.test(discord.render(message)));
}

function picture(stage: Stage, story: Story): string {
  return messages(stage, story)
    .map((message) => shown(stage, message))
    .join('\n');
}

/** What the bot said last: what it said before that may have been heeded already. */
function newest(stage: Stage, story: Story): string {
  const last = messages(stage, story).at(-1);
  return last === undefined ? '' : shown(stage, last);
}

function shown(stage: Stage, message: Message): string {
  return (message.flags & flagThinking) === 0 ? stage.discord.render(message) : 'Assistarr is thinking…';
}
