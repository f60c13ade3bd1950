import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../../src/chat/parts.ts';
import { continueAnswer, type TurnContext } from '../../src/chat/turn.ts';
import { settleMessagePart } from '../../src/db/queries/message-parts.ts';
import { saveAskedAndAnswered } from '../../src/db/queries/messages.ts';
import { expireToolCalls } from '../../src/db/queries/tool-calls.ts';
import type { ToolCall } from '../../src/db/schema.ts';
import { callerOf } from '../../src/tools/caller.ts';
import { goesOnAfter } from '../../src/tools/goes-on.ts';
import { cancelPress, pressToolCall } from '../../src/tools/ledger.ts';
import { openStack } from '../../src/tools/stack.ts';
import {
  type Conversations,
  type Place,
  type SeenSink,
  seenSink,
  startConversations,
  withLimits,
} from './conversation.ts';
import { call, calling, say } from './scripted-model.ts';

const [dune, matrix] = [438631, 603];

let test: Conversations;
beforeAll(async () => {
  test = await startConversations();
});
afterEach(() => expect(test.model.clear()).toBe(0));
afterAll(() => test.stop());

const signal = AbortSignal.timeout(60_000);
const requests = () =>
  test.servers.radarr.journal.filter(({ method, path }) => method === 'POST' && path === '/api/v3/movie').length;

function only(cards: readonly ToolCall[]): ToolCall {
  const [card] = cards;
  if (card === undefined || cards.length !== 1) throw new Error(`${cards.length} cards instead of one`);
  return card;
}

async function press(place: Place, card: ToolCall): Promise<ToolCall> {
  const result = await pressToolCall(test.context.ledger, {
    id: card.id,
    stack: await openStack(test.context.ledger, callerOf(place.user, 'command')),
    signal,
  });
  if (result.kind !== 'done') throw new Error(`the press came to ${result.kind}`);
  return result.call;
}

async function cancel(place: Place, card: ToolCall): Promise<ToolCall> {
  const result = await cancelPress(test.context.ledger, { id: card.id, caller: callerOf(place.user, 'command') });
  if (result.kind !== 'done') throw new Error(`the press came to ${result.kind}`);
  return result.call;
}

/** Goes on after a press, in this process or another. */
async function goOn(place: Place, settled: ToolCall, context: TurnContext = test.context): Promise<SeenSink> {
  const seen = seenSink();
  const behind = goesOnAfter(settled);
  if (behind !== undefined) await continueAnswer(context, { ...place, messageId: behind.messageId }, seen);
  return seen;
}

/** What the model is told came of its calls, by call: an output or an error. */
const results = () =>
  (test.model.asked.at(-1)?.messages ?? []).filter((message) => message.role === 'tool').map(({ content }) => content);

