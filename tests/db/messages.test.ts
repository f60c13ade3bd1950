import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '../../src/db/connection.ts';
import { settleMessagePart } from '../../src/db/queries/message-parts.ts';
import { getMessage, getRecentMessages, saveMessage, saveParts, saveReplies } from '../../src/db/queries/messages.ts';
import { claimToolCall, finishToolCall } from '../../src/db/queries/tool-calls.ts';
import { getVotesByChatId, saveVote } from '../../src/db/queries/votes.ts';
import { type Chat, type Message, message, type User } from '../../src/db/schema.ts';
import { engines, openTestDatabase } from '../database.ts';
import { someChat, someDiscordId, someMessage, someToolCall, someUser } from './rows.ts';

describe.each(engines)('messages on %s', (engine) => {
  let database: OpenDatabase;
  let user: User;
  let chat: Chat;
  beforeAll(async () => {
    database = await openTestDatabase(engine);
    user = await someUser(database.db);
    chat = await someChat(database.db, { user });
  });
  afterAll(() => database.close());

  it('saves an event once, however often and fast it is delivered', async () => {
    const sourceMessageId = someDiscordId();
    const save = (text: string) =>
      saveMessage(database.db, { chatId: chat.id, role: 'user', parts: [{ type: 'text', text }], sourceMessageId });
    const saved = await Promise.all(['one', 'two', 'three', 'four'].map(save));
    expect(saved.filter(({ isNew }) => isNew)).toHaveLength(1);
    const [first] = saved.filter(({ isNew }) => isNew);
    for (const { message: row } of saved) expect(row).toEqual(first?.message);
  });

  it('keeps parts as JSON, whole, with any text in them', async () => {
    const parts: Message['parts'] = [
      { type: 'text', text: 'a "quoted" \\ $1 😀 ; drop table' },
      { type: 'tool-request_movie', toolCallId: 'x', state: 'output-available', input: { n: 1 }, output: [null, '2'] },
    ];
    const { message: row } = await saveMessage(database.db, { chatId: chat.id, role: 'assistant', parts });
    expect((await getMessage(database.db, { id: row.id, chatId: chat.id }))?.parts).toEqual(parts);
    const kinds = await database.db
      .select({
        parts: sql<string>`jsonb_typeof(${message.parts})`,
        first: sql<string>`${message.parts} -> 0 ->> 'text'`,
      })
      .from(message)
      .where(sql`${message.id} = ${row.id}`);
    expect(kinds).toEqual([{ parts: 'array', first: 'a "quoted" \\ $1 😀 ; drop table' }]);
  });

  it('takes NUL and half a surrogate pair, which a model or server can send', async () => {
    const parts: Message['parts'] = [{ type: 'text', text: 'a\u0000b\ud83d' }];
    const { message: row } = await saveMessage(database.db, { chatId: chat.id, role: 'assistant', parts });
    expect(row.parts).toEqual([{ type: 'text', text: 'ab\ufffd' }]);
  });

  it('gives the newest, oldest first, also when they were saved in one transaction', async () => {
    const fresh = await someChat(database.db, { user });
    await database.db.transaction(async (transaction) => {
      for (let number = 0; number < 12; number++) await someMessage(transaction, { chat: fresh, text: String(number) });
    });
    const recent = await getRecentMessages(database.db, { chatId: fresh.id, limit: 5 });
    expect(recent.map(({ parts }) => parts)).toEqual(
      ['7', '8', '9', '10', '11'].map((text) => [{ type: 'text', text }]),
    );
  });

  it('changes only what is given, and only in its own chat', async () => {
    const row = await someMessage(database.db, { chat });
    const other = await someChat(database.db, { user });
    await saveReplies(database.db, { id: row.id, chatId: chat.id, replyMessageIds: ['1', '2'] });
    await saveReplies(database.db, { id: row.id, chatId: other.id, replyMessageIds: ['3'] });
    const kept = { replyMessageIds: ['1', '2'] };
    expect(await getMessage(database.db, { id: row.id, chatId: chat.id })).toMatchObject({ ...kept, parts: row.parts });
    const parts: Message['parts'] = [{ type: 'text', text: 'changed' }];
    const changed = await saveParts(database.db, { id: row.id, chatId: chat.id, parts });
    expect(changed).toMatchObject({ ...kept, parts });
    expect(await saveParts(database.db, { id: row.id, chatId: other.id, parts: [] })).toBeNull();
    expect(await getMessage(database.db, { id: row.id, chatId: other.id })).toBeNull();
    expect(await getMessage(database.db, { id: row.id, chatId: chat.id })).toEqual(changed);
  });

  it('writes how each call ended into its own part, also when two end at once', async () => {
    const messageId = randomUUID();
    const parts: Message['parts'] = ['one', 'two'].map((toolCallId) => ({
      type: 'tool-request_movie',
      toolCallId,
      state: 'input-available',
      input: {},
    }));
    await saveMessage(database.db, { id: messageId, chatId: chat.id, role: 'assistant', parts });
    await Promise.all(
      ['one', 'two'].map(async (toolCallId) => {
        const dedupeKey = `${messageId}:${toolCallId}`;
        const call = await someToolCall(database.db, { user, chatId: chat.id, messageId, dedupeKey });
        const claim = { id: call.id, userId: user.id, claimedBy: 'me', leaseMs: 10_000 };
        const held = (await claimToolCall(database.db, claim)) ?? call;
        await database.db.transaction(async (transaction) => {
          const ended = await finishToolCall(transaction, held, {
            status: 'succeeded',
            endedBy: 'press',
            confirmedBy: 'answer',
            output: { toolCallId },
          });
          if (ended !== null) await settleMessagePart(transaction, { call: ended });
        });
      }),
    );
    const row = await getMessage(database.db, { id: messageId, chatId: chat.id });
    expect(row?.parts).toMatchObject([
      { toolCallId: 'one', state: 'output-available', output: { toolCallId: 'one' } },
      { toolCallId: 'two', state: 'output-available', output: { toolCallId: 'two' } },
    ]);
  });

  it('takes a vote for a message in one’s own chat, and the last one counts', async () => {
    const { id: messageId } = await someMessage(database.db, { chat });
    const vote = { chatId: chat.id, messageId, userId: user.id };
    await saveVote(database.db, { ...vote, isUpvoted: true });
    expect(await saveVote(database.db, { ...vote, isUpvoted: false })).toMatchObject({ isUpvoted: false });
    const stranger = await someUser(database.db);
    expect(await saveVote(database.db, { ...vote, userId: stranger.id, isUpvoted: true })).toBeNull();
    const other = await someChat(database.db, { user });
    expect(await saveVote(database.db, { ...vote, chatId: other.id, isUpvoted: true })).toBeNull();
    expect(await getVotesByChatId(database.db, { chatId: chat.id, userId: user.id })).toHaveLength(1);
    expect(await getVotesByChatId(database.db, { chatId: chat.id, userId: stranger.id })).toEqual([]);
  });
});
