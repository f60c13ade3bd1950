import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createModel } from '../../src/chat/model.ts';
import { mostCards, textOf } from '../../src/chat/parts.ts';
import { getToolCallsByMessageId } from '../../src/db/queries/tool-calls.ts';
import { startServer } from '../services/loopback-server.ts';
import { type Conversations, seenSink, startConversations, withLimits } from './conversation.ts';
import { begin, call, calling, later, piece, type Reply, say, status } from './scripted-model.ts';

let test: Conversations;
beforeAll(async () => {
  test = await startConversations();
});
afterEach(() => expect(test.model.clear()).toBe(0));
afterAll(() => test.stop());

const megabyte = 1024 * 1024;

/** Writes `text` again and again until the other side leaves, at most 60 MB; gives how many bytes were taken. */
async function pour(response: ServerResponse, text: string): Promise<number> {
  const most = 60 * megabyte;
  let bytes = 0;
  while (bytes < most && !response.destroyed) {
    bytes += text.length;
    response.write(text);
    while (response.writableNeedDrain && !response.destroyed) await new Promise((resolve) => setImmediate(resolve));
  }
  response.end();
  return bytes;
}

const event = (value: object) => `data: ${JSON.stringify(value)}\n\n`;
const delta = (inside: object) => event({ choices: [{ index: 0, delta: inside, finish_reason: null }] });
const moreArguments = (text: string) => delta({ tool_calls: [{ index: 0, function: { arguments: text } }] });

/** Begins a call and never ends its arguments. */
function endlessArguments(poured: (bytes: number) => void): Reply {
  return async (response) => {
    begin(response);
    const started = {
      index: 0,
      id: 'call_endless',
      type: 'function',
      function: { name: 'search_movies', arguments: '' },
    };
    piece(response, { tool_calls: [started] });
    response.write(moreArguments('{"query":"'));
    poured(await pour(response, moreArguments('aaaaaaaaaaaaaaaa').repeat(50)));
  };
}