describe('a conversation with a card', () => {
  it('goes on after the press with what came of it', async () => {
    const ada = await test.someone('radarr');
    test.model.script(call('One moment.', calling('request_movie', { tmdbId: dune })));
    const card = only((await test.say(ada, 'get dune')).cards);
    const before = requests();
    const settled = await press(ada, card);
    test.model.script(say('Dune is on its way.'));
    const seen = await goOn(ada, settled);
    expect(seen.finished).toEqual(['Dune is on its way.']);
    expect(requests()).toBe(before + 1);
    expect(results()).toEqual([expect.stringContaining('"result":"requested"')]);
    const rows = await test.messages(ada);
    expect(rows.map((row) => textOf(row.parts))).toEqual(['get dune', 'One moment.', 'Dune is on its way.']);
    expect(rows[1]?.parts.at(-1)).toMatchObject({ state: 'output-available' });
  });

  it('goes on where it was, however much was said since', async () => {
    const ada = await test.someone('radarr');
    test.model.script(call('One moment.', calling('request_movie', { tmdbId: 157336 })));
    const card = only((await test.say(ada, 'get interstellar')).cards);
    for (let number = 0; number < 40; number++) {
      const id = randomUUID();
      await saveAskedAndAnswered(test.context.ledger.db, {
        id,
        chatId: ada.chat.id,
        asked: [{ type: 'text', text: `/downloads ${number}` }],
        answered: [{ type: 'text', text: 'Shown: nothing is downloading.' }],
        sourceMessageId: randomUUID(),
        answerSource: `answer:${id}`,
      });
    }
    const settled = await press(ada, card);
    test.model.script(say('Interstellar is on its way.'));
    await goOn(ada, settled);
    expect(results()).toEqual([expect.stringContaining('"result"')]);
    expect(JSON.stringify(test.model.asked.at(-1)?.messages)).not.toContain('/downloads');
  });

  it('goes on after Cancel: the model is told that it was denied', async () => {
    const ada = await test.someone('radarr');
    test.model.script(call(calling('request_movie', { tmdbId: matrix })));
    const card = only((await test.say(ada, 'get the matrix')).cards);
    const settled = await cancel(ada, card);
    test.model.script(say('All right.'));
    expect((await goOn(ada, settled)).finished).toEqual(['All right.']);
    expect(results()).toEqual([expect.stringContaining('The person pressed Cancel.')]);
  });

  it('goes on after a press that failed: the model is told why', async () => {
    const ada = await test.someone('radarr');
    test.model.script(call(calling('request_movie', { tmdbId: 999_999_999 })));
    const card = only((await test.say(ada, 'get that')).cards);
    const settled = await press(ada, card);
    expect(settled.status).toBe('failed');
    test.model.script(say('Radarr does not know it.'));
    expect((await goOn(ada, settled)).finished).toEqual(['Radarr does not know it.']);
    expect(results()).toEqual([expect.stringContaining('knows no film')]);
  });

  it('takes a message meanwhile: the call is told to wait, and goes on in its place later', async () => {
    const ada = await test.someone('radarr');
    test.model.script(call(calling('request_movie', { tmdbId: dune })), say('Around 155 minutes.'));
    const card = only((await test.say(ada, 'get dune')).cards);
    expect((await test.say(ada, 'how long is it?')).finished).toEqual(['Around 155 minutes.']);
    expect(results()).toEqual([expect.stringContaining('Waiting for the person’s press')]);
    const settled = await press(ada, card);
    test.model.script(say('Done.'), say('You are welcome.'));
    await goOn(ada, settled);
    await test.say(ada, 'thanks');
    const said = (test.model.asked.at(-1)?.messages ?? [])
      .filter((message) => message.role === 'user' || message.role === 'assistant')
      .map((message) => message.content);
    expect(said).toEqual([
      'get dune',
      'Ready when you are:',
      'Done.',
      'how long is it?',
      'Around 155 minutes.',
      'thanks',
    ]);
  });

  it('goes on once for two calls, after the last of them', async () => {
    const ada = await test.someone('radarr');
    const calls = [calling('request_movie', { tmdbId: dune }), calling('request_movie', { tmdbId: matrix })];
    test.model.script(call('Two cards.', ...calls));
    const { cards } = await test.say(ada, 'get dune and the matrix');
    const [first, second] = cards;
    if (first === undefined || second === undefined) throw new Error('two cards were expected');
    expect((await goOn(ada, await cancel(ada, second))).finished).toEqual([]);
    test.model.script(say('One of them.'));
    const settled = await press(ada, first);
    expect((await goOn(ada, settled)).finished).toEqual(['One of them.']);
    expect(results()).toEqual([expect.not.stringContaining('Cancel'), expect.stringContaining('Cancel')]);
    expect((await goOn(ada, settled)).finished).toEqual([]);
  });

  it('goes on once when two processes try at once', async () => {
    const ada = await test.someone('radarr');
    test.model.script(call(calling('request_movie', { tmdbId: matrix })));
    const card = only((await test.say(ada, 'get the matrix')).cards);
    const settled = await cancel(ada, card);
    test.model.script(say('All right.'));
    const asked = test.model.asked.length;
    const seen = await Promise.all([goOn(ada, settled), goOn(ada, settled, test.otherProcess()), goOn(ada, settled)]);
    expect(seen.flatMap((one) => one.finished)).toEqual(['All right.']);
    expect(test.model.asked).toHaveLength(asked + 1);
  });

  it('tells the model of a call whose answer was lost that it was done', async () => {
    const ada = await test.someone('radarr');
    test.model.script(call(calling('request_movie', { tmdbId: 680 })));
    const card = only((await test.say(ada, 'get pulp fiction')).cards);
    test.servers.radarr.faults.next({ kind: 'reset-after-effect' }, { match: /^POST \/api\/v3\/movie$/ });
    const settled = await press(ada, card);
    expect(settled).toMatchObject({ origin: 'model', confirmedBy: 'asked_afterwards', output: null });
    test.model.script(say('It is requested.'));
    await goOn(ada, settled);
    expect(results()).toEqual([expect.stringContaining('The server was asked afterwards: it was done.')]);
  });

  it('can end in another card', async () => {
    const ada = await test.someone('radarr');
    test.model.script(call(calling('request_movie', { tmdbId: matrix })));
    const first = only((await test.say(ada, 'get the matrix')).cards);
    test.model.script(call('Then this one?', calling('request_movie', { tmdbId: dune })));
    const second = only((await goOn(ada, await cancel(ada, first))).cards);
    test.model.script(say('Nothing, then.'));
    expect((await goOn(ada, await cancel(ada, second))).finished).toEqual(['Nothing, then.']);
    expect(results()).toHaveLength(2);
  });

  it('does not go on by itself when a card expires; the next message tells the model', async () => {
    const { db } = test.context.ledger;
    const ada = await test.someone('radarr');
    const hasty = withLimits(test.context, { buttonMs: 1 });
    test.model.script(call(calling('request_movie', { tmdbId: dune })));
    only((await test.say(ada, 'get dune', { context: hasty })).cards);
    const expired = only(await expireToolCalls(db));
    await settleMessagePart(db, { call: expired });
    expect((await goOn(ada, expired)).finished).toEqual([]);
    test.model.script(say('It has expired.'));
    await test.say(ada, 'did you get it?');
    expect(results()).toEqual([expect.stringContaining('expired before it was pressed')]);
  });
});
