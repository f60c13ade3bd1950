import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { instructionsFor } from '../../src/chat/instructions.ts';
import { createModel } from '../../src/chat/model.ts';
import type { ServiceName } from '../../src/services/registry.ts';
import { startServer } from '../services/loopback-server.ts';
import { type Conversations, startConversations } from './conversation.ts';
import { say } from './scripted-model.ts';

const nobody = { preferences: {}, timezone: null };
const stackOf = (...names: ServiceName[]) => ({
  services: names.map((name) => ({ name })),
  has: (name: ServiceName) => names.includes(name),
});

let test: Conversations;
let model: PlaygroundModel;
beforeAll(async () => {
  [test, model] = await Promise.all([startConversations(), startModel()]);
});
afterAll(async () => {
  await Promise.all([test.stop(), model.stop()]);
});

describe('the model', () => {
  it('is none without a key and an address', () => {
    expect(createModel({ apiKey: undefined, baseUrl: undefined, model: 'x', api: 'responses' })).toBeNull();
  });

  it('works behind an address without a key', async () => {
    test.model.script(say('Hello.'));
    const ada = await test.someone('radarr');
    expect((await test.say(ada, 'hello')).finished).toEqual(['Hello.']);
    // Some compatible servers refuse settings that they do not know.
    expect(Object.keys(JSON.parse(test.model.asked.at(-1)?.body ?? '{}')).sort()).toEqual([
      'messages',
      'model',
      'stream',
      'stream_options',
      'tool_choice',
      'tools',
    ]);
  });

  it('is asked through responses to keep nothing', async () => {
    const bodies: unknown[] = [];
    await using server = await startServer(({ url, body }, response) => {
      bodies.push([url, JSON.parse(body)]);
      response.writeHead(500, { 'content-type': 'application/json' }).end('{}');
    });
    const own = createModel({ apiKey: 'a-key', baseUrl: `${server.url}/v1`, model: 'gpt-5-mini', api: 'responses' });
    const ada = await test.someone();
    await test.say(ada, 'hello', { context: { ...test.context, model: own } });
    expect(bodies).toEqual([['/v1/responses', expect.objectContaining({ model: 'gpt-5-mini', store: false })]]);
  });

  it.each(['responses', 'chat'] as const)('looks up, shows a card and answers through %s', async (api) => {
    const context = {
      ...test.context,
      model: createModel({ apiKey: model.apiKey, baseUrl: model.url, model: 'playground', api }),
    };
    const ada = await test.someone('radarr');
    model.script(
      { calls: [{ name: 'search_movies', input: { query: 'dune' } }] },
      { text: 'I can ask for it.', calls: [{ name: 'request_movie', input: { tmdbId: 438631 } }] },
      { text: 'It waits for you.' },
    );
    const seen = await test.say(ada, 'get dune', { context });
    expect(seen.finished).toEqual(['I can ask for it.']);
    expect(seen.cards).toMatchObject([{ toolName: 'request_movie', input: { tmdbId: 438631 } }]);
    expect((await test.say(ada, 'well?', { context })).finished).toEqual(['It waits for you.']);
    expect(JSON.stringify(model.requests().at(-1))).toContain('Waiting for the person’s press');
  });
});

describe('the instructions', () => {
  const today = new Date('2026-11-21T10:00:00Z');
  it('name the servers that are there and the day, and are short', () => {
    const words = instructionsFor(stackOf('radarr', 'sonarr'), nobody, today);
    expect(words).toContain('Radarr, Sonarr');
    expect(words).toContain('2026-11-21');
    expect(words.length).toBeLessThan(1600);
  });

  it('name the day where the person is', () => {
    const inHonolulu = { ...nobody, timezone: 'Pacific/Honolulu' };
    const early = new Date('2026-11-21T09:00:00Z');
    expect(instructionsFor(stackOf('radarr'), inHonolulu, early)).toContain('Friday, 2026-11-20 (Pacific/Honolulu)');
    expect(instructionsFor(stackOf('radarr'), nobody, early)).toContain('Saturday, 2026-11-21.');
  });

  it('say what to do when there is none', () => {
    expect(instructionsFor(stackOf(), nobody, today)).toContain('/services configure');
  });
});
