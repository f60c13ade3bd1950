import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '../../src/db/connection.ts';
import { claimTurn, getExpiredTurns, releaseTurn, renewTurn } from '../../src/db/queries/streams.ts';
import { type Chat, stream, type User } from '../../src/db/schema.ts';
import { engines, openTestDatabase } from '../database.ts';
import { someChat, someMessage, someUser } from './rows.ts';

describe.each(engines)('turns on %s', (engine) => {
  let database: OpenDatabase;
  let user: User;
  beforeAll(async () => {
    database = await openTestDatabase(engine);
    user = await someUser(database.db);
  });
  afterAll(() => database.close());

  const claim = (chat: Chat, owner: string, leaseMs = 60_000) =>
    claimTurn(database.db, { chatId: chat.id, owner, leaseMs, messageId: null });
  const expire = (chat: Chat) =>
    database.db.update(stream).set({ leaseUntil: sql`now() - interval '1 second'` }).where(eq(stream.chatId, chat.id));
  const newChat = () => someChat(database.db, { user });

  it('belong to one of many that ask at once', async () => {
    for (let round = 0; round < 5; round++) {
      const chat = await newChat();
      const asked = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((owner) => claim(chat, owner)));
      expect(asked.filter((isMine) => isMine)).toHaveLength(1);
    }
  });

  it('are given back, and then another’s', async () => {
    const chat = await newChat();
    expect(await claim(chat, 'a')).toBe(true);
    expect(await claim(chat, 'a')).toBe(false);
    await releaseTurn(database.db, { chatId: chat.id, owner: 'b' });
    expect(await claim(chat, 'b')).toBe(false);
    await releaseTurn(database.db, { chatId: chat.id, owner: 'a' });
    expect(await claim(chat, 'b')).toBe(true);
  });

  it('of different chats do not wait for each other', async () => {
    const chats = [await newChat(), await newChat()];
    expect(await Promise.all(chats.map((chat) => claim(chat, 'a')))).toEqual([true, true]);
  });

  it('are taken over once their lease is past, by one taker, and lost to the first', async () => {
    const chat = await newChat();
    await claim(chat, 'dead');
    const state = { text: 'so far\u0000' };
    expect(await renewTurn(database.db, { chatId: chat.id, owner: 'dead', leaseMs: 60_000, state })).toBe(true);
    expect(await getExpiredTurns(database.db)).toEqual([]);
    await expire(chat);
    expect(await getExpiredTurns(database.db)).toMatchObject([
      { chatId: chat.id, owner: 'dead', state: { text: 'so far' } },
    ]);
    const asked = await Promise.all(['a', 'b', 'c', 'd'].map((owner) => claim(chat, owner)));
    expect(asked.filter((isMine) => isMine)).toHaveLength(1);
    expect(await getExpiredTurns(database.db)).toEqual([]);
    expect(await renewTurn(database.db, { chatId: chat.id, owner: 'dead', leaseMs: 60_000 })).toBe(false);
    await releaseTurn(database.db, { chatId: chat.id, owner: 'dead' });
    expect(await claim(chat, 'late')).toBe(false);
  });

  it('last as long as they are renewed, and keep what there was', async () => {
    const chat = await newChat();
    const { id: messageId } = await someMessage(database.db, { chat });
    await claimTurn(database.db, { chatId: chat.id, owner: 'a', leaseMs: 1, messageId });
    expect(await renewTurn(database.db, { chatId: chat.id, owner: 'a', leaseMs: 60_000, state: { n: 1 } })).toBe(true);
    expect(await renewTurn(database.db, { chatId: chat.id, owner: 'a', leaseMs: 60_000 })).toBe(true);
    expect(await claim(chat, 'b')).toBe(false);
    const rows = await database.db.select().from(stream).where(eq(stream.chatId, chat.id));
    expect(rows).toMatchObject([{ owner: 'a', state: { n: 1 }, messageId }]);
  });
});
