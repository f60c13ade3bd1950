import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { continueAnswer } from '../../src/chat/turn.ts';
import { type Message, message, toolCall } from '../../src/db/schema.ts';
import { callerOf } from '../../src/tools/caller.ts';
import { cancelPress } from '../../src/tools/ledger.ts';
import { type Conversations, seenSink, startConversations } from './conversation.ts';
import { type Asked, call, calling, say } from './scripted-model.ts';

const dune = 438631;

let test: Conversations;
beforeAll(async () => {
  test = await startConversations();
});
afterEach(() => expect(test.model.clear()).toBe(0));
afterAll(() => test.stop());

/** The calls that the model was sent back of this conversation, by name and arguments. */
function callsTold(asked: Asked | undefined): { name: string; arguments: unknown }[] {
  return (asked?.messages ?? []).flatMap((message) =>
    toldCalls
      .parse(message)
      .tool_calls.map((one) => ({ ...one.function, arguments: JSON.parse(one.function.arguments) })),
  );
}
const toldCalls = z.object({
  tool_calls: z.array(z.object({ function: z.object({ name: z.string(), arguments: z.string() }) })).default([]),
});

describe('a tool with a choice of actions', () => {
  it('that looks is told to the person, and stored, as the operation that the action is', async () => {
    const ada = await test.someone('radarr');
    test.model.script(call(calling('get_activity', { action: 'recently_added' })), say('Nothing.'));
    const seen = await test.say(ada, 'what is new?');
    expect(seen.activities).toEqual(['Thinking', 'Looking at what is new']);
    const answer = (await test.messages(ada)).at(-1);
    expect(answer?.parts.find(({ type }) => type.startsWith('tool-'))).toMatchObject({
      type: 'tool-get_recently_added',
      state: 'output-available',
      input: {},
    });
    const rows = await test.context.ledger.db.select().from(toolCall).where(eq(toolCall.chatId, ada.chat.id));
    expect(rows).toMatchObject([{ toolName: 'get_recently_added', effect: 'read', input: {}, status: 'succeeded' }]);
    test.model.script(say('Still nothing.'));
    await test.say(ada, 'and now?');
    expect(callsTold(test.model.asked.at(-1))).toEqual([
      { name: 'get_activity', arguments: { action: 'recently_added' } },
    ]);
  });

  it('that needs a press has the card, the row and the effect of its operation; afterwards the model gets its own call', async () => {
    const ada = await test.someone('radarr', 'sonarr');
    test.model.script(call('One moment.', calling('search_again', { action: 'series', tvdbId: 81189, seasons: [1] })));
    const [card] = (await test.say(ada, 'look for it again')).cards;
    const input = { tvdbId: 81189, seasons: [1] };
    expect(card).toMatchObject({ toolName: 'search_series_again', effect: 'write', input, status: 'queued' });
    const answer = (await test.messages(ada)).at(-1);
    expect(answer?.parts.at(-1)).toMatchObject({ type: 'tool-search_series_again', state: 'input-available', input });
    const canceled = await cancelPress(test.context.ledger, {
      id: card?.id ?? '',
      caller: callerOf(ada.user, 'command'),
    });
    if (canceled.kind !== 'done') throw new Error(`the press came to ${canceled.kind}`);
    test.model.script(say('All right.'));
    await continueAnswer(test.context, { messageId: answer?.id ?? '', ...ada }, seenSink());
    expect(callsTold(test.model.asked.at(-1))).toEqual([
      { name: 'search_again', arguments: { action: 'series', ...input } },
    ]);
    expect(test.model.asked.at(-1)?.body).toContain('pressed Cancel');
  });

  it('gets what was stored before the model had it, by the operation’s name, as calls of its own', async () => {
    const ada = await test.someone('radarr');
    const parts: Message['parts'] = [
      {
        type: 'tool-search_movie_again',
        toolCallId: 'old-1',
        state: 'output-available',
        input: { tmdbId: dune },
        output: { result: 'search_started' },
      },
      { type: 'tool-pause_torrents', toolCallId: 'old-2', state: 'input-available', input: { torrents: 'all' } },
      {
        type: 'tool-resume_torrents',
        toolCallId: 'old-3',
        state: 'output-available',
        input: { all: true },
        output: 'ok',
      },
    ];
    test.model.script(say('Hello.'));
    await test.say(ada, 'hello');
    const [, first] = await test.messages(ada);
    await test.context.ledger.db
      .update(message)
      .set({ parts })
      .where(eq(message.id, first?.id ?? ''));
    test.model.script(say('I remember.'));
    expect((await test.say(ada, 'do you remember?')).finished).toEqual(['I remember.']);
    expect(callsTold(test.model.asked.at(-1))).toEqual([
      { name: 'search_again', arguments: { action: 'movie', tmdbId: dune } },
      { name: 'change_torrents', arguments: { action: 'pause', torrents: 'all' } },
    ]);
    expect(test.model.asked.at(-1)?.body).toContain('An earlier call of change_torrents gave: ');
  });
});

describe('a call that the tool does not take', () => {
  it.each([
    [
      'search_movies',
      { query: 'dune', year: 2021 },
      'takes only these arguments: query. Leave out `year`',
      { query: 'dune' },
    ],
    [
      'search_again',
      { action: 'movie', tmdbId: dune, seasons: [1] },
      'with the action movie takes only these arguments: action, tmdbId. Leave out `seasons`',
      { action: 'movie', tmdbId: dune },
    ],
    [
      'get_activity',
      { action: 'recently_added', page: 2 },
      'takes only these arguments: action. Leave out `page`',
      { action: 'recently_added' },
    ],
    ['get_activity', { action: 'sessions' }, '`action` must be one of: recently_added.', { action: 'recently_added' }],
    ['get_activity', {}, '`action` must be one of: recently_added.', { action: 'recently_added' }],
    ['get_recently_added', {}, 'unavailable tool', null],
  ])('%s %j is refused in words, and what the model gives then is taken', async (name, wrong, words, right) => {
    const ada = await test.someone('radarr');
    const again = right === null ? say('Sorry.') : call(calling(name, right));
    const isCard = name === 'search_again';
    test.model.script(call(calling(name, wrong)), again, ...(right === null || isCard ? [] : [say('Done.')]));
    const seen = await test.say(ada, 'hello');
    const told = test.model.asked.at(isCard || right === null ? -1 : -2)?.messages.at(-1);
    expect(told).toMatchObject({ role: 'tool', content: expect.stringContaining(words) });
    expect(seen.cards).toHaveLength(isCard ? 1 : 0);
    const rows = await test.context.ledger.db.select().from(toolCall).where(eq(toolCall.chatId, ada.chat.id));
    expect(rows.map(({ status }) => status)).toEqual(right === null ? [] : [isCard ? 'queued' : 'succeeded']);
  });
});
