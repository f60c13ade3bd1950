import { flatten } from '../../playground/discord/flatten.ts';
import type { Channel, Message } from '../../playground/discord/state.ts';
import { flagThinking } from '../../playground/discord/validate-message.ts';
import type { ServiceName } from '../../src/services/registry.ts';
import { exampleOf } from '../../src/tools/sentences.ts';
import { acting, pressTools } from '../press-tools.ts';
import { isSettled, pressLabel } from '../settled-card.ts';
import type { Scenario, Stage } from './lane.ts';

/** How long the person waits for a sign of life before they do it again, for what shows that it is under way, and in all; milliseconds. */
const patienceMs = 5000;
const hangingMs = 15_000;
const limitMs = 45_000;
/** How long they take to do what they are told to. */
const toldMs = 1000;

const done = /✅|is in the library already|found there/;
const unfinished = /is thinking…|⏳|-# .*…/;

type Story = {
  channel: Channel;
  /** Types the command or the message. */
  ask(): void;
  /** What is wrong with what the server was told to do, in the end; null when nothing is. */
  wrong(): string | null;
  /** Whether what they wanted is there. */
  isOver(): boolean;
  /** The cards that they pressed. */
  cards: Set<Message>;
  /** Whether they pressed again where the bot said that it may have been done already. */
  isOwnRisk: boolean;
};

/** A film by command, in a server's channel, where the card is seen by one person only. */
export const byCommand: Scenario = {
  name: '/request movie, from command to outcome',
  services: ['radarr', 'sonarr'],
  play: (stage) => play(stage, film(stage)),
  goOn: (stage) => goOn(stage, film(stage)),
};

/** A series in words, in the DM: two look-ups, a card, the press, the closing words. */
export const byWords: Scenario = {
  name: 'a turn with two look-ups and a press',
  services: ['radarr', 'sonarr'],
  play: (stage) => play(stage, series(stage)),
  goOn: (stage) => goOn(stage, series(stage)),
};

/** The press of each operation that waits for one, asked for in words: dying is tried around what it does on the server. */
export const presses: (Scenario & { operation: string })[] = pressTools.flatMap((operation) => {
  const { name, services } = operation;
  const [service] = services;
  if (service === undefined) return [];
  const stories = new WeakMap<Stage, Story>();
  // The cards that were pressed before it died are remembered afterwards.
  const story = (stage: Stage) => {
    const known = stories.get(stage) ?? pressed(stage, exampleOf(operation), service);
    stories.set(stage, known);
    return known;
  };
  return [
    {
      name: `the press of ${name}`,
      operation: name,
      services: [service],
      play: (stage) => play(stage, story(stage)),
      goOn: (stage) => goOn(stage, story(stage)),
    },
  ];
});

function film(stage: Stage): Story {
  const { discord, servers, person } = stage;
  const story: Story = {
    channel: discord.channel('films'),
    ask: () => void person.slash(story.channel, 'request movie', { title: 'Oppenheimer' }),
    wrong: () => notOnce(servers.radarr.journal, '/api/v3/movie'),
    isOver: () => done.test(picture(stage, story)),
    cards: new Set(),
    isOwnRisk: false,
  };
  return story;
}

function series(stage: Stage): Story {
  const { servers, person } = stage;
  const story: Story = {
    channel: person.dm(),
    ask: () => void person.say(story.channel, 'get season 1 of Andor'),
    wrong: () => notOnce(servers.sonarr.journal, '/api/v3/series'),
    isOver() {
      // The closing words say what the card says, and come after it.
      const lines = picture(stage, story).split('\n');
      const isClosing = (line: string) => line.includes('Done: ');
      return lines.some(isClosing) && lines.some((line) => !isClosing(line) && done.test(line));
    },
    cards: new Set(),
    isOwnRisk: false,
  };
  return story;
}

