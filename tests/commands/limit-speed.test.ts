import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '../../playground/discord/person.ts';
import type { Message } from '../../playground/discord/state.ts';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { startTestBot, type TestBot } from '../bot.ts';

let model: PlaygroundModel;
let test: TestBot;
let ada: Person;
let asItWas: object;
let channel: ReturnType<TestBot['discord']['channel']>;
beforeAll(async () => {
  model = await startModel();
  test = await startTestBot({
    environment: { OPENAI_BASE_URL: model.url, ALLOWED_USERS: '*', SERVICE_ADDRESSES: 'private-allowed' },
  });
  ada = test.discord.person('Ada');
  await test.setup.all(ada, 'qbittorrent');
  asItWas = structuredClone(test.servers.qbittorrent.state.torrents);
});
afterAll(async () => {
  await test.stop();
  await model.stop();
});
beforeEach(() => {
  const { state, faults } = test.servers.qbittorrent;
  Object.assign(state, { torrents: structuredClone(asItWas), limits: { download: 0, upload: 0 } });
  faults.clear();
});

const read = (message: Message) =>
  test.discord
    .render(test.discord.state.messages.get(message.id) ?? message)
    .replaceAll('\\', '')
    .replaceAll('\n  │ ', '\n');
const until = (card: Message, fits: RegExp) => test.discord.until(() => (fits.test(read(card)) ? read(card) : null));
const limits = () => test.servers.qbittorrent.state.limits;

/** Says it in a channel of its own and waits for the card. */
async function cardAfter(sentence: string): Promise<Message> {
  channel = test.discord.channel(`c${test.discord.state.channels.size}`);
  ada.say(channel, sentence, { mention: true });
  return ada.waitFor(channel, (message) => read(message).includes('[ Set limits ]'));
}

/** Types into the form that a button of the card opens; what is then told to nobody else. */
async function type(card: Message, button: string, typed: string) {
  const modal = await ada.press(card, button).modal();
  return { modal, submitted: ada.submitModal(modal, { typed }) };
}

describe('a limit for all torrents together', () => {
  it('is the one that was said, shown on the card, and set by the press alone', async () => {
    const card = await cardAfter('limit everything to 500 kB/s');
    expect(read(card)).toMatch(/All torrents[\s\S]*For all torrents together\.\n\*\*Download:\*\* at most 500 kB\/s/);
    expect(limits().download).toBe(0);
    await ada.press(card, 'Set limits').acknowledged();
    expect(await until(card, /✅|⚠️/)).toMatch(
      /✅ The limits are set in qBittorrent\.\n\*\*Download:\*\* at most 500 kB\/s/,
    );
    // In whole KiB.
    expect(limits()).toEqual({ download: 499_712, upload: 0 });
  });

  it('is typed into a form, which holds what is chosen now, and the card then shows what was typed', async () => {
    const card = await cardAfter('limit everything to 2 MB/s');
    expect(read(card)).toContain('[ Download: 2,000 kB/s ]  [ Upload: 0 kB/s ]');
    const { modal, submitted } = await type(card, 'Download: 2,000 kB/s', '1,500');
    expect(JSON.stringify(modal)).toContain('"value":"2000"');
    expect(JSON.stringify(modal)).toContain('A whole number from 0 to 2,000,000, in kB/s.');
    await submitted.acknowledged();
    await until(card, /at most 1\.5 MB\/s/);
    await (await type(card, 'Upload: 0 kB/s', '50')).submitted.acknowledged();
    await until(card, /\*\*Upload:\*\* at most 50 kB\/s/);
    await ada.press(card, 'Set limits').acknowledged();
    await until(card, /✅/);
    expect(limits()).toEqual({ download: 1_499_136, upload: 49_152 });
  });

  it('is taken away by 0', async () => {
    Object.assign(limits(), { download: 1024, upload: 2048 });
    const card = await cardAfter('remove all speed limits');
    expect(read(card)).toMatch(/\*\*Download:\*\* no limit\n\*\*Upload:\*\* no limit/);
    await ada.press(card, 'Set limits').acknowledged();
    await until(card, /✅/);
    expect(limits()).toEqual({ download: 0, upload: 0 });
  });

  it.each([
    'fast',
    '-1',
    '2000001',
    '1.5',
    ' ',
    '99999999999',
  ])('does not take "%s", says what it takes, and keeps the card', async (typed) => {
    const card = await cardAfter('limit everything to 500 kB/s');
    const before = read(card);
    const { modal } = await type(card, 'Download: 500 kB/s', '1');
    await until(card, /at most 1 kB\/s/);
    await ada.submitModal(modal, { typed }).acknowledged();
    const told = await ada.waitFor(channel, (message) =>
      read(message).includes('That is not a whole number from 0 to 2,000,000.'),
    );
    expect(told.ephemeralFor).toBe(ada.id);
    expect(read(card).replace('\n  (edited)', '')).toBe(before.replaceAll('500 kB/s', '1 kB/s'));
  });
});

it('limits the one torrent that is meant, and no other', async () => {
  const card = await cardAfter('limit debian to 300 kB/s');
  expect(read(card)).toMatch(/debian-13[\s\S]*For this torrent\.\n\*\*Download:\*\* at most 300 kB\/s/);
  await ada.press(card, 'Set limits').acknowledged();
  await until(card, /✅/);
  expect(test.servers.qbittorrent.state.torrents.map(({ dlLimit }) => dlLimit)).toEqual([300_000, 0, 0]);
  expect(limits()).toEqual({ download: 0, upload: 0 });
});

it('keeps the limit when one of several torrents is left out', async () => {
  const card = await cardAfter('limit amd64 to 300 kB/s');
  expect(read(card)).toContain('For each of these 2 torrents');
  await ada.select(card, 'Leave some out', ['ubuntu-26.04-desktop-amd64.iso']).acknowledged();
  await until(card, /For this torrent\.\n\*\*Download:\*\* at most 300 kB\/s/);
  await ada.press(card, 'Set limits').acknowledged();
  await until(card, /✅/);
  expect(test.servers.qbittorrent.state.torrents.map(({ dlLimit }) => dlLimit)).toEqual([300_000, 0, 0]);
});

it('opens no form for somebody else, or on a card that has ended', async () => {
  const card = await cardAfter('limit everything to 500 kB/s');
  const bob = test.discord.person('Bob');
  const told = await bob.press(card, 'Download: 500 kB/s').reply();
  expect(read(told)).toContain('This belongs to someone else');
  const { modal } = await type(card, 'Download: 500 kB/s', '400');
  await until(card, /400 kB\/s/);
  await ada.press(card, 'Cancel').acknowledged();
  await until(card, /Canceled/);
  await ada.submitModal(modal, { typed: '300' }).acknowledged();
  expect(read(card)).toContain('Canceled');
});
