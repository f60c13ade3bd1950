import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { settleAbandonedCalls } from '../../src/bot/recovery/settle-abandoned-calls.ts';
import { createServiceConfig, getServiceConfigsByUserId } from '../../src/db/queries/service-configs.ts';
import { claimToolCall, getToolCall } from '../../src/db/queries/tool-calls.ts';
import { upsertUser } from '../../src/db/queries/users.ts';
import { SealedKey } from '../../src/db/sealed-key.ts';
import { ServiceError, UserError } from '../../src/errors.ts';
import { sayInEnglish } from '../../src/messages.ts';
import { type Act, authorise, type HeldServer, notYours, type Permission } from '../../src/tools/authorise.ts';
import { type Caller, callerOf, storedCaller } from '../../src/tools/caller.ts';
import { callReadTool, cancelPress, changeInput, pressToolCall, queueToolCall } from '../../src/tools/ledger.ts';
import { tools } from '../../src/tools/registry.ts';
import { openStack, ownServers, type Stack } from '../../src/tools/stack.ts';
import type { AnyTool } from '../../src/tools/tool.ts';
import { engines } from '../database.ts';
import { startTwoLedgers, type TwoLedgers } from './two-ledgers.ts';

const breakingBad = 81189;

/** Ada has a Radarr; Bob has a Sonarr, a Seerr and a Jellyfin. */
/** Why something is not allowed, in words. */
function refusal(permission: Permission): string {
  return permission.isGiven ? 'allowed' : permission.words(sayInEnglish);
}

