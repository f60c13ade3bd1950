import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../../src/chat/parts.ts';
import { findCutTurn, finishCutTurn, storeCutAnswer } from '../../src/chat/recover.ts';
import { TurnQueue } from '../../src/chat/turn-queue.ts';
import { saveMessage } from '../../src/db/queries/messages.ts';
import { claimTurn, getExpiredTurns, releaseTurn, renewTurn } from '../../src/db/queries/streams.ts';
import { type Conversations, type Place, seenSink, startConversations } from './conversation.ts';
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
  { question, shown, leaseMs }: Record<'question' | 'shown', string> & { leaseMs: number },
) {
  const { db } = test.context;
  const chatId = place.chat.id;
  const parts = [{ type: 'text' as const, text: question }];
  const { message } = await saveMessage(db, { chatId, role: 'user', parts, sourceMessageId: `dead:${chatId}` });
  await claimTurn(db, { chatId, owner: 'dead', leaseMs, messageId: message.id });
  await renewTurn(db, { chatId, owner: 'dead', leaseMs, state: { text: shown } });
  return message;
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
    const context = { ...test.otherProcess(), limits: { ...test.context.limits, leaseMs: 900 } };
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
    const { db, limits } = test.context;
    const ada = await test.someone();
    test.model.script(say('Hello.'));
    await test.say(ada, 'hello');
    expect(await claimTurn(db, { chatId: ada.chat.id, owner: 'next', leaseMs: limits.leaseMs, messageId: null })).toBe(
      true,
    );
  });

  it('keep what is on screen with the lease', async () => {
    const ada = await test.someone();
    const rest = gated(' a whole answer.');
    test.model.script((response, asked) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'Half of' } }] })}\n\n`);
      return rest.reply(Object.assign(response, { writeHead: () => response }), asked);
    });
    const context = { ...test.context, limits: { ...test.context.limits, leaseMs: 60 } };
    const turn = test.say(ada, 'hello', { context });
    const { db } = test.context;
    await expect
      .poll(async () => (await db.query.stream.findMany()).map((row) => row.state))
      .toContainEqual({ text: 'Half of' });
    rest.open();
    expect((await turn).finished).toEqual(['Half of a whole answer.']);
  });
});

describe('a turn whose process died', () => {
  it('is taken over once its lease has run out; what it had said is kept, and that it was cut', async () => {
    const ada = await test.someone();
    await deadTurn(ada, { question: 'tell me all', shown: 'Once upon', leaseMs: 100 });
    test.model.script(say('Here it is.'));
    expect((await test.say(ada, 'are you there?')).finished).toEqual(['Here it is.']);
    const cut = 'Once upon\n\n⚠️ The bot was restarted in the middle of this answer.';
    expect((await texts(ada)).sort()).toEqual(['Here it is.', cut, 'are you there?', 'tell me all']);
    expect(
      test.model.asked
        .at(-1)
        ?.messages.slice(1)
        .map((message) => message.role),
    ).toEqual(['user', 'assistant', 'user']);
  });

  it('is not taken over before', async () => {
    const ada = await test.someone();
    const { db } = test.context;
    await deadTurn(ada, { question: 'tell me all', shown: 'Once upon', leaseMs: 60_000 });
    expect(await findCutTurn(db, { chatId: ada.chat.id })).toBeNull();
    const leaving = new AbortController();
    const turn = test.say(ada, 'hello', { context: { ...test.context, signal: leaving.signal } });
    leaving.abort(new Error('the bot is stopping'));
    await expect(turn).rejects.toThrow();
    expect(await texts(ada)).toEqual(['tell me all', 'hello']);
    await releaseTurn(db, { chatId: ada.chat.id, owner: 'dead' });
  });

  it('is stored as cut once, whoever finds it, and never over a whole answer', async () => {
    const { db } = test.context;
    const [ada, bob] = [await test.someone(), await test.someone()];
    const question = await deadTurn(ada, { question: 'tell me all', shown: '', leaseMs: 1 });
    const answered = await deadTurn(bob, { question: 'tell me all', shown: 'Half', leaseMs: 1 });
    const parts = [{ type: 'text' as const, text: 'All of it.' }];
    await saveMessage(db, { chatId: bob.chat.id, role: 'assistant', parts, sourceMessageId: `answer:${answered.id}` });
    await moment(5);
    for (const turn of await getExpiredTurns(db)) {
      const results = await Promise.all([storeCutAnswer(db, turn), storeCutAnswer(db, turn)]);
      expect(results.filter((result) => result?.isNew)).toHaveLength(turn.messageId === question.id ? 1 : 0);
      await releaseTurn(db, { chatId: turn.chatId, owner: 'dead' });
    }
    expect((await texts(ada)).at(-1)).toMatch(/^⚠️ The bot was restarted/);
    expect(await texts(bob)).toEqual(['tell me all', 'All of it.']);
  });

  it('tells the person that it was cut, and the rest of what was whole but not shown, cards too', async () => {
    const { db } = test.context;
    const [ada, bob] = [await test.someone(), await test.someone('radarr')];
    await deadTurn(ada, { question: 'tell me all', shown: 'Once upon', leaseMs: 1 });
    // Bob's process died after it had stored the answer and its card's row, and before it showed them.
    const dies = { ...seenSink(), finish: () => Promise.reject(new Error('killed')) };
    test.model.script(call('I ask.', calling('request_movie', { tmdbId: 438631 })));
    await expect(test.say(bob, 'get dune', { sink: dies })).rejects.toThrow('killed');
    const [asked] = await test.messages(bob);
    await claimTurn(db, { chatId: bob.chat.id, owner: 'dead', leaseMs: 1, messageId: asked?.id ?? null });
    await moment(5);
    const [adas, bobs] = [seenSink(), seenSink()];
    for (const turn of await getExpiredTurns(db)) {
      const sink = turn.chatId === ada.chat.id ? adas : bobs;
      await finishCutTurn(db, turn, sink);
      await finishCutTurn(db, turn, sink);
      await releaseTurn(db, { chatId: turn.chatId, owner: 'dead' });
    }
    expect(adas.finished).toEqual([expect.stringContaining('restarted in the middle')]);
    expect(bobs.finished).toEqual(['I ask.']);
    expect(bobs.cards[0]).toMatchObject({ toolName: 'request_movie', status: 'queued' });
  });
});
