import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { startTestBot, type TestBot } from '../bot.ts';

let model: PlaygroundModel;
let test: TestBot;
beforeAll(async () => {
  model = await startModel();
  test = await startTestBot({
    environment: {
      OPENAI_BASE_URL: model.url,
      OPENAI_API_KEY: model.apiKey,
      ALLOWED_USERS: '*',
      SERVICE_ADDRESSES: 'private-allowed',
    },
  });
  await test.setup.all(test.discord.person('Ada'), 'radarr', 'sonarr');
});
afterAll(async () => {
  await test.stop();
  await model.stop();
});

const posted = () =>
  test.servers.radarr.journal.filter(({ method, path }) => method === 'POST' && path === '/api/v3/movie').length;

describe('talking', () => {
  it('requests a film after a press and goes on with the result', async () => {
    const ada = test.discord.person('Ada');
    const dm = ada.dm();
    ada.say(dm, 'can you get dune for me');
    const card = await ada.waitFor(dm, (message) => test.discord.render(message).includes('[ Request ]'));
    expect(posted()).toBe(0);
    ada.press(card, 'Request');
    await ada.waitFor(dm, (message) =>
      message.content.includes('Done: **Dune (2021)** – ✅ Requested. Radarr is looking for it.'),
    );
    expect(posted()).toBe(1);
  });

  it('knows what was just requested', async () => {
    const ada = test.discord.person('Ada');
    ada.say(ada.dm(), 'how is the one I just requested?');
    await ada.waitFor(ada.dm(), (message) => message.content.includes('**Dune (2021)**, 155 minutes: wanted'));
  });

  it('takes a mention, a reply, and a reply without a ping for a turn', async () => {
    const ada = test.discord.person('Ada');
    const channel = test.discord.channel('replies');
    ada.say(channel, 'hello', { mention: true });
    const greeting = await ada.waitFor(channel, (message) => message.content.startsWith('Hello!'));
    ada.say(channel, 'what is downloading?', { replyTo: greeting });
    const queue = await ada.waitFor(channel, (message) => message.content.startsWith('Downloading now'));
    ada.say(channel, 'which films do we have?', { replyTo: queue, ping: false });
    await ada.waitFor(channel, (message) => message.content.startsWith('There are'));
  });

  it('welcomes a newcomer once, also when their first two messages come together', async () => {
    const newcomer = test.discord.person('Newcomer');
    newcomer.say(newcomer.dm(), 'are you there?');
    newcomer.say(newcomer.dm(), 'hello');
    const read = () =>
      newcomer
        .sees(newcomer.dm())
        .filter(({ authorId }) => authorId === test.discord.state.bot.id)
        .map((message) => test.discord.render(message));
    await test.discord.until(() => read().some((words) => words.includes('Tell me what you would like to watch')));
    await expect.poll(() => read().filter((words) => words.includes('Set up Radarr'))).toHaveLength(1);
    expect(read()).toHaveLength(2);
  });
});
