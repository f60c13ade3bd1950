import { eq } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FairShare } from '../../src/chat/fair-share.ts';
import { textOf } from '../../src/chat/parts.ts';
import { answerMessage } from '../../src/chat/turn.ts';
import { WaitingTurns } from '../../src/chat/waiting-turns.ts';
import { getUnansweredMessages } from '../../src/db/queries/unfinished-work.ts';
import { stream } from '../../src/db/schema.ts';
import { type Conversations, type Place, seenSink, startConversations } from './conversation.ts';
import { later, type Reply, say, status } from './scripted-model.ts';

let test: Conversations;
beforeAll(async () => {
  test = await startConversations();
});
afterEach(() => expect(test.model.clear()).toBe(0));
afterAll(() => test.stop());

/** An answer that waits for `open`, and tells when it was asked for. */
function gated(...pieces: string[]) {
  const [asked, open] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const reply: Reply = (response, request) => {
    asked.resolve();
    return later(open.promise, say(...pieces))(response, request);
  };
  return { reply, asked: asked.promise, open: open.resolve };
}

const texts = async (place: Place) => (await test.messages(place)).map((message) => textOf(message.parts));
const lastAsked = () =>
  test.model.asked
    .at(-1)
    ?.messages.slice(1)
    .map(({ content }) => content);
const unanswered = async (place: Place) => {
  const all = await getUnansweredMessages(test.context.ledger.db, { quietMs: -1000, withinMs: 60_000 });
  return all.filter(({ chatId }) => chatId === place.chat.id).map(({ messageId }) => messageId);
};

/** Says all of this one after the other, as fast as each is stored; gives what each turn showed. */
async function flood(place: Place, words: readonly string[], context = test.context) {
  const turns: ReturnType<Conversations['say']>[] = [];
  for (const [index, text] of words.entries()) {
    turns.push(test.say(place, text, { context }));
    await expect.poll(async () => (await texts(place)).filter((one) => words.includes(one)).length).toBe(index + 1);
  }
  return turns;
}

