import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '../../src/db/connection.ts';
import {
  cancelToolCall,
  claimAbandonedToolCalls,
  claimToolCall,
  createToolCall,
  deleteOldToolCalls,
  expireToolCalls,
  finishToolCall,
  getToolCall,
  getToolCallsByMessageId,
  type HeldToolCall,
  renewToolCall,
  updateQueuedInput,
} from '../../src/db/queries/tool-calls.ts';
import { toolCall, type User } from '../../src/db/schema.ts';
import { engines, openTestDatabase } from '../database.ts';
import { someChat, someMessage, someToolCall, someUser } from './rows.ts';

describe.each(engines)('tool calls on %s', (engine) => {
  let database: OpenDatabase;
  let user: User;
  let stranger: User;
  beforeAll(async () => {
    database = await openTestDatabase(engine);
    user = await someUser(database.db);
    stranger = await someUser(database.db);
  });
  afterAll(() => database.close());

  const claim = (id: string, claimedBy: string, userId = user.id) =>
    claimToolCall(database.db, { id, userId, claimedBy, leaseMs: 60_000 });

  /** Moves a call's times into the past, as waiting would. */
  const age = (id: string, column: 'leaseUntil' | 'expiresAt' | 'finishedAt', days = 1) =>
    database.db
      .update(toolCall)
      .set({ [column]: sql`now() - make_interval(days => ${days})` })
      .where(eq(toolCall.id, id));

  async function held(id: string): Promise<HeldToolCall> {
    const call = await getToolCall(database.db, { id });
    if (call === null) throw new Error('there is no such call');
    return call;
  }
  async function running(claimedBy = 'me'): Promise<string> {
    const { id } = await someToolCall(database.db, { user });
    await claim(id, claimedBy);
    return id;
  }

  it('makes one row of a key, however often and fast it comes', async () => {
    const dedupeKey = randomUUID();
    const made = await Promise.all(
      [1, 2, 3, 4].map((tmdbId) =>
        createToolCall(database.db, {
          userId: user.id,
          ownerId: user.id,
          toolName: 'request_movie',
          input: { tmdbId },
          effect: 'write',
          origin: 'command',
          status: 'queued',
          dedupeKey,
          expiresInMs: 60_000,
        }),
      ),
    );
    expect(made.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(made.map(({ call }) => call.id)).size).toBe(1);
    const [first] = made.map(({ call }) => call);
    expect(first).toMatchObject({ status: 'queued', startedAt: null, leaseUntil: null, output: null, error: null });
    expect(first?.expiresAt?.getTime()).toBeGreaterThan(first?.queuedAt.getTime() ?? Number.NaN);
    const [one, two] = [
      await someToolCall(database.db, { user, dedupeKey: null }),
      await someToolCall(database.db, { user, dedupeKey: null }),
    ];
    expect(one.id).not.toBe(two.id);
  });

  it('lets one of many presses have it', async () => {
    const { id } = await someToolCall(database.db, { user });
    const presses = await Promise.all(Array.from({ length: 8 }, (_, number) => claim(id, `press ${number}`)));
    const [winner, ...others] = presses.filter((call) => call !== null);
    expect(others).toEqual([]);
    expect(winner).toMatchObject({ id, status: 'running', startedAt: expect.any(Date), leaseUntil: expect.any(Date) });
    expect(await getToolCall(database.db, { id })).toEqual(winner);
  });

  it('lets either the press or Cancel have it', async () => {
    for (let round = 0; round < 10; round++) {
      const { id } = await someToolCall(database.db, { user });
      const [pressed, canceled] = await Promise.all([
        claim(id, 'press'),
        cancelToolCall(database.db, { id, userId: user.id }),
      ]);
      expect([pressed, canceled].filter((call) => call !== null)).toHaveLength(1);
    }
  });

  it('does nothing for another user', async () => {
    const { id } = await someToolCall(database.db, { user });
    expect(await claim(id, 'me', stranger.id)).toBeNull();
    expect(await cancelToolCall(database.db, { id, userId: stranger.id })).toBeNull();
    expect(await updateQueuedInput(database.db, { id, userId: stranger.id, input: {} })).toBeNull();
    expect(await getToolCall(database.db, { id })).toMatchObject({ status: 'queued', input: { tmdbId: 438631 } });
  });

  it('changes its input only while it waits', async () => {
    const { id } = await someToolCall(database.db, { user });
    const change = (input: unknown) => updateQueuedInput(database.db, { id, userId: user.id, input });
    expect(await change({ seasons: [1, 2] })).toMatchObject({ input: { seasons: [1, 2] } });
    await claim(id, 'me');
    expect(await change({ seasons: [3] })).toBeNull();
    expect(await getToolCall(database.db, { id })).toMatchObject({ input: { seasons: [1, 2] } });
  });

  it('is ended by its claimer alone, and once', async () => {
    const id = await running();
    const mine = await held(id);
    const another = { id, ownerNumber: mine.ownerNumber - 1 };
    const finish = (claim: HeldToolCall) =>
      finishToolCall(database.db, claim, {
        status: 'succeeded',
        endedBy: 'press',
        confirmedBy: 'answer',
        output: { result: 'added' },
      });
    expect(await finish(another)).toBeNull();
    expect(await renewToolCall(database.db, another, { leaseMs: 1000 })).toBe(false);
    expect(await renewToolCall(database.db, mine, { leaseMs: 1000 })).toBe(true);
    expect(await finish(mine)).toMatchObject({
      status: 'succeeded',
      endedBy: 'press',
      confirmedBy: 'answer',
      output: { result: 'added' },
      leaseUntil: null,
    });
    expect(await finish(mine)).toBeNull();
    expect(await renewToolCall(database.db, mine, { leaseMs: 1000 })).toBe(false);
    expect(await claim(id, 'me')).toBeNull();
    expect(await cancelToolCall(database.db, { id, userId: user.id })).toBeNull();
  });

  it.each([
    ['failed', 'Radarr says no.'],
    ['timeout', 'It may have been sent.'],
  ] as const)('ends as %s with words', async (status, error) => {
    const id = await running();
    expect(
      await finishToolCall(database.db, await held(id), { status, endedBy: 'press', error: `${error}\u0000` }),
    ).toMatchObject({
      status,
      error,
      output: null,
    });
  });

  it('keeps an output of up to 8 KB, and of a larger one its beginning', async () => {
    const end = async (output: unknown) =>
      (
        await finishToolCall(database.db, await held(await running()), {
          status: 'succeeded',
          endedBy: 'press',
          confirmedBy: 'answer',
          output,
        })
      )?.output;
    const small = { text: 'é'.repeat(4000) };
    expect(await end(small)).toEqual(small);
    expect(await end('just text')).toBe('just text');
    expect(await end('123')).toBe('123');
    expect(await end(undefined)).toBeNull();
    for (const large of [{ text: 'é'.repeat(5000) }, { text: '😀'.repeat(5000) }, { text: `x${'😀'.repeat(5000)}` }]) {
      const kept = await end(large);
      expect(kept).toMatchObject({ truncated: true, beginning: expect.stringMatching(/^\{"text":"/) });
      expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThan(8 * 1024);
    }
  });

  it('expires when it waited too long, and can no longer be pressed', async () => {
    const late = await someToolCall(database.db, { user, expiresInMs: 60_000 });
    const early = await someToolCall(database.db, { user, expiresInMs: 60_000 });
    const never = await someToolCall(database.db, { user });
    await age(late.id, 'expiresAt');
    expect(await claim(late.id, 'me')).toBeNull();
    const rounds = await Promise.all([expireToolCalls(database.db), expireToolCalls(database.db)]);
    expect(rounds.flat().map(({ id }) => id)).toEqual([late.id]);
    expect(rounds.flat()[0]).toMatchObject({
      status: 'canceled',
      endedBy: 'expiry',
      error: null,
      finishedAt: expect.any(Date),
    });
    for (const { id } of [early, never]) expect(await claim(id, 'me')).not.toBeNull();
  });

  it('is taken over when its process died, each by one taker, never more than asked', async () => {
    const dead: string[] = [];
    for (let number = 0; number < 6; number++) dead.push(await running('dead'));
    const alive = await running('alive');
    const before = await Promise.all(dead.map(held));
    for (const id of dead) await age(id, 'leaseUntil');
    const take = (claimedBy: string) => claimAbandonedToolCalls(database.db, { claimedBy, leaseMs: 60_000, limit: 2 });
    const rounds = await Promise.all(['a', 'b', 'c', 'd'].map(take));
    for (const calls of rounds) expect(calls.length).toBeLessThanOrEqual(2);
    const rest = await take('e');
    const taken = [...rounds.flat(), ...rest, ...(await take('f')), ...(await take('g'))].map(({ id }) => id);
    expect(taken.toSorted()).toEqual(dead.toSorted());
    expect(taken).not.toContain(alive);
    // The dead one's number is past: should it be only asleep, it stores nothing.
    for (const claim of before) {
      expect((await held(claim.id)).ownerNumber).toBeGreaterThan(claim.ownerNumber);
      expect(
        await finishToolCall(database.db, claim, {
          status: 'succeeded',
          endedBy: 'press',
          confirmedBy: 'answer',
          output: null,
        }),
      ).toBeNull();
    }
  });

  it('is found by the message that made it, in order', async () => {
    const chat = await someChat(database.db, { user });
    const { id: messageId } = await someMessage(database.db, { chat });
    const made: string[] = [];
    for (const toolName of ['c', 'a', 'b'])
      made.push((await someToolCall(database.db, { user, messageId, toolName })).id);
    expect((await getToolCallsByMessageId(database.db, { messageId })).map(({ id }) => id)).toEqual(made);
    expect(await getToolCallsByMessageId(database.db, { messageId: randomUUID() })).toEqual([]);
  });

  it('is forgotten when it ended long ago', async () => {
    const [old, recent, waiting] = [await running(), await running(), await someToolCall(database.db, { user })];
    for (const id of [old, recent])
      await finishToolCall(database.db, await held(id), {
        status: 'succeeded',
        endedBy: 'press',
        confirmedBy: 'answer',
        output: null,
      });
    await age(old, 'finishedAt', 91);
    await age(recent, 'finishedAt', 89);
    expect(await deleteOldToolCalls(database.db, { days: 90 })).toBe(1);
    expect(await getToolCall(database.db, { id: old })).toBeNull();
    for (const id of [recent, waiting.id]) expect(await getToolCall(database.db, { id })).not.toBeNull();
  });

  it('outlives the message and chat that made it', async () => {
    const chat = await someChat(database.db, { user });
    const { id: messageId } = await someMessage(database.db, { chat });
    const { id } = await someToolCall(database.db, { user, chatId: chat.id, messageId });
    await database.db.execute(sql`delete from "Chat" where id = ${chat.id}`);
    expect(await getToolCall(database.db, { id })).toMatchObject({ chatId: null, messageId: null, status: 'queued' });
  });
});
