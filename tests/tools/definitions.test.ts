import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { startTestBot, type TestBot } from '../bot.ts';

let model: PlaygroundModel;
let test: TestBot;
beforeAll(async () => {
  model = await startModel();
  test = await startTestBot({ environment: { OPENAI_BASE_URL: model.url } });
});
afterAll(async () => {
  await test.stop();
  await model.stop();
});

/** The host pays for them with every message. */
const mostTokens = 4000;

it('sends at most 4,000 tokens of tool definitions with all five services, the same each time', async () => {
  const ada = test.discord.person('Ada');
  await test.setup.all(ada, 'radarr', 'sonarr', 'jellyfin', 'jellyseerr', 'qbittorrent');
  for (const name of ['one', 'two']) {
    ada.say(test.discord.channel(name), 'hello', { mention: true });
    await ada.waitFor(test.discord.channel(name), (message) => message.content.startsWith('Hello!'));
  }
  const [first, second] = model
    .requests()
    .slice(-2)
    .map(({ tools }) => JSON.stringify(tools));
  console.log(`tool definitions: ${Math.ceil((first ?? '').length / 4)} tokens`);
  expect((first ?? '').length).toBeGreaterThan(4000);
  expect((first ?? '').length / 4).toBeLessThanOrEqual(mostTokens);
  expect(second).toBe(first);
});

it('sends the names, descriptions and inputs that are written down, in that order: a change of one is seen in review', async () => {
  const definitions = JSON.stringify(model.requests().at(-1)?.tools, null, 2);
  await expect(`${definitions}\n`).toMatchFileSnapshot('model-definitions.txt');
});

it('asks Seerr through the model, shows the card, and removes the request again', async () => {
  const ada = test.discord.person('Ada');
  const channel = test.discord.channel('seerr');
  const read = (message: Parameters<typeof test.discord.render>[0]) =>
    test.discord.render(message).replaceAll('\\', '');
  const card = await ada.slash(channel, 'request movie', { title: 'tmdb:680' }).reply();
  await ada.press(card, 'Request').acknowledged();
  await ada.waitFor(channel, (message) => read(message).includes('Seerr approved it'));
  ada.say(channel, 'remove my last request', { mention: true });
  const removal = await ada.waitFor(channel, (message) => read(message).includes('[ Remove the request ]'));
  expect(read(removal)).toMatch(/Pulp Fiction \(1994\)[\s\S]*approved/);
  await ada.press(removal, 'Remove the request').acknowledged();
  await ada.waitFor(channel, (message) =>
    read(message).includes('Done: **Pulp Fiction (1994)** – 🗑️ Removed the request'),
  );
  expect(test.servers.jellyseerr.state.requests.some(({ tmdbId }) => tmdbId === 680)).toBe(false);
  expect(test.servers.jellyseerr.journal.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
});
