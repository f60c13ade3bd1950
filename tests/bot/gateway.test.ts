import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { startTestBot, type TestBot } from '../bot.ts';
import { extent } from '../extent.ts';

/** `.ci/run` lets Discord fail for a whole minute. */
const longMs = extent === 'few' ? 4_000 : 60_000;

let model: PlaygroundModel;
let test: TestBot;
beforeAll(async () => {
  model = await startModel();
  test = await startTestBot({ environment: { OPENAI_BASE_URL: model.url } });
  await test.setup.all(test.discord.person('Ada'), 'radarr', 'sonarr');
});
afterAll(async () => {
  await test.stop();
  await model.stop();
});
beforeEach(() => {
  test.discord.rest.faults = [];
});

const answersIn = (channel: Parameters<TestBot['discord']['render']>[0]['channelId']) =>
  [...test.discord.state.messages.values()].filter(
    (message) => message.channelId === channel && message.authorId === test.discord.state.bot.id,
  );

describe('a bad day for Discord', () => {
  it('answers what came while the gateway was cut, once', async () => {
    const ada = test.discord.person('Ada');
    test.discord.gateway.drop();
    const before = answersIn(ada.dm().id).length;
    ada.say(ada.dm(), 'hello');
    await ada.waitFor(ada.dm(), (message) => message.content.startsWith('Hello!'), 20_000);
    expect(answersIn(ada.dm().id)).toHaveLength(before + 1);
  });

  it('goes on after an invalid session', async () => {
    const ada = test.discord.person('Ada');
    test.discord.gateway.invalidate();
    await test.discord.until(() => test.discord.gateway.connected > 0, 20_000);
    const reply = await ada.slash(ada.dm(), 'services list').reply();
    expect(test.discord.render(reply)).toContain('Radarr');
  });

  it('handles an event that is delivered twice once', async () => {
    const ada = test.discord.person('Ada');
    const channel = test.discord.channel('twice');
    test.discord.gateway.duplicate = true;
    ada.say(channel, 'hello', { mention: true });
    await ada.waitFor(channel, (message) => message.content.startsWith('Hello!'));
    const card = await ada.slash(channel, 'request movie', { title: 'tmdb:78' }).reply();
    ada.press(card, 'Request');
    await ada.waitFor(channel, (message) => test.discord.render(message).includes('Asked for by'));
    test.discord.gateway.duplicate = false;
    const reply = await ada.slash(channel, 'services list').reply();
    expect(reply.ephemeralFor).toBe(ada.id);
    const open = answersIn(channel.id).filter((message) => message.ephemeralFor === null);
    expect(open.map((message) => message.content.slice(0, 6))).toEqual(['Hello!', '']);
    expect(
      test.servers.radarr.journal.filter(({ method, path }) => method === 'POST' && path === '/api/v3/movie'),
    ).toHaveLength(1);
  });

  it('sends an answer again when Discord has an error or too much to do', async () => {
    const ada = test.discord.person('Ada');
    const channel = test.discord.channel('errors');
    test.discord.fail({ match: /^POST \/channels\/\d+\/messages/, status: 500, times: 2 });
    test.discord.fail({ match: /^POST \/channels\/\d+\/messages/, status: 429, retryAfter: 0.05, times: 1 });
    ada.say(channel, 'hello', { mention: true });
    await ada.waitFor(channel, (message) => message.content.startsWith('Hello!'), 20_000);
    expect(answersIn(channel.id)).toHaveLength(1);
  });

  it('waits as long as a global limit says, and then answers', async () => {
    const ada = test.discord.person('Ada');
    const channel = test.discord.channel('limited');
    test.discord.fail({ match: /^(POST|PATCH) \/channels/, status: 429, retryAfter: 0.6, global: true, times: 3 });
    ada.say(channel, 'hello', { mention: true });
    await ada.waitFor(channel, (message) => message.content.startsWith('Hello!'), 20_000);
    expect(answersIn(channel.id)).toHaveLength(1);
  });

  it(
    'answers in the end when Discord has errors for long, and says nothing twice',
    async () => {
      const ada = test.discord.person('Ada');
      const channel = test.discord.channel('long');
      test.discord.fail({ match: /^(POST|PATCH) \/(channels|webhooks|interactions)/, status: 503, times: 100_000 });
      ada.say(channel, 'hello', { mention: true });
      const command = ada.slash(channel, 'services list');
      await sleep(longMs);
      test.discord.rest.faults = [];
      await ada.waitFor(channel, (message) => message.content.startsWith('Hello!'), 30_000);
      // A command that Discord would not let the bot answer within three seconds is over; the next one works.
      expect(command.failed).not.toBeNull();
      expect(test.discord.render(await ada.slash(channel, 'services list').reply())).toContain('Radarr');
      expect(answersIn(channel.id).filter(({ content }) => content.startsWith('Hello!'))).toHaveLength(1);
    },
    longMs + 60_000,
  );

  it('reaches a person by DM where it may not write, and lives on where it can reach nobody', async () => {
    const ada = test.discord.person('Ada');
    const channel = test.discord.channel('closed');
    channel.deniedToBot = 1n << 11n;
    const before = answersIn(ada.dm().id).length;
    ada.say(channel, 'hello', { mention: true });
    await test.discord.until(() => answersIn(ada.dm().id).length > before);
    ada.account.dmsClosed = true;
    ada.say(channel, 'hello again', { mention: true });
    await test.discord.until(() => test.logged().includes('could not be reached'));
    ada.account.dmsClosed = false;
    expect(test.discord.render(await ada.slash(channel, 'services list').reply())).toContain('Radarr');
  });
});

