import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { startTestBot, type TestBot } from '../bot.ts';

let model: PlaygroundModel;
let test: TestBot;
beforeAll(async () => {
  model = await startModel();
  test = await startTestBot({ environment: { OPENAI_BASE_URL: model.url } });
  await test.setup.all(test.discord.person('Ada'), 'radarr', 'sonarr', 'jellyfin');
});
afterAll(async () => {
  await test.stop();
  await model.stop();
});

/** What the model was given of the last look-up, and what the person read. */
async function ask(sentence: string, expected: RegExp) {
  const ada = test.discord.person('Ada');
  const channel = test.discord.channel(`c${test.discord.state.channels.size}`);
  ada.say(channel, sentence, { mention: true });
  await ada.waitFor(channel, (message) => expected.test(message.content));
  const results =
    model
      .requests()
      .at(-1)
      ?.messages.filter(({ role }) => role === 'tool') ?? [];
  return JSON.stringify(results.at(-1)?.content ?? '');
}

it('says whether a title is there, without the pictures that only people are shown', async () => {
  const given = await ask('is Inception in my library?', /In the library:\n- Inception \(2010\)/);
  expect(given).toContain('Inception');
  expect(given).not.toMatch(/picture|https?:|0{20}/);
  await ask('is Dune in my library?', /It is not in the library/);
});

it('says what came last, in few words', async () => {
  const given = await ask('what is new on jellyfin?', /Came last:\n- Breaking Bad \(2008\)\n- Alien/);
  expect(given).not.toMatch(/picture|https?:/);
  expect(given.length / 4).toBeLessThan(200);
});

it('says who is watching, and what the person must do to be known', async () => {
  await ask('who is watching right now?', /Grace: The Matrix/);
  await ask('what was I watching?', /`\/services test service: Jellyfin`/);
});
