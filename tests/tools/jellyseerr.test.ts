import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { firstSeerrState, requestStatus } from '../../playground/servers/jellyseerr-media.ts';
import { settleAbandonedCalls } from '../../src/bot/recovery/settle-abandoned-calls.ts';
import { claimToolCall, getToolCall } from '../../src/db/queries/tool-calls.ts';
import { callReadTool, pressToolCall, queueToolCall } from '../../src/tools/ledger.ts';
import { type PressToolName, tools } from '../../src/tools/registry.ts';
import { openStack } from '../../src/tools/stack.ts';
import { engines } from '../database.ts';
import { startTwoLedgers, type TwoLedgers } from './two-ledgers.ts';

const breakingBad = 81189;

describe.each(engines)('Seerr’s tools on %s', (engine) => {
  let servers: TwoLedgers['servers'];
  let context: TwoLedgers['context'];
  let other: TwoLedgers['other'];
  let ada: TwoLedgers['ada'];
  let caller: TwoLedgers['caller'];
  let close: TwoLedgers['close'];
  const signal = AbortSignal.timeout(120_000);

  beforeAll(async () => {
    ({ servers, context, other, ada, caller, close } = await startTwoLedgers(engine, {
      services: ['jellyseerr'],
      serviceMs: 1500,
      leaseMs: 3000,
    }));
  });
  afterAll(() => close());
  beforeEach(() => {
    servers.jellyseerr.faults.clear();
    servers.jellyseerr.journal.length = 0;
    Object.assign(servers.jellyseerr.state, firstSeerrState(), { series4kEnabled: true });
  });

  const queue = async (toolName: PressToolName, input: object) =>
    queueToolCall(context, {
      toolName,
      input,
      stack: await openStack(context, caller),
      chatId: null,
      messageId: null,
      dedupeKey: randomUUID(),
    });
  async function press(toolName: PressToolName, input: object) {
    const { id } = await queue(toolName, input);
    const result = await pressToolCall(context, { id, stack: await openStack(context, caller), signal });
    if (result.kind !== 'done') throw new Error(`the press was ${result.kind}`);
    return result.call;
  }
  const sent = (method: string) => servers.jellyseerr.journal.filter((entry) => entry.method === method);
  const season = (number: number, more: object = {}) => ({
    kind: 'series',
    tmdbId: breakingBad,
    seasons: [number],
    ...more,
  });

  it('requests once, though it is pressed four times in two processes', async () => {
    const { id } = await queue('request_in_seerr', { kind: 'movie', tmdbId: 98 });
    const stack = await openStack(context, caller);
    const presses = [context, other, context, other].map((one) => pressToolCall(one, { id, stack, signal }));
    const kinds = (await Promise.all(presses)).map(({ kind }) => kind).sort();
    expect(kinds).toEqual(['already', 'already', 'already', 'done']);
    expect(sent('POST').map(({ body }) => body)).toEqual([{ mediaType: 'movie', mediaId: 98, is4k: false }]);
  });

  it('asks only for seasons that are listed: Seerr would take any number', async () => {
    const call = await press('request_in_seerr', season(1, { seasons: [3, 99] }));
    expect(call).toMatchObject({ status: 'failed', error: expect.stringContaining('lists no season 99 of this') });
    expect(sent('POST')).toEqual([]);
  });

  it('lists a failed request as what it is, and as done once its title is there', async () => {
    const row = { type: 'movie' as const, seasons: [], is4k: false, status: requestStatus.failed, requestedBy: 1 };
    const series = { ...row, id: 61, type: 'tv' as const, tmdbId: breakingBad, seasons: [3] };
    servers.jellyseerr.state.requests = [{ ...row, id: 60, tmdbId: 680 }, series];
    const listed = async () => {
      const stack = await openStack(context, caller);
      const request = { tool: tools.list_requests, input: {}, stack, chatId: null, messageId: null };
      const { outcome } = await callReadTool(context, {
        ...request,
        dedupeKey: null,
        signal,
      });
      return outcome;
    };
    const states = (...all: string[]) => ({ output: { requests: all.map((state) => ({ state })) } });
    expect(await listed()).toMatchObject(states('failed', 'failed'));
    servers.jellyseerr.state.available.set('movie:680', []).set(`tv:${breakingBad}`, [1, 2, 3]);
    expect(await listed()).toMatchObject(states('completed', 'completed'));
  });

  it('requests a season in 4K that is there in plain, and tells what Seerr took of several', async () => {
    const in4k = await press('request_in_seerr', season(1, { is4k: true }));
    expect(in4k).toMatchObject({ status: 'succeeded', output: { result: 'requested', requestedSeasons: [1] } });
    const some = await press('request_in_seerr', season(1, { seasons: [1, 3] }));
    expect(some.output).toMatchObject({ result: 'requested', requestedSeasons: [3] });
    const again = await press('request_in_seerr', season(3));
    expect(again.output).toMatchObject({ result: 'nothing_left' });
    const whole = await press('request_in_seerr', { kind: 'series', tmdbId: breakingBad });
    expect(whole.output).toMatchObject({ result: 'requested', requestedSeasons: [4, 5] });
  });

  it.each([
    'reset-after-effect',
    'hang-after-effect',
  ] as const)('asks Seerr what happened after a %s, which also knows what waits for approval', async (kind) => {
    for (const user of servers.jellyseerr.state.users) user.manages = false;
    servers.jellyseerr.faults.next({ kind }, { match: /^POST/ });
    expect(await press('request_in_seerr', season(4))).toMatchObject({ status: 'succeeded' });
    servers.jellyseerr.faults.next({ kind }, { match: /^POST/ });
    expect(await press('request_in_seerr', season(1, { is4k: true }))).toMatchObject({ status: 'succeeded' });
    expect(sent('POST')).toHaveLength(2);
  });

  it('does not take the plain season, or another, for the one that never got through', async () => {
    for (const input of [season(1, { is4k: true }), season(5)]) {
      const { id } = await queue('request_in_seerr', input);
      await claimToolCall(context.db, { id, userId: ada.id, claimedBy: 'dead', leaseMs: 1 });
      await new Promise((resolve) => setTimeout(resolve, 20));
      await settleAbandonedCalls(context);
      expect(await getToolCall(context.db, { id })).toMatchObject({ status: 'failed' });
    }
    expect(sent('POST')).toHaveLength(0);
  });

  it('removes one of the person’s own, once, and nobody else’s', async () => {
    const made = await press('request_in_seerr', { kind: 'movie', tmdbId: 98 });
    const requestId = servers.jellyseerr.state.requests.at(-1)?.id ?? 0;
    expect(made.output).toMatchObject({ requestId });
    expect(await press('remove_request', { requestId })).toMatchObject({ output: { result: 'removed' } });
    expect(await press('remove_request', { requestId })).toMatchObject({ output: { result: 'already_gone' } });
    expect(await press('remove_request', { requestId: 2 })).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('not yours'),
    });
    expect(sent('DELETE')).toHaveLength(1);
    const kept = await press('request_in_seerr', { kind: 'movie', tmdbId: 680 });
    servers.jellyseerr.faults.next({ kind: 'reset-after-effect' }, { match: /^DELETE/ });
    expect(kept.status).toBe('succeeded');
    const last = servers.jellyseerr.state.requests.at(-1)?.id ?? 0;
    expect(await press('remove_request', { requestId: last })).toMatchObject({ status: 'succeeded' });
  });

  it('lists requests with their titles, and those whose title TMDB took away without', async () => {
    const request = { type: 'movie' as const, seasons: [], is4k: true, requestedBy: 1 };
    servers.jellyseerr.state.requests.push(
      { ...request, id: 8, tmdbId: 999_999, status: requestStatus.failed },
      { ...request, id: 9, tmdbId: 603, status: requestStatus.approved },
    );
    const list = async (input: object) => {
      const stack = await openStack(context, caller);
      const { outcome } = await callReadTool(context, {
        tool: tools.list_requests,
        input,
        stack,
        chatId: null,
        messageId: null,
        dedupeKey: randomUUID(),
        signal,
      });
      return outcome;
    };
    expect(await list({})).toEqual({
      status: 'succeeded',
      confirmedBy: 'answer',
      output: {
        requests: [
          {
            requestId: 9,
            state: 'approved',
            title: 'The Matrix',
            year: 1999,
            // The plain one is there; this is of the 4K one.
            status: 'wanted, not downloaded yet',
            is4k: true,
            seasons: [],
          },
          { requestId: 8, state: 'failed', title: 'Unknown', year: null, status: 'unknown', is4k: true, seasons: [] },
        ],
      },
    });
    expect(await list({ everybody: true })).toMatchObject({
      output: { requests: [{ requestId: 9 }, { requestId: 8 }, { requestedBy: 'Grace' }, { requestedBy: 'Grace' }] },
    });
  });

  it('knows the progress of a request from what Radarr and Sonarr download for Seerr', async () => {
    const seerr = (await openStack(context, caller)).get('jellyseerr');
    expect(await seerr.progress({ id: 1 })).toMatchObject({ state: 'downloading', percent: expect.closeTo(43) });
    expect(await seerr.progress({ id: 2 })).toMatchObject({ state: 'waiting_for_approval' });
    expect(await seerr.progress({ id: 77 })).toBeNull();
    await press('request_in_seerr', season(3));
    const id = servers.jellyseerr.state.requests.at(-1)?.id ?? 0;
    expect(await seerr.progress({ id })).toMatchObject({ state: 'searching' });
    servers.sonarr.tick(0);
    servers.sonarr.tick(40);
    expect(await seerr.progress({ id })).toMatchObject({ state: 'downloading', percent: expect.closeTo(40) });
    servers.jellyseerr.state.available.set(`tv:${breakingBad}`, [1, 2, 3]);
    expect(await seerr.progress({ id })).toMatchObject({ state: 'available', percent: 100 });
  });
});
