import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../../src/chat/parts.ts';
import { getServiceConfig, updateServiceConfig } from '../../src/db/queries/service-configs.ts';
import { getToolCallsByMessageId } from '../../src/db/queries/tool-calls.ts';
import { tools } from '../../src/tools/registry.ts';
import type { AnyTool } from '../../src/tools/tool.ts';
import { type Conversations, startConversations, withLimits } from './conversation.ts';
import { begin, call, calling, cut, end, hang, later, piece, type Reply, say, status } from './scripted-model.ts';

const dune = 438631;
const canary = 'sk-canary-123456';

let test: Conversations;
beforeAll(async () => {
  test = await startConversations();
});
afterEach(() => expect(test.model.clear()).toBe(0));
afterAll(() => test.stop());

/** A process that lets the model be silent for so long, in milliseconds. */
const patientFor = (modelMs = test.context.ledger.limits.modelMs) => withLimits(test.context, { modelMs });

describe('a turn', () => {
  it('saves the message, asks the model, and stores exactly what it shows in the end', async () => {
    const ada = await test.someone('radarr');
    test.model.script(call('Let me look. ', calling('search_movies', { query: 'dune' })), say('There are ', 'three.'));
    const seen = await test.say(ada, 'which Dune films are there?');
    const [asked, answer] = await test.messages(ada);
    expect(asked).toMatchObject({ role: 'user', parts: [{ type: 'text', text: 'which Dune films are there?' }] });
    expect(seen.finished).toEqual(['Let me look.\n\nThere are three.']);
    expect(answer).toMatchObject({ role: 'assistant', replyMessageIds: ['shown-1'] });
    expect(textOf(answer?.parts ?? [])).toBe(seen.finished[0]);
    expect(seen.texts.at(-1)).toBe(seen.finished[0]);
    expect(seen.activities).toEqual(['Thinking', 'Searching Radarr']);
    expect(answer?.parts.map((part) => part.type)).toEqual([
      'step-start',
      'text',
      'tool-search_movies',
      'step-start',
      'text',
    ]);
    expect(test.model.asked.at(-1)?.body).toContain('Dune: Part Two');
  });

  it('handles a message that is delivered twice once', async () => {
    const ada = await test.someone();
    const id = randomUUID();
    test.model.script(say('Hello.'));
    const [first, second] = await Promise.all([test.say(ada, 'hello', { id }), test.say(ada, 'hello', { id })]);
    expect([...first.finished, ...second.finished]).toEqual(['Hello.']);
    expect(await test.messages(ada)).toHaveLength(2);
  });

  it('has saved the message before the model is asked', async () => {
    const ada = await test.someone();
    let stored = -1;
    test.model.script(async (response, asked) => {
      stored = (await test.messages(ada)).length;
      await say('Hello.')(response, asked);
    });
    await test.say(ada, 'hello');
    expect(stored).toBe(1);
  });

  it('tells the model nothing of who the person is, and that a mention without words is one', async () => {
    const ada = await test.someone();
    test.model.script(say('Yes?'));
    await test.say(ada, '');
    const { body, messages } = test.model.asked.at(-1) ?? { body: '', messages: [] };
    expect(body).not.toMatch(/\bada\b/i);
    expect(body).not.toContain(ada.user.discordId);
    expect(messages.at(-1)).toMatchObject({ role: 'user', content: '(The person called you without a word.)' });
  });

  it('names attached files', async () => {
    const ada = await test.someone();
    test.model.script(say('I cannot see it.'));
    const attachments = [{ name: 'poster.png', contentType: 'image/png', url: 'https://cdn.example/1', size: 10 }];
    await test.say(ada, 'this one', { attachments });
    expect(test.model.asked.at(-1)?.body).toContain('poster.png');
    expect(test.model.asked.at(-1)?.body).not.toContain('cdn.example');
  });

  it('says without a model what works, and keeps the message', async () => {
    const ada = await test.someone();
    const seen = await test.say(ada, 'hello', { context: { ...test.context, model: null } });
    expect(seen.finished[0]).toMatch(/no language model is set up.*`\/request`/);
    expect(await test.messages(ada)).toHaveLength(2);
  });

  it('takes text that a database refuses', async () => {
    const ada = await test.someone('radarr');
    test.model.script(call(calling('search_movies', { query: 'du\u0000ne' })), say('It is\u0000 \ud800 there.'));
    const seen = await test.say(ada, 'a\u0000b \udc00');
    expect(seen.finished).toEqual(['It is \ufffd there.']);
    expect((await test.messages(ada)).map((message) => textOf(message.parts))).toEqual(['ab \ufffd', seen.finished[0]]);
  });
});

