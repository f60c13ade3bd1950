import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../../src/chat/parts.ts';
import { TurnQueue } from '../../src/chat/turn-queue.ts';
import { saveMessage } from '../../src/db/queries/messages.ts';
import { claimFreeTurn, getExpiredTurns, releaseTurn, renewTurn } from '../../src/db/queries/streams.ts';
import {
  type Conversations,
  endCutTurn,
  type Place,
  seenSink,
  startConversations,
  withLimits,
} from './conversation.ts';
import { call, calling, later, type Reply, say } from './scripted-model.ts';

let test: Conversations;
beforeAll(async () => {
  test = await startConversations();
});
afterEach(() => expect(test.model.clear()).toBe(0));
afterAll(() => test.stop());

const texts = async (place: Place) => (await test.messages(place)).map((message) => textOf(message.parts));
const moment = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** An answer that waits for `open`, and tells when it was asked for. */
function gated(...pieces: string[]) {
  const [asked, open] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const reply: Reply = (response, request) => {
    asked.resolve();
    return later(open.promise, say(...pieces))(response, request);
  };
  return { reply, asked: asked.promise, open: open.resolve };
}

/** A turn of a process that died: it took the turn and will not be heard of again. */
async function deadTurn(
  place: Place,
  { question, leaseMs, ...state }: { question: string; leaseMs: number; text?: string; askedAgain?: boolean },
) {
  const { db } = test.context.ledger;
  const chatId = place.chat.id;
  const parts = [{ type: 'text' as const, text: question }];
  const { message } = await saveMessage(db, { chatId, role: 'user', parts, sourceMessageId: `dead:${chatId}` });
  const turn = await claimFreeTurn(db, { chatId, owner: 'dead', leaseMs, messageId: message.id });
  if (turn === null) throw new Error('somebody has the turn');
  await renewTurn(db, turn, { leaseMs, state });
  return { message, turn };
}

