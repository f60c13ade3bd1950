import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { settleAbandonedCalls } from '../../src/bot/recovery/settle-abandoned-calls.ts';
import { claimToolCall, getToolCall } from '../../src/db/queries/tool-calls.ts';
import { upsertUser } from '../../src/db/queries/users.ts';
import { sayInEnglish } from '../../src/messages.ts';
import { notYours } from '../../src/tools/authorise.ts';
import { callerOf } from '../../src/tools/caller.ts';
import { describeError } from '../../src/tools/describe-error.ts';
import { callReadTool, cancelPress, pressToolCall, queueToolCall } from '../../src/tools/ledger.ts';
import { tools } from '../../src/tools/registry.ts';
import { openStack } from '../../src/tools/stack.ts';
import { engines } from '../database.ts';
import { startTwoLedgers, type TwoLedgers } from './two-ledgers.ts';

describe.each(engines)('the ledger on %s', (engine) => {
  let servers: TwoLedgers['servers'];
  let context: TwoLedgers['context'];
  let other: TwoLedgers['other'];
  let ada: TwoLedgers['ada'];
  let caller: TwoLedgers['caller'];
  let close: TwoLedgers['close'];
  const signal = AbortSignal.timeout(60_000);

  beforeAll(async () => {
    ({ servers, context, other, ada, caller, close } = await startTwoLedgers(engine, {
      services: ['radarr', 'sonarr'],
      serviceMs: 300,
      leaseMs: 300,
    }));
  });
  afterAll(() => close());
  beforeEach(() => {
    servers.radarr.faults.clear();
    servers.radarr.journal.length = 0;
  });

  const queue = async (tmdbId: number, more: { expired?: boolean } = {}) =>
    queueToolCall(more.expired ? { ...context, limits: { ...context.limits, buttonMs: 1 } } : context, {
      toolName: 'request_movie',
      input: { tmdbId },
      stack: await openStack(context, caller),
      chatId: null,
      messageId: null,
      dedupeKey: randomUUID(),
    });
  const posts = () =>
    servers.radarr.journal.filter(({ method, path }) => method === 'POST' && path === '/api/v3/movie');

  it('lets one of many presses in two processes through', async () => {
    const call = await queue(438631);
    const stack = await openStack(context, caller);
    const presses = [context, other, context, other].map((one) => pressToolCall(one, { id: call.id, stack, signal }));
    const kinds = (await Promise.all(presses)).map((result) => result.kind).sort();
    expect(kinds).toEqual(['already', 'already', 'already', 'done']);
    expect(posts()).toHaveLength(1);
    expect(await getToolCall(context.db, { id: call.id })).toMatchObject({
      status: 'succeeded',
      error: null,
      endedBy: 'press',
      confirmedBy: 'answer',
    });
  });

  it('tells of a title that is wanted again and not searched for', async () => {
    const { radarr, sonarr } = servers;
    const film = radarr.state.library.find(({ monitored, hasFile }) => !monitored && !hasFile);
    const [series] = sonarr.state.library;
    for (const [server, toolName, input] of [
      [radarr, 'request_movie', { tmdbId: film?.tmdbId }],
      [sonarr, 'request_series', { tvdbId: series?.tvdbId, seasons: [1] }],
    ] as const) {
      server.faults.next({ kind: 'status', status: 503 }, { match: /POST .*command/ });
      const dedupeKey = randomUUID();
      const own = {
        stack: await openStack(context, caller),
        chatId: null,
        messageId: null,
        dedupeKey,
      };
      const { id } = await queueToolCall(context, { toolName, input, ...own });
      const pressed = await pressToolCall(context, { id, stack: await openStack(context, caller), signal });
      expect(pressed).toMatchObject({ kind: 'done', call: { status: 'failed' } });
      expect((await getToolCall(context.db, { id }))?.error).toMatch(
        /^\w+ wants it now, but may not have begun to search/,
      );
    }
    expect(film?.monitored).toBe(true);
  });

  it('counts nobody else’s press', async () => {
    const bob = callerOf(await upsertUser(context.db, { discordId: '1002', username: 'bob' }), 'command');
    const refused = { kind: 'refused', words: notYours };
    const call = await queue(603);
    expect(await pressToolCall(context, { id: call.id, stack: await openStack(context, bob), signal })).toEqual(
      refused,
    );
    expect(await cancelPress(context, { id: call.id, caller: bob })).toEqual(refused);
    expect(await getToolCall(context.db, { id: call.id })).toMatchObject({ status: 'queued' });
  });

  it('runs nothing after Cancel, or once the button has expired', async () => {
    const call = await queue(13);
    expect(await cancelPress(context, { id: call.id, caller })).toMatchObject({
      kind: 'done',
      call: { status: 'canceled', endedBy: 'cancel' },
    });
    expect(
      await pressToolCall(context, { id: call.id, stack: await openStack(context, caller), signal }),
    ).toMatchObject({ kind: 'already' });
    const late = await queue(13, { expired: true });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await pressToolCall(context, { id: late.id, stack: await openStack(context, caller), signal })).toEqual({
      kind: 'gone',
    });
    expect(posts()).toHaveLength(0);
  });

  it.each([
    [680, { kind: 'reset-after-effect' }, 'asked_afterwards'],
    [238, { kind: 'hang-after-effect' }, 'asked_afterwards'],
    [419430, { kind: 'status-after-effect', status: 504 }, 'asked_afterwards'],
    [329865, { kind: 'nulls' }, 'answer'],
  ] as const)('asks the server what happened to film %i after a fault', async (tmdbId, fault, confirmedBy) => {
    servers.radarr.faults.next(fault, { match: /^POST \/api\/v3\/movie$/ });
    const call = await queue(tmdbId);
    const result = await pressToolCall(context, { id: call.id, stack: await openStack(context, caller), signal });
    expect(result).toMatchObject({
      kind: 'done',
      call: { status: 'succeeded', endedBy: 'press', confirmedBy },
    });
    expect(posts()).toHaveLength(1);
  });

  it('says that it may have been sent when the server cannot say either', async () => {
    servers.radarr.faults.next({ kind: 'hang-after-effect' }, { match: /^POST \/api\/v3\/movie$/ });
    const call = await queue(496243);
    const pressed = pressToolCall(context, { id: call.id, stack: await openStack(context, caller), signal });
    await expect.poll(() => posts().length).toBe(1);
    servers.radarr.faults.next({ kind: 'status', status: 500 }, { times: 20 });
    const result = await pressed;
    expect(result).toMatchObject({ kind: 'done', call: { status: 'timeout', endedBy: 'press', confirmedBy: null } });
    expect(result.kind === 'done' ? result.call.error : '').toContain('It may have been sent');
  });

  it('says what failed when it surely did not happen', async () => {
    servers.radarr.faults.next({ kind: 'status', status: 503 }, { times: 20 });
    const call = await queue(129);
    const result = await pressToolCall(context, { id: call.id, stack: await openStack(context, caller), signal });
    expect(result).toMatchObject({ kind: 'done', call: { status: 'failed' } });
    expect(result.kind === 'done' ? result.call.error : '').toMatch(/Radarr had an internal error/);
  });

  it('tells nobody where a redirect points: a card is seen by others, and an outcome by the model', async () => {
    servers.radarr.faults.next({ kind: 'redirect', to: 'http://192.0.2.7/login' }, { times: 20 });
    const call = await queue(130);
    const result = await pressToolCall(context, { id: call.id, stack: await openStack(context, caller), signal });
    expect(result).toMatchObject({ call: { status: 'failed', error: expect.stringContaining('redirects') } });
    expect(JSON.stringify(result)).not.toContain('192.0.2.7');
  });

  describe('a database that fails once the server has acted', () => {
    /** Storing how a call ended fails, the first `times` times: what a sequence counts is not taken back. */
    const failToStore = async (times: number) => {
      await context.db.execute(sql`create sequence stores`);
      await context.db.execute(sql`
        create function refuse() returns trigger language plpgsql as $$
        begin
          if nextval('stores') <= ${sql.raw(String(times))} then raise exception 'the disk is full'; end if;
          return new;
        end $$`);
      await context.db.execute(sql`
        create trigger refuse before update on "ToolCall" for each row
        when (new.status = 'succeeded') execute function refuse()`);
    };
    afterEach(async () => {
      await context.db.execute(sql`drop function refuse() cascade`);
      await context.db.execute(sql`drop sequence stores`);
    });

    it('is asked once more to take down how it ended', async () => {
      await failToStore(1);
      const call = await queue(693134);
      expect(
        await pressToolCall(context, { id: call.id, stack: await openStack(context, caller), signal }),
      ).toMatchObject({
        kind: 'done',
        call: { status: 'succeeded' },
      });
      expect(posts()).toHaveLength(1);
    });

    it('is not told as if nothing had been done', async () => {
      await failToStore(1000);
      const call = await queue(157336);
      const pressed = pressToolCall(context, { id: call.id, stack: await openStack(context, caller), signal });
      await expect(
        pressed.catch((error: unknown) => Promise.reject(new Error(describeError(error, sayInEnglish)))),
      ).rejects.toThrow('That was done');
      expect(posts()).toHaveLength(1);
    });
  });

  describe('a process that died between claim and end', () => {
    const claimAndDie = async (tmdbId: number) => {
      const call = await queue(tmdbId);
      const claimed = await claimToolCall(context.db, { id: call.id, userId: ada.id, claimedBy: 'dead', leaseMs: 1 });
      expect(claimed).not.toBeNull();
      await new Promise((resolve) => setTimeout(resolve, 20));
      return call.id;
    };

    it('is settled by one of two others, as not done when the server has nothing', async () => {
      const id = await claimAndDie(120);
      const settled = await Promise.all([settleAbandonedCalls(context), settleAbandonedCalls(other)]);
      expect(settled.flat().map((call) => call.id)).toEqual([id]);
      expect(await getToolCall(context.db, { id })).toMatchObject({
        status: 'failed',
        endedBy: 'recovery',
        error: expect.stringContaining('did not reach'),
      });
      expect(posts()).toHaveLength(0);
    });

    it('is settled as done when the server has it', async () => {
      const id = await claimAndDie(27205);
      await settleAbandonedCalls(context);
      expect(await getToolCall(context.db, { id })).toMatchObject({
        status: 'succeeded',
        endedBy: 'recovery',
        confirmedBy: 'asked_afterwards',
        output: null,
      });
    });

    it('is settled as unknown when the server cannot tell whether it was asked for future seasons', async () => {
      const [known] = servers.sonarr.state.library;
      const call = await queueToolCall(context, {
        toolName: 'request_series',
        input: { tvdbId: known?.tvdbId, seasons: [], monitorNew: true },
        stack: await openStack(context, caller),
        chatId: null,
        messageId: null,
        dedupeKey: null,
      });
      await claimToolCall(context.db, { id: call.id, userId: ada.id, claimedBy: 'dead', leaseMs: 1 });
      await new Promise((resolve) => setTimeout(resolve, 20));
      await settleAbandonedCalls(context);
      expect(await getToolCall(context.db, { id: call.id })).toMatchObject({ status: 'timeout' });
    });

    it('is settled as unknown when the server does not answer', async () => {
      const id = await claimAndDie(121);
      servers.radarr.faults.next({ kind: 'hang' }, { times: 20 });
      await settleAbandonedCalls(context);
      const call = await getToolCall(context.db, { id });
      expect(call).toMatchObject({ status: 'timeout', error: expect.stringContaining('It may have been sent') });
      expect(call?.error).toContain('Radarr did not answer');
    });
  });

  it('records every look-up, and gives the stored outcome when it is asked for twice', async () => {
    const stack = await openStack(context, caller);
    const request = {
      tool: tools.search_movies,
      input: { query: 'dune' },
      stack,
      chatId: null,
      messageId: null,
      dedupeKey: randomUUID(),
      signal,
    };
    const first = await callReadTool(context, request);
    const again = await callReadTool(context, request);
    expect(first.outcome.status).toBe('succeeded');
    expect(first.call).toMatchObject({ origin: 'command', endedBy: 'run', confirmedBy: 'answer' });
    expect(again.outcome).toMatchObject({ status: 'succeeded', confirmedBy: 'answer' });
    expect(first.output?.results.map(({ title }) => title)).toContain('Dune');
    expect(again.call.id).toBe(first.call.id);
    expect(servers.radarr.journal.filter(({ path }) => path.includes('lookup'))).toHaveLength(1);
    await expect(callReadTool(context, { ...request, tool: tools.request_movie })).rejects.toThrow('waits for a press');
  });

  it('tells a person without the service what to do', async () => {
    const carol = callerOf(await upsertUser(context.db, { discordId: '1003', username: 'carol' }), 'command');
    const call = await queueToolCall(context, {
      toolName: 'request_movie',
      input: { tmdbId: 1 },
      stack: await openStack(context, carol),
      chatId: null,
      messageId: null,
      dedupeKey: null,
    });
    const result = await pressToolCall(context, { id: call.id, stack: await openStack(context, carol), signal });
    expect(result).toMatchObject({
      kind: 'done',
      call: { status: 'failed', error: expect.stringContaining('/services configure') },
    });
  });
});
