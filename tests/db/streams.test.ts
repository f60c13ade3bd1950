import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '../../src/db/connection.ts';
import { getMessage, saveAnswer, saveAnswerReplies } from '../../src/db/queries/messages.ts';
import {
  claimFreeTurn,
  getExpiredTurns,
  type HeldTurn,
  lockTurn,
  releaseTurn,
  renewTurn,
  takeOverTurn,
} from '../../src/db/queries/streams.ts';
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

  const claim = async (chat: Chat, owner: string, leaseMs = 60_000) =>
    claimFreeTurn(database.db, {
      chatId: chat.id,
      owner,
      leaseMs,
      messageId: (await someMessage(database.db, { chat })).id,
    });
  const claimed = async (chat: Chat, owner: string): Promise<HeldTurn> => {
    const turn = await claim(chat, owner);
    if (turn === null) throw new Error('the turn is not free');
    return turn;
  };
  const expire = (chat: Chat) =>
    database.db.update(stream).set({ leaseUntil: sql`now() - interval '1 second'` }).where(eq(stream.chatId, chat.id));
  const newChat = () => someChat(database.db, { user });
  const [leaseMs, parts] = [60_000, [{ type: 'text' as const, text: 'so far' }]];

  it('belong to one of many that ask at once', async () => {
    for (let round = 0; round < 5; round++) {
      const chat = await newChat();
      const asked = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((owner) => claim(chat, owner)));
      expect(asked.filter((turn) => turn !== null)).toHaveLength(1);
    }
  });

  it('are given back, and then another’s, by a number that grows', async () => {
    const chat = await newChat();
    const first = await claimed(chat, 'a');
    expect(await claim(chat, 'a')).toBeNull();
    await releaseTurn(database.db, { ...first, ownerNumber: first.ownerNumber - 1 });
    expect(await claim(chat, 'b')).toBeNull();
    await releaseTurn(database.db, first);
    const second = await claimed(chat, 'b');
    expect(second.ownerNumber).toBeGreaterThan(first.ownerNumber);
    // What comes late from the first changes nothing.
    await releaseTurn(database.db, first);
    expect(await claim(chat, 'c')).toBeNull();
  });

  it('of different chats do not wait for each other', async () => {
    const chats = [await newChat(), await newChat()];
    expect((await Promise.all(chats.map((chat) => claim(chat, 'a')))).filter((turn) => turn !== null)).toHaveLength(2);
  });

  it('are taken over once their lease is past, by one taker, and lost to the first', async () => {
    const chat = await newChat();
    const dead = await claimed(chat, 'dead');
    const state = { text: 'so far\u0000' };
    expect(await renewTurn(database.db, dead, { leaseMs, state })).toBe(true);
    expect(await takeOverTurn(database.db, dead, { owner: 'a', leaseMs })).toBeNull();
    expect(await getExpiredTurns(database.db)).toEqual([]);
    await expire(chat);
    expect(await getExpiredTurns(database.db)).toMatchObject([
      { chatId: chat.id, owner: 'dead', state: { text: 'so far' } },
    ]);
    expect(await getExpiredTurns(database.db, { chatId: (await newChat()).id })).toEqual([]);
    const asked = await Promise.all(
      ['a', 'b', 'c', 'd'].map((owner) => takeOverTurn(database.db, dead, { owner, leaseMs })),
    );
    const taken = asked.filter((turn) => turn !== null);
    expect(taken).toHaveLength(1);
    expect(taken[0]?.ownerNumber).toBeGreaterThan(dead.ownerNumber);
    expect(await getExpiredTurns(database.db)).toEqual([]);
    expect(await renewTurn(database.db, dead, { leaseMs })).toBe(false);
    await releaseTurn(database.db, dead);
    expect(await claim(chat, 'late')).toBeNull();
  });

  it('last as long as they are renewed, and keep what there was', async () => {
    const chat = await newChat();
    const turn = await claim(chat, 'a', 1);
    if (turn === null) throw new Error('the turn is not free');
    expect(await renewTurn(database.db, turn, { leaseMs, state: { n: 1 } })).toBe(true);
    expect(await renewTurn(database.db, turn, { leaseMs })).toBe(true);
    expect(await claim(chat, 'b')).toBeNull();
    const rows = await database.db.select().from(stream).where(eq(stream.chatId, chat.id));
    expect(rows).toMatchObject([{ owner: 'a', state: { n: 1 } }]);
  });

  it('store an answer and what shows it only for who holds them', async () => {
    const chat = await newChat();
    const dead = await claimed(chat, 'dead');
    const [late, whole] = [randomUUID(), randomUUID()];
    await expire(chat);
    const holder = await takeOverTurn(database.db, dead, { owner: 'a', leaseMs });
    if (holder === null) throw new Error('it was not taken over');
    const answer = { parts, sourceMessageId: `answer:${chat.id}` };
    expect(await database.db.transaction((transaction) => lockTurn(transaction, dead))).toBe(false);
    expect(await saveAnswer(database.db, dead, { ...answer, id: late })).toBe(false);
    expect(await saveAnswer(database.db, holder, { ...answer, id: whole })).toBe(true);
    expect(await saveAnswer(database.db, holder, { ...answer, id: randomUUID() })).toBe(false);
    await saveAnswerReplies(database.db, holder, { id: whole, replyMessageIds: ['1'] });
    await saveAnswerReplies(database.db, dead, { id: whole, replyMessageIds: ['2'] });
    expect(await getMessage(database.db, { id: late, chatId: chat.id })).toBeNull();
    expect(await getMessage(database.db, { id: whole, chatId: chat.id })).toMatchObject({
      role: 'assistant',
      parts,
      replyMessageIds: ['1'],
    });
  });

  it('are not taken over in the middle of what their holder writes', async () => {
    const chat = await newChat();
    const turn = await claimed(chat, 'a');
    await expire(chat);
    const order: string[] = [];
    const writing = database.db.transaction(async (transaction) => {
      expect(await lockTurn(transaction, turn)).toBe(true);
      order.push('locked');
      await new Promise((resolve) => setTimeout(resolve, 100));
      order.push('written');
    });
    await expect.poll(() => order).toContain('locked');
    const taken = takeOverTurn(database.db, turn, { owner: 'b', leaseMs }).then((held) => {
      order.push('taken');
      return held;
    });
    await writing;
    expect(await taken).not.toBeNull();
    expect(order).toEqual(['locked', 'written', 'taken']);
  });
});
