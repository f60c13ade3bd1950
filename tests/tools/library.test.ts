import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { patientTalk, startTestBot, type TestBot } from '../bot.ts';

let model: PlaygroundModel;
let test: TestBot;
beforeAll(async () => {
  model = await startModel();
  test = await startTestBot({
    environment: { ...patientTalk.environment, OPENAI_BASE_URL: model.url, SERVICE_TIMEOUT_MS: '5000' },
  });
  await test.setup.all(test.discord.person('Ada'), 'radarr', 'sonarr', 'jellyfin');
});
afterAll(async () => {
  await test.stop();
  await model.stop();
});

/** What the model was given of the last look-up, and what the person read. */
async function ask(sentence: string, expected: RegExp, person = test.discord.person('Ada')) {
  const channel = test.discord.channel(`c${test.discord.state.channels.size}`);
  person.say(channel, sentence, { mention: true });
  await person.waitFor(channel, (message) => expected.test(message.content));
  const results =
    model
      .requests()
      .at(-1)
      ?.messages.filter(({ role }) => role === 'tool') ?? [];
  return JSON.stringify(results.at(-1)?.content ?? '');
}

/** What only people are given: pictures, and the parts of which words are made in their language. */
const forPeople = /picture|https?:|\bitem\b|\bstate\b/;

it('says whether a title is there, without the pictures that only people are shown', async () => {
  const given = await ask('is Inception in my library?', /In the library:\n- Inception \(2010\)/);
  expect(given).toContain('Inception');
  expect(given).not.toMatch(forPeople);
  const [film] = test.servers.jellyfin.state.items.filter(({ Name }) => Name === 'Inception');
  expect(given).toContain(film?.Id ?? 'no such film');
  await ask('is Dune in my library?', /It is not in the library/);
});

it('says what came last, in few words', async () => {
  const given = await ask('what is new on jellyfin?', /Came last:\n- Breaking Bad \(2008\)\n- Alien/);
  expect(given).not.toMatch(forPeople);
  expect(given.length / 4).toBeLessThan(200);
});

it('says who is watching, and what the person began', async () => {
  expect(await ask('who is watching right now?', /Grace: The Matrix/)).not.toMatch(forPeople);
  const given = await ask('what was I watching?', /You began:\n- Inception \(2010\) – 40 % watched/);
  expect(given).toContain('40 % watched, 89 min left');
  expect(given).not.toMatch(forPeople);
});

it('says what a person must do to be known, who has not said which of the users they are', async () => {
  const bob = test.discord.person('Bob');
  await test.setup.configure(bob, 'jellyfin', test.setup.typed('jellyfin'));
  await ask('what was I watching?', /`\/services test service: Jellyfin`/, bob);
});