describe('the tools that the model is given', () => {
  it('are those of the services that the person has enabled', async () => {
    const toolsFor = async (...services: ('radarr' | 'sonarr')[]) => {
      test.model.script(say('Hello.'));
      await test.say(await test.someone(...services), 'hello');
      return test.model.asked.at(-1)?.toolNames;
    };
    expect(await toolsFor()).toEqual([]);
    // Operations that are actions of one tool are there once.
    const registered = (...services: string[]) => {
      const offered = Object.values<AnyTool>(tools).filter((one) =>
        one.services.some((name) => services.includes(name)),
      );
      return [...new Set(offered.map(({ name, model }) => model?.tool ?? name))];
    };
    const radarr = await toolsFor('radarr');
    expect(radarr).toEqual(registered('radarr'));
    expect(radarr).toContain('request_movie');
    expect(radarr).not.toContain('request_series');
    const both = await toolsFor('sonarr', 'radarr');
    expect(both).toEqual(registered('radarr', 'sonarr'));
    expect(both).toEqual(expect.arrayContaining(['request_movie', 'request_series']));
  });

  it('go when a service is switched off, and come back with it', async () => {
    const { db } = test.context.ledger;
    const ada = await test.someone('radarr', 'sonarr');
    const config = await getServiceConfig(db, { userId: ada.user.id, serviceName: 'radarr' });
    const names = async (isEnabled: boolean) => {
      await updateServiceConfig(db, { id: config?.id ?? '', userId: ada.user.id, isEnabled });
      test.model.script(say('Hello.'));
      await test.say(ada, 'hello');
      return test.model.asked.at(-1)?.toolNames ?? [];
    };
    expect(await names(false)).not.toContain('request_movie');
    expect(await names(true)).toContain('request_movie');
  });

  it('are one person’s own: nobody sees another’s words or servers', async () => {
    const [ada, bob] = [await test.someone('radarr'), await test.someone('sonarr')];
    test.model.script(say('Noted.'), say('Hello.'));
    await test.say(ada, 'my secret word is kumquat');
    await test.say(bob, 'hello');
    expect(test.model.asked.at(-1)?.body).not.toContain('kumquat');
    expect(test.model.asked.at(-1)?.toolNames).not.toContain('search_movies');
  });

  it('answer in words when a server fails, and the model goes on', async () => {
    const ada = await test.someone('radarr');
    test.servers.radarr.faults.next({ kind: 'status', status: 401 });
    test.model.script(call(calling('search_movies', { query: 'dune' })), say('Radarr does not let me in.'));
    await test.say(ada, 'find dune');
    expect(test.model.asked.at(-1)?.body).toMatch(/Radarr.*key/);
    expect(test.model.asked.map((asked) => asked.body).join()).not.toContain(test.servers.radarr.apiKey);
    expect(test.model.asked.map((asked) => asked.body).join()).not.toContain(test.servers.radarr.url);
  });

  it('that need a press become a card and a waiting row; nothing is done', async () => {
    const ada = await test.someone('radarr');
    test.model.script(call('I can ask for it.', calling('request_movie', { tmdbId: dune })));
    const before = test.servers.radarr.journal.length;
    const seen = await test.say(ada, 'get dune');
    const answer = (await test.messages(ada)).at(-1);
    const [waiting] = seen.cards;
    expect(waiting).toMatchObject({ toolName: 'request_movie', input: { tmdbId: dune }, status: 'queued' });
    expect(await getToolCallsByMessageId(test.context.ledger.db, { messageId: answer?.id ?? '' })).toEqual(seen.cards);
    expect(answer?.parts.at(-1)).toMatchObject({ type: 'tool-request_movie', state: 'input-available' });
    expect(seen.finished).toEqual(['I can ask for it.']);
    expect(test.servers.radarr.journal).toHaveLength(before);
  });

  it('that need a press, called without a word, get words', async () => {
    const ada = await test.someone('radarr');
    test.model.script(call(calling('request_movie', { tmdbId: dune })));
    const seen = await test.say(ada, 'get dune');
    expect(seen.finished).toEqual(['Ready when you are:']);
    expect(textOf((await test.messages(ada)).at(-1)?.parts ?? [])).toBe('Ready when you are:');
  });
});

const html: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end('<!doctype html><p>Sign in');
};
const errorInStream: Reply = (response) => {
  begin(response);
  piece(response, { content: 'half' });
  response.write(`data: {"error":{"message":"${canary}","type":"server_error"}}\n\n`);
  response.end('data: [DONE]\n\n');
};
const brokenChunk: Reply = (response) => {
  begin(response);
  response.end('data: {"choices": [{"del\n\n');
};
const noEnd: Reply = async (response) => {
  begin(response);
  for (let index = 0; index < 200 && !response.destroyed; index++) {
    piece(response, { content: 'again and again '.repeat(20) });
    await new Promise((resolve) => setImmediate(resolve));
  }
  end(response, 'stop');
};