describe('messages of one conversation, while a turn runs', () => {
  const words = ['one', 'two', 'three', 'four', 'five', 'six'];

  it('are stored at once; beyond two that wait they are answered together, in order, none dropped', async () => {
    const ada = await test.someone();
    const first = gated('First.');
    test.model.script(first.reply, say('Second.'), say('The rest.'));
    const before = test.model.asked.length;
    const turns = await flood(ada, words);
    expect(await texts(ada)).toEqual(words);
    first.open();
    const seen = await Promise.all(turns);
    expect(test.model.asked).toHaveLength(before + 3);
    expect(lastAsked()).toEqual(['one', 'First.', 'two', 'Second.', 'three', 'four', 'five', 'six']);
    // The answer is one to the last of them.
    expect(seen.map(({ finished }) => finished)).toEqual([['First.'], ['Second.'], [], [], [], ['The rest.']]);
    expect(await unanswered(ada)).toEqual([]);
    test.model.script(say('Yes.'));
    await test.say(ada, 'all of it?');
    expect(lastAsked()).toEqual([
      ...['one', 'First.', 'two', 'Second.', 'three', 'four', 'five', 'six', 'The rest.', 'all of it?'],
    ]);
  });

  it('are all in the question, however many they are and however little history fits', async () => {
    const ada = await test.someone();
    const first = gated('First.');
    test.model.script(first.reply, say('Second.'), say('The rest.'));
    const many = Array.from({ length: 90 }, (_, index) => `number ${index} ${'x'.repeat(100)}`);
    const turns = many.map((text) => test.say(ada, text, { context: { ...test.context, historyTokens: 500 } }));
    await first.asked;
    await expect.poll(async () => (await texts(ada)).length).toBe(90);
    first.open();
    await Promise.all(turns);
    expect(lastAsked()).toEqual(many.slice(2));
  });

  it('that were joined are told of once when the model fails, and nobody answers them again', async () => {
    const ada = await test.someone();
    const first = gated('First.');
    test.model.script(first.reply, say('Second.'), status(500));
    const turns = await flood(ada, words);
    first.open();
    const seen = await Promise.all(turns);
    expect(seen.map(({ finished }) => finished.length)).toEqual([1, 1, 0, 0, 0, 1]);
    expect(await unanswered(ada)).toEqual([]);
  });

  it('are left to the next start when the bot stops, which answers them', async () => {
    const ada = await test.someone();
    const leaving = new AbortController();
    const first = gated('First.');
    test.model.script(first.reply);
    const turns = (await flood(ada, words, { ...test.context, signal: leaving.signal })).map((turn) =>
      turn.then(
        ({ finished }) => finished,
        (error: unknown) => String(error),
      ),
    );
    await first.asked;
    leaving.abort(new Error('the bot is stopping'));
    const ended = await Promise.all(turns);
    expect(ended[0]?.[0]).toMatch(/restarted in the middle/);
    expect(ended.slice(1)).toEqual([
      expect.stringContaining('stopping'),
      [],
      [],
      [],
      expect.stringContaining('stopping'),
    ]);
    const left = await unanswered(ada);
    expect(left).toHaveLength(5);
    test.model.script(say('Two.'), say('Three.'), say('The rest.'));
    const stored = await test.messages(ada);
    const sinks = left.map(() => seenSink());
    const next = test.otherProcess();
    const answers = left.map(async (id, index) => {
      const message = stored.find((one) => one.id === id);
      const sink = sinks[index];
      if (message !== undefined && sink !== undefined) await answerMessage(next, { ...ada, message }, sink);
    });
    await Promise.all(answers);
    expect(sinks.map(({ finished }) => finished)).toEqual([['Two.'], ['Three.'], [], [], ['The rest.']]);
    expect(lastAsked()?.slice(-3)).toEqual(['four', 'five', 'six']);
    expect(await unanswered(ada)).toEqual([]);
  });

  it('stay joined when the process dies in their turn: whoever answers the last answers all of them', async () => {
    const ada = await test.someone();
    const [first, third] = [gated('First.'), gated('Never seen.')];
    test.model.script(first.reply, say('Second.'), third.reply);
    const dying = new AbortController();
    const turns = await flood(ada, words, { ...test.context, signal: dying.signal });
    first.open();
    await third.asked;
    const stored = await test.messages(ada);
    // Dead without a trace: the turn's lease is gone and its answer was never stored.
    await test.context.ledger.db.delete(stream).where(eq(stream.chatId, ada.chat.id));
    expect(await unanswered(ada)).toEqual([stored.find((message) => textOf(message.parts) === 'six')?.id]);
    const message = stored.find((one) => textOf(one.parts) === 'six');
    if (message === undefined) throw new Error('the last message is not there');
    const sink = seenSink();
    test.model.script(say('All of it.'));
    await answerMessage(test.otherProcess(), { ...ada, message }, sink);
    expect(sink.finished).toEqual(['All of it.']);
    expect(lastAsked()?.slice(-4)).toEqual(['three', 'four', 'five', 'six']);
    dying.abort(new Error('it is over'));
    await Promise.allSettled(turns);
    expect(await unanswered(ada)).toEqual([]);
  });

  it('that are two processes’ are each answered once', async () => {
    const ada = await test.someone();
    const first = gated('First.');
    const [one, other] = [test.otherProcess(), test.otherProcess()];
    const answers = Array.from({ length: 5 }, () => say('An answer.'));
    test.model.script(first.reply, ...answers);
    const turns = [
      ...(await flood(ada, words.slice(0, 1), one)),
      ...(await flood(ada, ['a', 'b', 'c', 'd'], other)),
      ...(await flood(ada, ['e', 'f', 'g'], one)),
    ];
    await first.asked;
    first.open();
    await Promise.all(turns);
    test.model.clear();
    expect(await unanswered(ada)).toEqual([]);
    const sources = (await test.messages(ada)).flatMap(({ sourceMessageId: source }) => source ?? []);
    expect(new Set(sources).size).toBe(sources.length);
    const body = test.model.asked.map((asked) => asked.body).join();
    for (const word of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) expect(body).toContain(`"content":"${word}"`);
  });
});

