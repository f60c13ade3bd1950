import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '../../playground/discord/person.ts';
import type { Message } from '../../playground/discord/state.ts';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { patientTalk, startTestBot, type TestBot } from '../bot.ts';

const isMark = /(POST|DELETE) \/UserPlayedItems/;
const user = '1'.repeat(32);

let model: PlaygroundModel;
let test: TestBot;
let ada: Person;
let asItWas: object;
beforeAll(async () => {
  model = await startModel();
  const environment = { ...patientTalk.environment, OPENAI_BASE_URL: model.url, SERVICE_TIMEOUT_MS: '5000' };
  test = await startTestBot({ ...patientTalk, environment });
  ada = test.discord.person('Ada');
  await test.setup.all(ada, 'jellyfin');
  asItWas = structuredClone(test.servers.jellyfin.state);
});
afterAll(async () => {
  await test.stop();
  await model.stop();
});
beforeEach(() => {
  const { jellyfin } = test.servers;
  Object.assign(jellyfin.state, structuredClone(asItWas));
  jellyfin.faults.clear();
  jellyfin.journal.length = 0;
});

const read = (message: Message) =>
  test.discord.render(test.discord.state.messages.get(message.id) ?? message).replaceAll('\\', '');
const marks = () =>
  test.servers.jellyfin.journal
    .filter(({ method, path }) => isMark.test(`${method} ${path}`))
    .map(({ method, path }) => `${method} ${path}`);
const idOf = (name: string) => test.servers.jellyfin.state.items.find(({ Name }) => Name === name)?.Id ?? 'none';
const watchedOf = (name: string, of = user) => test.servers.jellyfin.state.watched[of]?.[idOf(name)] ?? 0;

function watch(name: string, percent: number): void {
  Object.assign(test.servers.jellyfin.state.watched[user] ?? {}, { [idOf(name)]: percent });
}

/** Says it in a channel of its own and waits for what fits. */
async function after(sentence: string, fits: RegExp, person = ada): Promise<Message> {
  const channel = test.discord.channel(`c${test.discord.state.channels.size}`);
  person.say(channel, sentence, { mention: true });
  return person.waitFor(channel, (message) => fits.test(read(message)));
}
const cardAfter = (sentence: string) => after(sentence, /\[ Mark \]/);

async function mark(card: Message, fits: RegExp): Promise<void> {
  await ada.press(card, 'Mark').acknowledged();
  await test.discord.until(() => fits.test(read(card)));
}

describe('a film', () => {
  it('is marked as watched for the person alone by a press, and not before', async () => {
    const card = await cardAfter('mark Alien as watched');
    expect(read(card)).toMatch(/Alien[\s\S]*1979[\s\S]*Marks it as watched for you in Jellyfin\./);
    expect(marks()).toEqual([]);
    await mark(card, /✅ Marked as watched in Jellyfin\./);
    expect(marks()).toEqual([`POST /UserPlayedItems/${idOf('Alien')}?userId=${user}`]);
    expect(watchedOf('Alien')).toBe(100);
    expect(watchedOf('Alien', '2'.repeat(32))).toBe(0);
  });

  it.each(['The Matrix', 'Inception'])('%s, watched or begun, is marked as not watched', async (title) => {
    const card = await cardAfter(`mark ${title} as not watched`);
    expect(read(card)).toContain('Marks it as not watched for you in Jellyfin.');
    await mark(card, /✅ Marked as not watched in Jellyfin\./);
    expect(marks()).toEqual([`DELETE /UserPlayedItems/${idOf(title)}?userId=${user}`]);
    expect(watchedOf(title)).toBe(0);
  });

  it.each([
    ['mark The Matrix as watched', /You have watched it already[\s\S]*Mark/],
    ['mark Alien as unwatched', /Jellyfin has it as not watched already[\s\S]*Mark/],
  ])('that is so already cannot be marked: %s', async (sentence, expected) => {
    const card = await after(sentence, expected);
    expect(read(card)).not.toContain('[ Mark ]');
  });

  it('that somebody marked since is not counted as watched once more', async () => {
    const card = await cardAfter('mark Alien as watched');
    watch('Alien', 100);
    await mark(card, /✅ Marked as watched/);
    expect(marks()).toEqual([]);
  });

  it('that is gone by then is told to be, and nothing is asked of Jellyfin', async () => {
    const card = await cardAfter('mark Alien as watched');
    test.servers.jellyfin.state.items = test.servers.jellyfin.state.items.filter(({ Name }) => Name !== 'Alien');
    await mark(card, /It was gone from Jellyfin already\./);
    expect(marks()).toEqual([]);
  });

  it.each(['reset-after-effect', 'hang-after-effect'] as const)('is found to be marked after %s', async (kind) => {
    const card = await cardAfter('mark Alien as watched');
    test.servers.jellyfin.faults.next({ kind }, { match: isMark });
    await mark(card, /The answer was lost, but Jellyfin did it/);
    expect(marks()).toHaveLength(1);
  });

  it('is found not to be marked when the connection broke before', async () => {
    const card = await cardAfter('mark Alien as watched');
    test.servers.jellyfin.faults.next({ kind: 'reset' }, { match: isMark });
    await mark(card, /\[ Try again \]/);
    expect(watchedOf('Alien')).toBe(0);
  });
});

describe('a series', () => {
  it('is marked with all of its episodes', async () => {
    const card = await cardAfter('mark Breaking Bad as watched');
    expect(read(card)).toContain('Marks all of its episodes as watched for you in Jellyfin.');
    await mark(card, /✅ Marked as watched in Jellyfin\./);
    expect(marks()).toHaveLength(1);
    expect([watchedOf('Seven Thirty-Seven'), watchedOf('Grilled')]).toEqual([100, 100]);
  });

  it('of which some episodes were watched can be marked as not watched', async () => {
    watch('Grilled', 100);
    const card = await cardAfter('mark Breaking Bad as not watched');
    expect(read(card)).toMatch(/50 %[\s\S]*Marks all of its episodes as not watched/);
    test.servers.jellyfin.faults.next({ kind: 'reset' }, { match: isMark });
    await mark(card, /\[ Try again \]/);
    expect(watchedOf('Grilled')).toBe(100);
  });
});

it('marks the episode that the person was watching', async () => {
  watch('Inception', 0);
  const card = await cardAfter('I finished what I was watching');
  expect(read(card)).toContain('Breaking Bad, season 2, episode 1: Seven Thirty-Seven');
  await mark(card, /✅ Marked as watched in Jellyfin\./);
  expect(marks()).toEqual([`POST /UserPlayedItems/${idOf('Seven Thirty-Seven')}?userId=${user}`]);
  expect([watchedOf('Seven Thirty-Seven'), watchedOf('Grilled')]).toEqual([100, 0]);
});

it('says what a person must do to be known, who has not said which of the users they are', async () => {
  const bob = test.discord.person('Bob');
  await test.setup.configure(bob, 'jellyfin', test.setup.typed('jellyfin'));
  await after('mark Alien as watched', /`\/services test service: Jellyfin`/, bob);
  expect(marks()).toEqual([]);
});