describe('a model that fails', () => {
  const failures: [name: string, replies: Reply[], words: RegExp, modelMs?: number][] = [
    ['refuses the key (401)', [status(401, `Incorrect API key: ${canary}`)], /bot’s key.*OPENAI_API_KEY/],
    ['forbids (403)', [status(403)], /bot’s key.*OPENAI_API_KEY/],
    ['does not exist (404)', [status(404)], /was not found.*OPENAI_MODEL/],
    ['wants money (402)', [status(402)], /busy or its budget/],
    ['is busy (429)', [status(429)], /busy or its budget.*Ask again/],
    ['refuses the question (400)', [status(400)], /refused the question/],
    ['has an error (500)', [status(500)], /internal error.*Ask again/],
    ['closes the door', [cut()], /cannot be reached/],
    ['is cut in mid-stream', [cut('half an ', 'answer')], /^half an answer\n\n.*answer was cut off/],
    ['says in mid-stream that it fails', [errorInStream], /^half\n\n.*answer was cut off/],
    ['sends half a chunk', [brokenChunk], /answer was cut off/],
    ['never answers', [hang()], /stopped answering/, 200],
    ['stops in the middle', [hang('half an answer')], /^half an answer\n\n.*stopped answering/, 1000],
    ['gives nothing', [say()], /gave no answer/],
    ['gives nothing that can be seen', [say('\u200b')], /gave no answer/],
    ['is a web page', [html], /gave no answer/],
    ['does not come to an end', [noEnd], /got too long/],
    [
      'looks things up more than ten times',
      Array.from({ length: 10 }, () => call(calling('search_movies', { query: 'dune' }))),
      /too many steps/,
    ],
  ];
  for (const [name, replies, words, modelMs] of failures)
    it(`is told of in words when it ${name}; the message is kept and the next one works`, async () => {
      const ada = await test.someone('radarr');
      test.model.script(...replies);
      const seen = await test.say(ada, 'hello', { context: patientFor(modelMs) });
      expect(seen.finished[0]).toMatch(new RegExp(words.source, 's'));
      expect(seen.finished[0]).not.toContain(canary);
      expect((await test.messages(ada)).map((message) => textOf(message.parts))).toEqual(['hello', seen.finished[0]]);
      test.model.script(say('Here I am.'));
      expect((await test.say(ada, 'and now?')).finished).toEqual(['Here I am.']);
    });

  it('never brings keys, words or addresses into the log', async () => {
    const ada = await test.someone('radarr');
    test.model.script(status(401, canary), cut('my words'));
    await test.say(ada, 'my secret word is kumquat');
    await test.say(ada, 'my secret word is kumquat');
    expect(test.logged()).toContain('the model failed');
    for (const secret of [canary, 'kumquat', 'my words', test.model.baseUrl])
      expect(test.logged()).not.toContain(secret);
  });

  it.each([
    ['calls a tool that does not exist', calling('delete_everything', { sure: true })],
    ['calls a look-up with a wrong input', calling('search_movies', { title: 'dune' })],
    ['calls a look-up with half an input', calling('search_movies', '{"query": "du')],
    ['asks for a card with a wrong input', calling('request_movie', { tmdbId: 'dune' })],
  ])('is told so when it %s, and may try again', async (_name, wrong) => {
    const ada = await test.someone('radarr');
    test.model.script(call(wrong), say('Sorry.'), say('Still here.'));
    const seen = await test.say(ada, 'get dune');
    expect(seen.finished).toEqual(['Sorry.']);
    expect(seen.cards).toEqual([]);
    await test.say(ada, 'and now?');
    expect(test.model.asked.at(-1)?.body).toContain('Sorry.');
  });

  it('shows the card of the right call when another of the same answer is wrong', async () => {
    const ada = await test.someone('radarr');
    test.model.script(call(calling('request_movie', { tmdbId: 'dune' }), calling('request_movie', { tmdbId: dune })));
    const seen = await test.say(ada, 'get dune');
    expect(seen.cards.map((card) => card.input)).toEqual([{ tmdbId: dune }]);
  });

  it('is not blamed for a look-up that takes longer than it may be silent', async () => {
    const ada = await test.someone('radarr');
    test.servers.radarr.faults.next({ kind: 'delay', ms: 1300 });
    test.model.script(call(calling('search_movies', { query: 'dune' })), say('Found.'));
    expect((await test.say(ada, 'find dune', { context: patientFor(1000) })).finished).toEqual(['Found.']);
  });

  it('is let go when the bot has to leave', async () => {
    const ada = await test.someone();
    const leaving = new AbortController();
    test.model.script(
      later(Promise.resolve(), (response, asked) => {
        leaving.abort(new Error('the bot is stopping'));
        return hang('half')(response, asked);
      }),
    );
    const context = { ...test.context, signal: leaving.signal };
    expect((await test.say(ada, 'hello', { context })).finished[0]).toMatch(/restarted in the middle/);
  });
});
