import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { getToolCall, requestStop } from '../../src/db/queries/tool-calls.ts';
import { callReadTool, pressToolCall, queueToolCall } from '../../src/tools/ledger.ts';
import { type PressToolName, tools } from '../../src/tools/registry.ts';
import { openStack } from '../../src/tools/stack.ts';
import { engines } from '../database.ts';
import { startTwoLedgers, type TwoLedgers } from './two-ledgers.ts';

it('no operation states more than two minutes, and none that is slow states less than any answer may take', () => {
  const stated = Object.values(tools).flatMap(({ slow }) => slow?.limitMs ?? []);
  expect(stated).not.toEqual([]);
  for (const limitMs of stated) expect(limitMs > 9000 && limitMs <= 120_000).toBe(true);
});

describe.each(engines)('the time of a call on %s', (engine) => {
  let servers: TwoLedgers['servers'];
  let context: TwoLedgers['context'];
  let other: TwoLedgers['other'];
  let ada: TwoLedgers['ada'];
  let caller: TwoLedgers['caller'];
  let close: TwoLedgers['close'];
  const signal = AbortSignal.timeout(120_000);

  beforeAll(async () => {
    const limits = { serviceMs: 8000, answerMs: 1500, slowMs: 4000, leaseMs: 900 };
    ({ servers, context, other, ada, caller, close } = await startTwoLedgers(engine, {
      services: ['radarr', 'sonarr'],
      ...limits,
    }));
  });
  afterAll(() => close());
  beforeEach(() => {
    servers.radarr.faults.clear();
    servers.sonarr.faults.clear();
    servers.sonarr.journal.length = 0;
  });

  const queue = async (toolName: PressToolName, input: object) => {
    const own = { stack: await openStack(context, caller), chatId: null, messageId: null };
    return (await queueToolCall(context, { toolName, input, ...own, dedupeKey: randomUUID() })).id;
  };
  const press = async (id: string) => {
    const result = await pressToolCall(context, { id, stack: await openStack(context, caller), signal });
    if (result.kind !== 'done') throw new Error(`the press was ${result.kind}`);
    return result.call;
  };
  const running = async (id: string) => {
    while ((await getToolCall(context.db, { id }))?.status !== 'running') await delay(20);
  };

  it('is that of any answer for a look-up, however long each of its calls may take', async () => {
    servers.radarr.faults.next({ kind: 'delay', ms: 4000 }, { times: 5 });
    const stack = await openStack(context, caller);
    const request = { tool: tools.search_movies, input: { query: 'dune' }, stack, chatId: null, messageId: null };
    const { outcome } = await callReadTool(context, {
      ...request,
      dedupeKey: null,
      signal,
    });
    expect(outcome).toMatchObject({ status: 'failed', error: expect.stringContaining('did not answer in time') });
  });

  it('is that of any answer for a change too, with the question whether it happened', async () => {
    const film = servers.radarr.state.library.find(({ hasFile }) => !hasFile);
    servers.radarr.faults.next({ kind: 'hang-after-effect' }, { match: /POST .*command/ });
    const call = await press(await queue('search_movie_again', { tmdbId: film?.tmdbId }));
    expect(call).toMatchObject({
      status: 'timeout',
      error: expect.stringContaining('may have been sent all the same'),
    });
  });

  it('is its own for a slow operation, and ends too', async () => {
    servers.sonarr.faults.next({ kind: 'delay', ms: 1000 }, { match: /POST .*command/, times: 2 });
    const two = await press(await queue('request_series', { tvdbId: 81189, seasons: [3, 4] }));
    expect(two).toMatchObject({ status: 'succeeded', output: { result: 'seasons_added' } });
    servers.sonarr.faults.next({ kind: 'hang' }, { match: /POST .*command/ });
    const hung = await press(await queue('search_series_again', { tvdbId: 81189 }));
    expect(hung).toMatchObject({ status: 'timeout', error: expect.stringContaining('did not answer in time') });
  });

  it('ends with a stop that another process took, and the row says so; a stop by someone else does nothing', async () => {
    servers.sonarr.faults.next({ kind: 'hang' }, { match: /POST .*command/ });
    const id = await queue('search_series_again', { tvdbId: 81189 });
    const pressed = press(id);
    await running(id);
    expect(await requestStop(other.db, { id, userId: randomUUID() })).toBe(false);
    expect(await requestStop(other.db, { id, userId: ada.id })).toBe(true);
    expect(await pressed).toMatchObject({
      status: 'timeout',
      endedBy: 'stop',
      error: expect.stringMatching(/^Stopped\. It may have/),
    });
    expect(await requestStop(other.db, { id, userId: ada.id })).toBe(false);
  });
});
