import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { startTestBot, type TestBot } from '../bot.ts';

let model: PlaygroundModel;
let test: TestBot;
beforeAll(async () => {
  model = await startModel();
  test = await startTestBot({ environment: { OPENAI_BASE_URL: model.url, TURNS_PER_HOUR: '2' } });
});
afterAll(async () => {
  await test.stop();
  await model.stop();
});

describe('who may use the bot', () => {
  it('gives a stranger one private sentence and costs nothing', async () => {
    const mallory = test.discord.person('Mallory');
    const channel = test.discord.channel('general');
    const reply = await mallory.slash(channel, 'services list').reply();
    expect(reply.ephemeralFor).toBe(mallory.id);
    expect(reply.content).toContain('private');
    expect(reply.content).toContain(mallory.id);
    expect(await mallory.autocomplete(channel, 'request movie', { title: 'dune' }, 'title')).toEqual([]);
    mallory.say(mallory.dm(), 'hello');
    await mallory.waitFor(mallory.dm(), (message) => message.content.includes('private'));
    mallory.say(mallory.dm(), 'hello again');
    mallory.say(channel, 'and here', { mention: true });
    const ada = test.discord.person('Ada');
    ada.say(ada.dm(), 'hello');
    await ada.waitFor(ada.dm(), () => true);
    expect(mallory.sees(mallory.dm()).filter((message) => message.authorId !== mallory.id)).toHaveLength(1);
    expect(
      mallory
        .sees(channel)
        .filter((message) => message.authorId === test.discord.state.bot.id && message.ephemeralFor === null),
    ).toEqual([]);
    expect(model.requests()).toEqual([]);
  });

  it('says nothing in public to a stranger who takes no DM', async () => {
    const trudy = test.discord.person('Trudy', { dmsClosed: true });
    const channel = test.discord.channel('general');
    trudy.say(channel, 'hello', { mention: true });
    await test.discord.until(() =>
      test.discord.rest.journal.some(({ path, status }) => /^\/channels\/\d+\/messages$/.test(path) && status === 403),
    );
    // What is answered after it shows that nothing was said before.
    const reply = await test.discord.person('Ada').slash(channel, 'help').reply();
    expect(reply.ephemeralFor).not.toBeNull();
    expect(trudy.sees(channel).filter(({ authorId }) => authorId === test.discord.state.bot.id)).toEqual([]);
    expect(test.logged()).not.toContain('a message could not be answered');
  });

  it('welcomes the first DM of a person without services, and talks from the second on', async () => {
    const ada = test.discord.person('Ada');
    const welcome = await ada.waitFor(ada.dm(), (message) => test.discord.render(message).includes('Set up Radarr'));
    expect(test.discord.render(welcome)).toContain('/services configure');
    ada.say(ada.dm(), 'hello');
    await ada.waitFor(ada.dm(), (message) => message.content.includes('Tell me what you would like to watch'));
    expect(model.requests()).toHaveLength(1);
    expect(model.requests()[0]?.tools ?? []).toEqual([]);
  });

  it('stops at the limit of turns an hour and says until when', async () => {
    const ada = test.discord.person('Ada');
    ada.say(ada.dm(), 'one more');
    ada.say(ada.dm(), 'and another');
    await ada.waitFor(ada.dm(), (message) => message.content.includes('limit of messages per hour'));
  });

  it('does not answer bots, @everyone, or messages to nobody', async () => {
    const ada = test.discord.person('Ada');
    const channel = test.discord.channel('general');
    const before = model.requests().length;
    ada.say(channel, 'nobody in particular');
    ada.say(channel, '@everyone look here');
    const list = await ada.slash(channel, 'services list').reply();
    expect(list.ephemeralFor).toBe(ada.id);
    expect(model.requests()).toHaveLength(before);
  });
});