describe.each(engines)('who acts on whose servers, on %s', (engine) => {
  let servers: TwoLedgers['servers'];
  let context: TwoLedgers['context'];
  let ada: TwoLedgers['ada'];
  let caller: TwoLedgers['caller'];
  let bob: Caller;
  let close: TwoLedgers['close'];
  const signal = AbortSignal.timeout(60_000);
  const unrecorded = { chatId: null, messageId: null, dedupeKey: null };

  async function setUp(userId: string, serviceName: 'sonarr' | 'jellyseerr' | 'jellyfin', options = {}) {
    const place = { userId, serviceName, baseUrl: servers[serviceName].url };
    const apiKey = SealedKey.seal(context.keyring, servers[serviceName].apiKey, place);
    await createServiceConfig(context.db, { ...place, apiKey, options });
  }
  /** Ada's own servers, and Bob's as she may use them and is known there. */
  async function openForAda({ may = ['see', 'press'], user = null }: { may?: Act[]; user?: string | null } = {}) {
    const [hers, his] = await Promise.all(
      [ada, bob.actor].map(({ id }) => getServiceConfigsByUserId(context.db, { userId: id })),
    );
    const lent: HeldServer[] = (his ?? []).map((config) => ({ config, user, may }));
    return openStack(context, caller, [...ownServers(hers ?? []), ...lent]);
  }
  const requestSeries = (stack: Stack) =>
    queueToolCall(context, {
      toolName: 'request_series',
      input: { tvdbId: breakingBad, seasons: [1] },
      stack,
      ...unrecorded,
    });
  const asked = () => [servers.sonarr, servers.jellyseerr, servers.jellyfin].flatMap(({ journal }) => journal);

  beforeAll(async () => {
    const limits = { serviceMs: 3000, leaseMs: 3000 };
    ({ servers, context, ada, caller, close } = await startTwoLedgers(engine, { services: ['radarr'], ...limits }));
    bob = callerOf(await upsertUser(context.db, { discordId: '1002', username: 'bob' }), 'command');
    await setUp(bob.actor.id, 'sonarr');
    await setUp(bob.actor.id, 'jellyseerr', { userId: '1' });
    await setUp(bob.actor.id, 'jellyfin', { userId: '1'.repeat(32) });
  });
  afterAll(() => close());
  beforeEach(() => {
    for (const server of [servers.sonarr, servers.jellyseerr, servers.jellyfin]) server.journal.length = 0;
  });

  it('is known with the language of Discord, also where there is only a row of theirs', async () => {
    const user = await upsertUser(context.db, { discordId: '1004', username: 'carol', locale: 'de' });
    const actor = { id: user.id, discordId: '1004' };
    const known = { actor, locale: 'de', timeZone: null };
    expect(callerOf(user, 'command')).toEqual({ ...known, origin: 'command' });
    expect(await storedCaller(context.db, { userId: user.id, origin: 'job' })).toEqual({ ...known, origin: 'job' });
  });

  it('opens a stack with servers of two owners, each with its row, its owner and its key', async () => {
    const stack = await openForAda();
    expect(stack.services.map(({ name, owner, config }) => [name, owner, config.userId])).toEqual([
      ['radarr', ada.id, ada.id],
      ...['sonarr', 'jellyseerr', 'jellyfin'].map((name) => [name, bob.actor.id, bob.actor.id]),
    ]);
    expect(await stack.get('radarr').check()).toMatchObject({ version: expect.any(String) });
    expect(await stack.get('sonarr').check()).toMatchObject({ version: expect.any(String) });
  });

  it('records the owner of the server that a call acts on, and the actor for a look-up on several', async () => {
    const stack = await openForAda();
    const look = async (toolName: 'search_movies' | 'search_series' | 'get_download_queue') => {
      const input = toolName === 'get_download_queue' ? {} : { query: 'dune' };
      const tool: AnyTool = tools[toolName];
      const { call, outcome } = await callReadTool(context, {
        tool,
        input,
        stack,
        ...unrecorded,
        signal,
      });
      expect(outcome.status).toBe('succeeded');
      return { userId: call.userId, ownerId: call.ownerId };
    };
    const byAda = (ownerId: string) => ({ userId: ada.id, ownerId });
    expect(await look('search_movies')).toEqual(byAda(ada.id));
    expect(await look('search_series')).toEqual(byAda(bob.actor.id));
    expect(await look('get_download_queue')).toEqual(byAda(ada.id));
    expect(await requestSeries(stack)).toMatchObject({ ...byAda(bob.actor.id), status: 'queued' });
  });

  it('refuses a call that acts on servers of two owners, though both would let her', async () => {
    const { services } = await openForAda({ may: ['see', 'press'] });
    expect(refusal(authorise(caller, { act: 'press' }, services))).toContain('two people at once');
    expect(authorise(caller, { act: 'see' }, services)).toEqual({ isGiven: true, ownerId: ada.id });
  });

  it('lets nobody do on another’s server what they may not, and asks that server nothing', async () => {
    const viewer = await openForAda({ may: ['see'] });
    await expect(requestSeries(viewer)).rejects.toThrow(UserError);
    const closed = await openForAda({ may: [] });
    expect(() => closed.get('sonarr')).toThrow(UserError);
    const { services } = viewer;
    const words = 'This Sonarr belongs to someone else, who has not allowed you that. Ask them.';
    expect(refusal(authorise(caller, { act: 'press' }, services.slice(1, 2)))).toBe(words);
    expect(asked()).toEqual([]);
  });

  it('counts the press of who asked only, and lets the server’s owner alone approve', async () => {
    const stack = await openForAda();
    const call = await requestSeries(stack);
    const refused = { kind: 'refused', words: notYours };
    expect(await pressToolCall(context, { id: call.id, stack: await openStack(context, bob), signal })).toEqual(
      refused,
    );
    expect(await cancelPress(context, { id: call.id, caller: bob })).toEqual(refused);
    expect(await changeInput(context, { id: call.id, caller: bob, input: { tvdbId: 1 } })).toBeNull();
    expect(await getToolCall(context.db, { id: call.id })).toEqual(call);
    const sonarr = (of: Stack) => of.services.filter(({ name }) => name === 'sonarr');
    const approve = { act: 'approve' as const, of: call };
    expect(authorise(bob, approve, sonarr(await openStack(context, bob)))).toMatchObject({ isGiven: true });
    expect(authorise(caller, approve, sonarr(stack))).toMatchObject({ isGiven: false });
    expect(authorise(bob, approve, [])).toMatchObject({ isGiven: false });
    expect(asked()).toEqual([]);
  });

  it('does on her own server nothing that was asked for on another’s', async () => {
    const call = await requestSeries(await openForAda());
    await setUp(ada.id, 'sonarr');
    const pressed = await pressToolCall(context, { id: call.id, stack: await openStack(context, caller), signal });
    expect(pressed.kind === 'refused' ? pressed.words(sayInEnglish) : pressed).toContain(
      'another server than the one you have',
    );
    expect(asked()).toEqual([]);
    // Who may press it no more may still take it back.
    expect(await cancelPress(context, { id: call.id, caller })).toMatchObject({ kind: 'done' });
    const running = await requestSeries(await openForAda());
    await claimToolCall(context.db, { id: running.id, userId: ada.id, claimedBy: 'dead', leaseMs: 1 });
    await delay(20);
    // Her own server cannot say what became of it on the other one.
    expect(await settleAbandonedCalls(context)).toMatchObject([{ id: running.id, status: 'timeout' }]);
    expect(asked()).toEqual([]);
  });

  it('opens a client for the actor as that server knows them, never as its owner', async () => {
    const known = (await openForAda({ user: '2' })).get('jellyseerr');
    expect(await known.myId()).toBe(2);
    expect(await (await openStack(context, bob)).get('jellyseerr').myId()).toBe(1);
    servers.jellyseerr.journal.length = 0;
    for (const user of [null, '2\r\nx: y', '../../Users']) {
      const unknown = await openForAda({ user });
      for (const name of ['jellyseerr', 'jellyfin'] as const) expect(() => unknown.get(name)).toThrow(ServiceError);
    }
    expect(asked()).toEqual([]);
  });
});
