import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestBot, type TestBot } from '../bot.ts';

let test: TestBot;
beforeAll(async () => {
  test = await startTestBot();
  await test.setup.all(test.discord.person('Ada'), 'radarr');
});
afterAll(() => test.stop());

it('posts the result where the person wants it', async () => {
  const ada = test.discord.person('Ada');
  const films = test.discord.channel('films');
  const asItIs = test.discord.render(await ada.slash(films, 'preferences').reply());
  expect(asItIs).toContain('in the channel');
  expect(asItIs).toContain('Change it with');
  expect(test.discord.render(await ada.slash(films, 'preferences', { outcomes: 'dm' }).reply())).toContain('in a DM');
  const card = await ada.slash(films, 'request movie', { title: 'tmdb:78' }).reply();
  ada.press(card, 'Request');
  const outcome = await ada.waitFor(ada.dm(), (message) => test.discord.render(message).includes('Asked for by'));
  expect(test.discord.render(outcome)).toContain('Blade Runner');
  expect(ada.sees(films).filter((message) => message.ephemeralFor === null)).toEqual([]);
});

it('keeps the time zone, which is found by any word of it and shows the time there', async () => {
  const ada = test.discord.person('Ada');
  const films = test.discord.channel('films');
  const seen = async (options: Record<string, string> = {}) =>
    test.discord.render(await ada.slash(films, 'preferences', options).reply());
  expect(await seen()).toContain('Your time zone is not known yet');
  const choices = await ada.autocomplete(films, 'preferences', { 'time-zone': 'buenos' }, 'time-zone');
  expect(choices.map(({ name }) => name)).toEqual([expect.stringMatching(/Buenos_Aires · \d\d:\d\d$/)]);
  expect(await seen({ 'time-zone': String(choices[0]?.value) })).toMatch(/Days and times are those of .*Buenos/);
  expect(await seen({ 'time-zone': 'asia/kolkata' })).toMatch(/Asia\/(Kolkata|Calcutta)/);
  expect(await seen({ 'time-zone': 'Middle Earth' })).toContain('There is no time zone called “Middle Earth”');
  expect(await seen()).toMatch(/Asia\/(Kolkata|Calcutta)/);
});
