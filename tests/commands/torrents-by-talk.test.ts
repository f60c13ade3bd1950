import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Person } from '../../playground/discord/person.ts';
import type { Message } from '../../playground/discord/state.ts';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { startTestBot, type TestBot } from '../bot.ts';

let model: PlaygroundModel;
let test: TestBot;
let ada: Person;
beforeAll(async () => {
  model = await startModel();
  test = await startTestBot({ environment: { OPENAI_BASE_URL: model.url } });
  ada = test.discord.person('Ada');
  await test.setup.all(ada, 'qbittorrent');
});
afterAll(async () => {
  await test.stop();
  await model.stop();
});
beforeEach(() => {
  test.servers.qbittorrent.faults.clear();
  test.servers.qbittorrent.journal.length = 0;
});

const read = (message: Message) =>
  test.discord.render(test.discord.state.messages.get(message.id) ?? message).replaceAll('\\', '');
const posts = () => test.servers.qbittorrent.journal.filter(({ path }) => /torrents\/(stop|start)/.test(path));
const downloading = () => test.servers.qbittorrent.state.torrents.filter(({ state }) => state === 'downloading').length;

/** Says it in a channel of its own; the first answer that fits. */
async function talk(name: string, sentence: string, fits: RegExp) {
  const channel = test.discord.channel(name);
  ada.say(channel, sentence, { mention: true });
  const answer = await ada.waitFor(channel, (message) => fits.test(read(message)));
  const next = (words: RegExp) => ada.waitFor(channel, (message) => words.test(read(message)));
  return { answer, next };
}

it('pauses everything after a press on a card that names what is meant, and goes on talking', async () => {
  const { answer, next } = await talk('pausing', 'pause everything', /\[ Pause \]/);
  expect(read(answer)).toMatch(/All torrents[\s\S]*- debian-13[\s\S]*- ubuntu-26[\s\S]*- Big\.Buck\.Bunny/);
  expect(posts()).toEqual([]);
  test.servers.qbittorrent.state.shownAfterMs = 300;
  await ada.press(answer, 'Pause').acknowledged();
  await next(/Done: .*⏸️ Paused in qBittorrent\./);
  test.servers.qbittorrent.state.shownAfterMs = 0;
  expect(read(answer)).toContain('⏸️ Paused in qBittorrent.');
  expect(posts()).toHaveLength(1);
  expect(downloading()).toBe(0);
});

it('resumes the one torrent that is meant', async () => {
  const { answer, next } = await talk('resuming', 'resume the ubuntu torrent', /\[ Resume \]/);
  expect(read(answer)).toContain('ubuntu-26.04-desktop-amd64.iso');
  expect(read(answer)).not.toContain('debian');
  await ada.press(answer, 'Resume').acknowledged();
  await next(/Done: \*\*ubuntu.* – ▶️ Resumed in qBittorrent\./);
  expect(posts().map(({ body }) => body)).toEqual([`hashes=${'c'.repeat(40)}`]);
  expect(downloading()).toBe(1);
});

it('leaves out what the person takes off the card, and says so when that is not there any more', async () => {
  const { answer, next } = await talk('leaving out', 'pause everything', /\[ Pause \]/);
  const names = [...read(answer).matchAll(/- (\S+)/g)].map(([, name = '']) => name);
  const kept = names.find((name) => name.startsWith('debian')) ?? '';
  const others = names.filter((name) => name !== kept);
  // Twice, before the card has changed.
  const choices = [others, others.slice(0, 1)].map((values) => ada.select(answer, 'Leave some out', values));
  await Promise.all(choices.map((choice) => choice.acknowledged()));
  await test.discord.until(() => !read(answer).includes('All torrents'));
  expect(read(answer)).toContain(kept);
  expect(read(answer)).not.toContain('Leave some out');
  await next(/That choice is no longer there\. The card shows what there is now\./);
  await ada.press(answer, 'Pause').acknowledged();
  await next(/Done: .*⏸️ Paused in qBittorrent\./);
  expect(posts().map(({ body }) => body)).toEqual([`hashes=${'b'.repeat(40)}`]);
});

it('does nothing when it is canceled', async () => {
  const { answer, next } = await talk('canceling', 'pause the ubuntu torrent', /\[ Pause \]/);
  await ada.press(answer, 'Cancel').acknowledged();
  await next(/Nothing was done/);
  expect(posts()).toEqual([]);
});

it('tells how fast it is', async () => {
  const { answer } = await talk('speed', 'how fast is it?', /ubuntu/);
  expect(read(answer)).toContain('ubuntu-26.04-desktop-amd64.iso: 10 % at 5 MB/s');
});

it('says so when what was meant is gone at the press', async () => {
  const { answer } = await talk('gone', 'pause the ubuntu torrent', /\[ Pause \]/);
  const { state } = test.servers.qbittorrent;
  const all = state.torrents;
  state.torrents = [];
  await ada.press(answer, 'Pause').acknowledged();
  await test.discord.until(() => read(answer).includes('That is no longer in qBittorrent, so nothing was changed.'));
  state.torrents = all;
  expect(posts()).toEqual([]);
});