describe('turns that wait', () => {
  it('hold everything once, in order, whatever comes when and whatever fails', async () => {
    const arrivals = fc.array(fc.record({ ticks: fc.nat(3), fails: fc.boolean() }), { minLength: 1, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(arrivals, fc.nat(4), async (comings, workTicks) => {
        const waiting = new WaitingTurns<{ id: string; fails: boolean }>();
        const done: string[][] = [];
        let running = 0;
        const all: Promise<void>[] = [];
        for (const [index, { ticks: before, fails }] of comings.entries()) {
          for (let tick = 0; tick < before; tick++) await null;
          const work = async (together: readonly { id: string; fails: boolean }[]) => {
            expect(++running).toBe(1);
            done.push(together.map(({ id }) => id));
            for (let tick = 0; tick < workTicks * 5; tick++) await null;
            running--;
            if (together.some((one) => one.fails)) throw new Error('no');
          };
          all.push(waiting.add('chat', { id: String(index), fails }, work));
        }
        const ends = await Promise.allSettled(all);
        expect(done.flat()).toEqual(comings.map((_, index) => String(index)));
        // Only the last of a turn is told that it failed.
        const told = new Set(ends.flatMap(({ status: end }, index) => (end === 'rejected' ? [String(index)] : [])));
        for (const turn of done) for (const id of turn.slice(0, -1)) expect(told.has(id)).toBe(false);
      }),
    );
  });

  it('do nothing twice that is in a turn already', async () => {
    const waiting = new WaitingTurns<{ id: string }>();
    const open = Promise.withResolvers<void>();
    let runs = 0;
    const work = async () => {
      runs++;
      await open.promise;
    };
    const both = [waiting.add('chat', { id: 'a' }, work), waiting.add('chat', { id: 'a' }, work)];
    open.resolve();
    await Promise.all(both);
    expect(runs).toBe(1);
  });
});

describe('people', () => {
  it('take turns: one’s flood keeps nobody else waiting, and nobody has more than their share', async () => {
    const share = new FairShare({ ofOne: 2, ofAll: 3 });
    const begun: string[] = [];
    const running = new Map<string, () => void>();
    const start = (person: string, name: string) =>
      share.run(person, () => {
        begun.push(name);
        return new Promise<void>((resolve) => running.set(name, resolve));
      });
    const end = async (name: string) => {
      running.get(name)?.();
      await new Promise((resolve) => setImmediate(resolve));
    };
    const all = ['a1', 'a2', 'a3', 'a4'].map((name) => start('ada', name));
    all.push(start('bob', 'b1'), start('bob', 'b2'), start('cy', 'c1'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(begun).toEqual(['a1', 'a2', 'b1']);
    await end('a1');
    expect(begun.at(-1)).toBe('a3');
    await end('a2');
    await end('b1');
    expect(new Set(begun.slice(4))).toEqual(new Set(['b2', 'c1']));
    for (const name of ['a3', 'b2', 'c1', 'a4']) await end(name);
    await Promise.all(all);
    expect(begun).toHaveLength(7);
  });

  it('get their place back when what ran there failed', async () => {
    const share = new FairShare({ ofOne: 1, ofAll: 1 });
    await expect(share.run('ada', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await share.run('bob', async () => 'done')).toBe('done');
  });

  it('are answered while another floods many channels', async () => {
    const [ada, bob] = [await test.someone(), await test.someone()];
    const channels = await Promise.all(Array.from({ length: 6 }, () => test.channel(ada)));
    const slow = channels.map(() => gated('For Ada.'));
    const before = test.model.asked.length;
    test.model.script(...slow.slice(0, 3).map(({ reply }) => reply), say('For Bob.'));
    const adas = channels.map((place) => test.say(place, 'hello'));
    await expect.poll(() => test.model.asked.length).toBe(before + 3);
    expect((await test.say(bob, 'hello')).finished).toEqual(['For Bob.']);
    expect(test.model.asked).toHaveLength(before + 4);
    test.model.script(...slow.slice(3).map(({ reply }) => reply));
    for (const { open } of slow) open();
    expect((await Promise.all(adas)).map(({ finished }) => finished)).toEqual(channels.map(() => ['For Ada.']));
  });
});