describe('turns of one conversation', () => {
  it('run one after the other, in the order in which they came', async () => {
    const ada = await test.someone();
    const first = gated('First answer.');
    test.model.script(first.reply, say('Second answer.'), say('Third answer.'));
    const before = test.model.asked.length;
    const turns = ['one', 'two', 'three'].map((text) => test.say(ada, text));
    await first.asked;
    expect((await texts(ada)).slice(0, 3)).toEqual(['one', 'two', 'three']);
    expect(test.model.asked).toHaveLength(before + 1);
    first.open();
    const seen = await Promise.all(turns);
    expect(seen.map((one) => one.finished)).toEqual([['First answer.'], ['Second answer.'], ['Third answer.']]);
    const asked = test.model.asked
      .slice(before)
      .map(({ messages }) => messages.map((message) => message.content).slice(1));
    expect(asked).toEqual([
      ['one'],
      ['one', 'First answer.', 'two'],
      ['one', 'First answer.', 'two', 'Second answer.', 'three'],
    ]);
  });

  it('go on after one that failed', async () => {
    const queue = new TurnQueue();
    const failing = queue.run('chat', () => Promise.reject(new Error('no')));
    const next = queue.run('chat', () => Promise.resolve('done'));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('done');
  });

  it('run side by side in different conversations', async () => {
    const [ada, bob] = [await test.someone(), await test.someone()];
    const slow = gated('For Ada.');
    test.model.script(slow.reply, say('For Bob.'));
    const adas = test.say(ada, 'hello');
    await slow.asked;
    expect((await test.say(bob, 'hello')).finished).toEqual(['For Bob.']);
    slow.open();
    expect((await adas).finished).toEqual(['For Ada.']);
  });

  it('wait for the turn of another process, which keeps its lease while it runs', async () => {
    const ada = await test.someone();
    const first = gated('First answer.');
    test.model.script(first.reply, say('Second answer.'));
    const context = withLimits(test.otherProcess(), { leaseMs: 900 });
    const one = test.say(ada, 'one', { context });
    await first.asked;
    const before = test.model.asked.length;
    const two = test.say(ada, 'two');
    // Longer than a lease: only the heartbeat holds it.
    await moment(1500);
    expect(test.model.asked).toHaveLength(before);
    first.open();
    await Promise.all([one, two]);
    expect(test.model.asked.at(-1)?.body).toContain('First answer.');
  });

  it('give the lease back, whatever happened', async () => {
    const { db, limits } = test.context.ledger;
    const ada = await test.someone();
    test.model.script(say('Hello.'));
    await test.say(ada, 'hello');
    const [said] = await test.messages(ada);
    const next = { chatId: ada.chat.id, owner: 'next', leaseMs: limits.leaseMs, messageId: said?.id ?? '' };
    expect(await claimFreeTurn(db, next)).not.toBeNull();
  });

  it('keep what is on screen with the lease', async () => {
    const ada = await test.someone();
    const rest = gated(' a whole answer.');
    test.model.script((response, asked) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'Half of' } }] })}\n\n`);
      return rest.reply(Object.assign(response, { writeHead: () => response }), asked);
    });
    const context = withLimits(test.context, { leaseMs: 60 });
    const turn = test.say(ada, 'hello', { context });
    const { db } = test.context.ledger;
    await expect
      .poll(async () => (await db.query.stream.findMany()).map((row) => row.state))
      .toContainEqual({ text: 'Half of' });
    rest.open();
    expect((await turn).finished).toEqual(['Half of a whole answer.']);
  });
});

describe('a turn whose process died', () => {
  const cutWords = '⚠️ The bot was restarted in the middle of this answer.';
  const expired = async (place: Place) => {
    const read = () => getExpiredTurns(test.context.ledger.db, { chatId: place.chat.id });
    await expect.poll(read).toHaveLength(1);
    const [cut] = await read();
    if (cut === undefined) throw new Error('there is no such turn');
    return cut;
  };

  it('is taken over once its lease has run out; what it had said is kept, and that it was cut', async () => {
    const ada = await test.someone();
    await deadTurn(ada, { question: 'tell me all', text: 'Once upon', leaseMs: 100 });
    test.model.script(say('Here it is.'));
    expect((await test.say(ada, 'are you there?')).finished).toEqual(['Here it is.']);
    expect((await texts(ada)).sort()).toEqual(
      ['Here it is.', `Once upon\n\n${cutWords}`, 'are you there?', 'tell me all'].sort(),
    );
    const roles = test.model.asked.at(-1)?.messages.map((message) => message.role);
    expect(roles?.slice(1)).toEqual(['user', 'assistant', 'user']);
  });

  it('is not taken over before', async () => {
    const ada = await test.someone();
    const { db } = test.context.ledger;
    const { turn: dead } = await deadTurn(ada, { question: 'tell me all', text: 'Once upon', leaseMs: 60_000 });
    expect(await getExpiredTurns(db, { chatId: ada.chat.id })).toEqual([]);
    const leaving = new AbortController();
    const turn = test.say(ada, 'hello', { context: { ...test.context, signal: leaving.signal } });
    leaving.abort(new Error('the bot is stopping'));
    await expect(turn).rejects.toThrow();
    expect(await texts(ada)).toEqual(['tell me all', 'hello']);
    await releaseTurn(db, dead);
  });

  it('of whose answer nothing was shown asks the model again, before what was said later', async () => {
    const ada = await test.someone();
    await deadTurn(ada, { question: 'tell me all', leaseMs: 1 });
    await moment(5);
    test.model.script(say('All of it.'), say('Here I am.'));
    expect((await test.say(ada, 'are you there?')).finished).toEqual(['Here I am.']);
    expect((await texts(ada)).sort()).toEqual(['All of it.', 'Here I am.', 'are you there?', 'tell me all']);
    expect(test.model.asked.at(-2)?.body).not.toContain('are you there?');
  });

  it('asks the model again once only: the second time it is cut', async () => {
    const ada = await test.someone();
    await deadTurn(ada, { question: 'tell me all', askedAgain: true, leaseMs: 1 });
    const before = test.model.asked.length;
    const seen = seenSink();
    await endCutTurn(test.context, await expired(ada), seen);
    expect(test.model.asked).toHaveLength(before);
    expect(seen.finished).toEqual([cutWords]);
    expect(await texts(ada)).toEqual(['tell me all', cutWords]);
    expect(await getExpiredTurns(test.context.ledger.db, { chatId: ada.chat.id })).toEqual([]);
  });

  it('is known as asked again while the model is, so that dying in it is the last time', async () => {
    const ada = await test.someone();
    await deadTurn(ada, { question: 'tell me all', leaseMs: 1 });
    const answer = gated('All of it.');
    test.model.script(answer.reply);
    const ended = endCutTurn(test.context, await expired(ada), seenSink());
    await answer.asked;
    const states = async () => (await test.context.ledger.db.query.stream.findMany()).map(({ state }) => state);
    expect(await states()).toContainEqual({ text: '', askedAgain: true });
    answer.open();
    await ended;
    expect(await texts(ada)).toEqual(['tell me all', 'All of it.']);
  });

  it('is ended by one, whoever finds it, and never over a whole answer', async () => {
    const { db } = test.context.ledger;
    const [ada, bob] = [await test.someone(), await test.someone()];
    await deadTurn(ada, { question: 'tell me all', text: 'Half', leaseMs: 1 });
    const answered = await deadTurn(bob, { question: 'tell me all', text: 'Half', leaseMs: 1 });
    const parts = [{ type: 'text' as const, text: 'All of it.' }];
    const sourceMessageId = `answer:${answered.message.id}`;
    await saveMessage(db, { chatId: bob.chat.id, role: 'assistant', parts, sourceMessageId });
    for (const place of [ada, bob]) {
      const cut = await expired(place);
      const sinks = [seenSink(), seenSink()];
      await Promise.all(sinks.map((sink) => endCutTurn(test.otherProcess(), cut, sink)));
      expect(sinks.flatMap(({ finished }) => finished)).toHaveLength(1);
    }
    expect(await texts(ada)).toEqual(['tell me all', `Half\n\n${cutWords}`]);
    expect(await texts(bob)).toEqual(['tell me all', 'All of it.']);
  });

  it('whose process was only asleep writes nothing any more, and its message is answered by the other alone', async () => {
    const ada = await test.someone();
    const late = gated('Too late.');
    test.model.script(late.reply, say('In time.'));
    const sink = seenSink();
    const context = withLimits(test.otherProcess(), { leaseMs: 60_000 });
    const asleep = test.say(ada, 'hello', { context, sink });
    await late.asked;
    // Another took it for dead.
    await test.context.ledger.db.execute(sql`update "Stream" set "leaseUntil" = now() - interval '1 second'`);
    const seen = seenSink();
    await endCutTurn(test.context, await expired(ada), seen);
    late.open();
    await asleep;
    expect(seen.finished).toEqual(['In time.']);
    expect(sink.finished).toEqual([]);
    expect(await texts(ada)).toEqual(['hello', 'In time.']);
  });

  it('tells the rest of what was whole but not shown, cards too', async () => {
    const bob = await test.someone('radarr');
    // Bob's process died after it had stored the answer and its card's row, and before it showed them.
    const dies = { ...seenSink(), finish: () => Promise.reject(new Error('killed')) };
    test.model.script(call('I ask.', calling('request_movie', { tmdbId: 438631 })));
    await expect(test.say(bob, 'get dune', { sink: dies })).rejects.toThrow('killed');
    const [asked] = await test.messages(bob);
    const dead = { chatId: bob.chat.id, owner: 'dead', leaseMs: 1, messageId: asked?.id ?? '' };
    expect(await claimFreeTurn(test.context.ledger.db, dead)).not.toBeNull();
    const seen = seenSink();
    await endCutTurn(test.context, await expired(bob), seen);
    expect(seen.finished).toEqual(['I ask.']);
    expect(seen.cards[0]).toMatchObject({ toolName: 'request_movie', status: 'queued' });
  });
});