describe('a model without measure', () => {
  it('is cut off at 8 KB of a call’s arguments, is told so, and goes on; the person sees one sentence', async () => {
    const ada = await test.someone('radarr');
    let bytes = 0;
    test.model.script(
      endlessArguments((all) => {
        bytes = all;
      }),
      say('I asked for too much.'),
    );
    const seen = await test.say(ada, 'get dune');
    expect(seen.finished[0]).toMatch(/^I asked for too much\.\n\nThe language model asked for too much at once[^\n]*$/);
    // What was under way in sockets and buffers when it was cut.
    await expect.poll(() => bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(8 * megabyte);
    expect(test.model.asked.at(-1)?.body).toContain('8192 bytes at most');
    expect(test.model.asked.at(-1)?.body).not.toContain('aaaaaaaa');
    expect(JSON.stringify(await test.messages(ada)).length).toBeLessThan(4000);
  });

  it('is told the same of arguments that come in one piece, and of ones that are no text', async () => {
    const ada = await test.someone('radarr');
    test.model.script(
      call(calling('search_movies', { query: 'x'.repeat(200_000) })),
      call(calling('search_movies', `{"query":[${'1,'.repeat(4000)}1]}`)),
      call(calling('search_movies', `{"query":${'['.repeat(4000)}${']'.repeat(4000)}}`)),
      say('Sorry.'),
    );
    const seen = await test.say(ada, 'get dune');
    expect(seen.finished[0]).toMatch(/^Sorry\./);
    const told = test.model.asked.at(-1)?.messages.filter(({ role }) => role === 'tool') ?? [];
    expect(told).toHaveLength(3);
    for (const message of told) expect(JSON.stringify(message).length).toBeLessThan(1200);
    expect(JSON.stringify((await test.messages(ada)).at(-1)).length).toBeLessThan(30_000);
  });

  it.each(['chat', 'responses'] as const)('through %s is cut off at an event without an end', async (api) => {
    let bytes = 0;
    await using server = await startServer(async (_asked, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"a":"');
      bytes = await pour(response, 'a'.repeat(16_384));
    });
    const model = createModel({ apiKey: undefined, baseUrl: `${server.url}/v1`, model: 'x', api });
    const seen = await test.say(await test.someone('radarr'), 'hi', { context: { ...test.context, model } });
    expect(seen.finished[0]).toMatch(/answer was cut off/);
    await expect.poll(() => bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(8 * megabyte);
  });

  it('through responses is cut off at endless arguments, thoughts and pieces without any words', async () => {
    const item = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'search_movies', arguments: '' };
    const created = event({ type: 'response.created', response: { id: 'r', created_at: 1, model: 'x' } });
    const floods: [first: string, again: string, words: RegExp][] = [
      [
        event({ type: 'response.output_item.added', output_index: 0, item }),
        event({
          type: 'response.function_call_arguments.delta',
          item_id: 'fc_1',
          output_index: 0,
          delta: 'a'.repeat(64),
        }),
        /too much at once/,
      ],
      [
        event({ type: 'response.output_item.added', output_index: 0, item: { type: 'reasoning', id: 'rs_1' } }),
        event({
          type: 'response.reasoning_summary_text.delta',
          item_id: 'rs_1',
          output_index: 0,
          summary_index: 0,
          delta: 'hmm '.repeat(100),
        }),
        /too long/,
      ],
      ['', event({ type: 'response.something.new', delta: 'a'.repeat(10_000) }), /answer was cut off/],
    ];
    for (const [first, again, words] of floods) {
      let bytes = 0;
      await using server = await startServer(async (_asked, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(created + first);
        bytes = await pour(response, again);
      });
      const model = createModel({ apiKey: undefined, baseUrl: `${server.url}/v1`, model: 'x', api: 'responses' });
      const seen = await test.say(await test.someone('radarr'), 'hi', { context: { ...test.context, model } });
      expect(seen.finished[0]).toMatch(words);
      await expect.poll(() => bytes).toBeGreaterThan(0);
      expect(bytes).toBeLessThan(30 * megabyte);
    }
  });

  it('that says everything in one piece is shown and stored as far as eight messages go', async () => {
    const ada = await test.someone();
    test.model.script(say('word '.repeat(30_000)));
    const seen = await test.say(ada, 'hi');
    expect(seen.finished[0]?.length).toBeLessThan(16_200);
    expect(seen.finished[0]).toMatch(/got too long/);
    expect(seen.texts.join('').length).toBeLessThan(16_200);
    expect(JSON.stringify(await test.messages(ada)).length).toBeLessThan(20_000);
  });

  it('that fails with a book gets the beginning read', async () => {
    let bytes = 0;
    await using server = await startServer(async (_asked, response) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      bytes = await pour(response, 'no '.repeat(5000));
    });
    const model = createModel({ apiKey: undefined, baseUrl: `${server.url}/v1`, model: 'x', api: 'chat' });
    const seen = await test.say(await test.someone(), 'hi', { context: { ...test.context, model } });
    expect(seen.finished[0]).toMatch(/refused the question/);
    await expect.poll(() => bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(8 * megabyte);
  });
});

describe('a model that calls without measure', () => {
  it('gets five cards shown of 150; it is told of the others, and the person sees one sentence', async () => {
    const ada = await test.someone('radarr');
    const many = Array.from({ length: 150 }, (_, index) => calling('request_movie', { tmdbId: index + 1 }));
    test.model.script(call(...many));
    const seen = await test.say(ada, 'get everything');
    expect(seen.cards.map(({ input }) => input)).toEqual([1, 2, 3, 4, 5].map((tmdbId) => ({ tmdbId })));
    expect(seen.finished).toEqual(['These are the first five: press or cancel them, then ask me for the rest.']);
    const answer = (await test.messages(ada)).at(-1);
    expect(await getToolCallsByMessageId(test.context.ledger.db, { messageId: answer?.id ?? '' })).toHaveLength(
      mostCards,
    );
    test.model.script(say('Still here.'));
    await test.say(ada, 'well?');
    const results = test.model.asked.at(-1)?.messages.filter(({ role }) => role === 'tool') ?? [];
    expect(results.filter((one) => JSON.stringify(one).includes('Waiting for the person'))).toHaveLength(mostCards);
    const refused = results.filter((one) => JSON.stringify(one).includes('5 cards at most'));
    expect(refused.length).toBeGreaterThan(0);
    expect(results).toHaveLength(mostCards + refused.length);
  });

  it('gets forty look-ups run of sixty, over all its steps; it is told, and the person sees one sentence', async () => {
    const ada = await test.someone('radarr');
    const some = (count: number) => Array.from({ length: count }, () => calling('search_movies', { query: 'dune' }));
    test.model.script(call(...some(15)), call(...some(45)), say('That is all that I found.'));
    const before = test.servers.radarr.journal.filter(({ path }) => path.includes('/lookup')).length;
    const seen = await test.say(ada, 'look everywhere');
    const ran = test.servers.radarr.journal.filter(({ path }) => path.includes('/lookup')).length - before;
    expect(ran).toBe(40);
    expect(test.model.asked.at(-1)?.body.match(/Not run: this answer has made all/g)).toHaveLength(1);
    expect(seen.finished[0]).toMatch(/^That is all that I found\.\n\nI stopped looking things up[^\n]*$/);
  });

  it('and does not stop when it is told to is left where it is', async () => {
    const ada = await test.someone('radarr');
    const some = Array.from({ length: 41 }, () => calling('search_movies', { query: 'dune' }));
    test.model.script(call(...some), call(calling('search_movies', { query: 'dune' })));
    expect((await test.say(ada, 'look everywhere')).finished[0]).toMatch(/^I stopped looking things up[^\n]*$/);
  });

  it('gets its answer stored whatever it names its calls and tools', async () => {
    const ada = await test.someone('radarr');
    const long = 'x'.repeat(9000);
    test.model.script(
      call(
        calling('search_movies', { query: 'dune' }, long),
        calling(long, { query: 'dune' }),
        calling('__proto__', {}, '__proto__'),
        calling('request_movie', { tmdbId: 438631 }, `card-${long}`),
      ),
      say('Well.'),
    );
    const seen = await test.say(ada, 'get dune');
    test.model.clear();
    expect(seen.cards.map(({ input }) => input)).toEqual([{ tmdbId: 438631 }]);
    expect(JSON.stringify((await test.messages(ada)).at(-1))).not.toContain('x'.repeat(200));
  });
});

describe('what a tool gives the model', () => {
  it('is 2,000 tokens and 500 characters a text at most, in the request and in both records', async () => {
    const ada = await test.someone('radarr');
    const { state } = test.servers.radarr;
    const { catalogue } = state;
    state.catalogue = catalogue.map((film) => ({ ...film, title: `Dune ${'ő'.repeat(5000)}` }));
    test.model.script(call(calling('search_movies', { query: 'dune' })), say('A lot.'));
    await test.say(ada, 'which?');
    state.catalogue = catalogue;
    const result = test.model.asked.at(-1)?.messages.find(({ role }) => role === 'tool');
    expect(JSON.stringify(result)).toContain('Dune ő');
    expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThan(9000);
    expect(JSON.stringify(result)).not.toContain('ő'.repeat(500));
    const answer = (await test.messages(ada)).at(-1);
    expect(Buffer.byteLength(JSON.stringify(answer?.parts))).toBeLessThan(9000);
    const calls = await test.context.ledger.db.query.toolCall.findMany();
    const stored = calls.find(({ userId }) => userId === ada.user.id);
    expect(Buffer.byteLength(JSON.stringify(stored?.output))).toBeLessThanOrEqual(8192);
    expect(JSON.stringify(stored?.output)).toContain('Dune ő');
  });
});

describe('a model’s server that refuses the question', () => {
  const refusal = () =>
    status(
      400,
      'The chat template needs type: "message"\u0007\n. Key sk-abcdef123456, see http://10.0.0.5:8080/docs; you said: my secret word is kumquat',
    );

  it('has its words in the log, without what was said, addresses and keys', async () => {
    const ada = await test.someone();
    test.model.script(refusal());
    const seen = await test.say(ada, 'my secret word is kumquat');
    expect(seen.finished).toEqual([
      'The language model refused the question. Ask in different words, or use `/request`.',
    ]);
    const line =
      test
        .logged()
        .split('\n')
        .findLast((one) => one.includes('the model failed')) ?? '';
    expect(line).toContain('The chat template needs type: \\"message\\"');
    for (const secret of ['kumquat', 'sk-abcdef', '10.0.0.5', '\\u0007']) expect(line).not.toContain(secret);
  });

  it('is quoted to who hosts the bot alone', async () => {
    const [ada, bob] = [await test.someone(), await test.someone()];
    const context: typeof test.context = {
      ...test.context,
      wordsForHost: (user, words) => (user.id === ada.user.id ? words : null),
    };
    test.model.script(refusal(), refusal());
    const forAda = await test.say(ada, 'hello', { context, sink: seenSink() });
    expect(forAda.finished[0]).toMatch(/refused the question\..*the model’s server said: “The chat template needs/);
    const forBob = await test.say(bob, 'hello', { context });
    expect(forBob.finished[0]).not.toContain('template');
  });

  it.each([
    ['with a body of another form', JSON.stringify({ detail: 'model is loading' }), 'model is loading'],
    ['without a word', '', ''],
    ['with a web page', '<!doctype html><title>Bad</title>', 'Bad'],
  ])('%s is told of all the same', async (_name, body, words) => {
    await using server = await startServer((_asked, response) => {
      response.writeHead(400, { 'content-type': 'application/json' }).end(body);
    });
    const model = createModel({ apiKey: undefined, baseUrl: `${server.url}/v1`, model: 'x', api: 'chat' });
    const context = { ...test.context, model, wordsForHost: (_user: object, said: string) => said };
    const ada = await test.someone();
    const { finished } = await test.say(ada, 'hi', { context });
    expect(finished[0]).toContain('refused the question');
    expect(finished[0]).toContain(words);
    expect((await test.messages(ada)).map((message) => textOf(message.parts))).toEqual(['hi', finished[0]]);
  });
});

describe('a call under way', () => {
  it('that is slow to be written keeps the time that a model may be silent from running out', async () => {
    const ada = await test.someone('radarr');
    const slowly: Reply = async (response, asked) => {
      begin(response);
      const started = { index: 0, id: 'slow', type: 'function', function: { name: 'search_movies', arguments: '{' } };
      piece(response, { tool_calls: [started] });
      for (const text of ['"query"', ':', '"dune"', '}']) {
        await later(new Promise((resolve) => setTimeout(resolve, 600)), () => undefined)(response, asked);
        response.write(moreArguments(text));
      }
      response.end(`${event({ choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] })}data: [DONE]\n\n`);
    };
    test.model.script(slowly, say('Found.'));
    const context = withLimits(test.context, { modelMs: 1500 });
    expect((await test.say(ada, 'find dune', { context })).finished).toEqual(['Found.']);
  });
});