describe('two people in one channel', () => {
  it('never meet each other’s servers, keys or words', async () => {
    await test.restart({ ALLOWED_USERS: '*', SERVICE_ADDRESSES: 'private-allowed' });
    const ada = test.discord.person('Ada');
    const bob = test.discord.person('Bob');
    const channel = test.discord.channel('shared');
    const before = model.requests().length;
    ada.say(channel, 'tell me about Forrest Gump, my secret is zebra', { mention: true });
    await ada.waitFor(channel, (message) => message.content !== '');
    bob.say(channel, 'what is downloading?', { mention: true });
    await bob.waitFor(channel, (message) => message.content.includes('isn’t set up for you'));
    const bobs = model
      .requests()
      .slice(before)
      .filter((request) => JSON.stringify(request).includes('what is downloading?'));
    expect(bobs).toHaveLength(1);
    expect(JSON.stringify(bobs)).not.toContain('zebra');
    expect(bobs[0]?.tools ?? []).toEqual([]);
    const radarrCalls = test.servers.radarr.journal.length;
    const reply = await bob.slash(channel, 'request movie', { title: 'dune' }).reply();
    expect(test.discord.render(reply)).toContain('not set up for you');
    expect(test.servers.radarr.journal).toHaveLength(radarrCalls);
  });

  it('do not press each other’s buttons', async () => {
    const ada = test.discord.person('Ada');
    const bob = test.discord.person('Bob');
    const channel = test.discord.channel('buttons');
    ada.say(channel, 'get me Interstellar', { mention: true });
    const card = await ada.waitFor(channel, (message) => test.discord.render(message).includes('[ Request ]'));
    bob.press(card, 'Request');
    const word = await bob.waitFor(channel, (message) => message.ephemeralFor === bob.id);
    expect(word.content).toContain('belongs to someone else');
    expect(test.discord.render(card)).toContain('[ Request ]');
    ada.press(card, 'Cancel');
    await ada.waitFor(channel, (message) => message.content.includes('I leave it'));
    expect(test.servers.radarr.state.library.some((film) => film.tmdbId === 157336)).toBe(false);
  });
});