function pressed(stage: Stage, sentence: string, service: ServiceName): Story {
  const { servers, person } = stage;
  const story: Story = {
    channel: person.dm(),
    ask: () => void person.say(story.channel, sentence),
    wrong() {
      const told = servers[service].journal
        .filter(({ method, path, status }) => acting.test(`${method} ${path}`) && status < 300)
        .map(({ method, path, body }) => `${method} ${path} ${JSON.stringify(body ?? null)}`);
      if (told.length === 0) return 'nothing was done';
      // Who is told that nobody knows, and presses again, may have it twice.
      const twice = told.filter((one, index) => told.indexOf(one) !== index);
      return twice.length === 0 || story.isOwnRisk ? null : `done twice: ${twice.join(', ')}`;
    },
    isOver: () =>
      [...story.cards].some(
        (card) => isSettled(stage.discord, card) && !picture(stage, story).includes('[ Try again ]'),
      ),
    cards: new Set(),
    isOwnRisk: false,
  };
  return story;
}

function notOnce(journal: Stage['servers']['radarr']['journal'], path: string): string | null {
  const posts = journal.filter((entry) => entry.method === 'POST' && entry.path === path && entry.status < 300).length;
  return posts === 1 ? null : `${posts} requests on the server`;
}

async function play(stage: Stage, story: Story): Promise<void> {
  story.ask();
  const card = await stage.discord.until(() => pressable(stage, story), limitMs);
  story.cards.add(card.message);
  await stage.person.press(card.message, card.label).acknowledged();
  await stage.discord.until(() => story.isOver(), limitMs);
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
  while (!story.isOver()) {
    if (Date.now() > deadline) throw new Error(`it never ended:\n${picture(stage, story)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const now = picture(stage, story);
    if (now !== seen) {
      seen = now;
      lastChange = Date.now();
    }
    const retry = withButton(stage, story, 'Try again');
    const card = pressable(stage, story);
    const button = retry === null ? (card?.label ?? '') : 'Try again';
    const message = retry ?? card?.message ?? null;
    // A card is shown before the row of its answer is finished: a person is slower than that too.
    if (message !== null && Date.now() - lastChange > 200) {
      did.push(`pressed ${button}`);
      story.cards.add(message);
      story.isOwnRisk ||= shown(stage, message).includes('may have been sent');
      await press(stage, message, button);
      lastChange = Date.now();
    } else if (Date.now() - lastChange > patience(now, newest(stage, story))) {
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
  const wrong = story.wrong();
  if (wrong !== null) throw new Error(`${wrong}:\n${picture(stage, story)}`);
  await pressEverything(stage, story);
  const wrongByButtons = story.wrong();
  if (wrongByButtons !== null) throw new Error(`a button did it: ${wrongByButtons}:\n${picture(stage, story)}`);
  const outcomes = messages(stage, story).filter((message) => discord.render(message).includes('Asked for by'));
  if (outcomes.length > 1) throw new Error(`the outcome is told ${outcomes.length} times:\n${picture(stage, story)}`);
  if (unfinished.test(picture(stage, story))) did.push('LEFT HANGING');
  return did.length === 0 ? 'went on by itself' : did.join(', ');
}

function patience(all: string, newestText: string): number {
  if (told(newestText)) return toldMs;
  return unfinished.test(all) ? hangingMs : patienceMs;
}

const told = (text: string) => /type the command again|ask again|try again/i.test(text);

/** "The application did not respond" is wrong, except where it died in between: then they press again, or what is there by now. */
async function press(stage: Stage, message: Message, button: string): Promise<void> {
  // It may have died since it was last seen.
  await stage.up();
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

/** The newest card that waits for its press, and what its button is called. */
function pressable(stage: Stage, story: Story): { message: Message; label: string } | null {
  const cards = messages(stage, story).flatMap((message) => {
    const label = pressLabel(stage.discord, message);
    return label === null ? [] : [{ message, label }];
  });
  return cards.at(-1) ?? null;
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
    .filter((message) => !/is set up[.,]/.test(discord.render(message)));
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
