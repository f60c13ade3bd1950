import { setTimeout as moment } from 'node:timers/promises';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { TakenOverError } from '../../src/errors.ts';
import { Fence, type Life } from '../../src/tools/fence.ts';
import { underLease } from '../../src/tools/lease.ts';

/** A life that is as the test wants it, and counts how often the database would have been asked. */
function someLife(confirm: () => Promise<boolean> = async () => true) {
  const over = new AbortController();
  const state = { isSure: true, asked: 0 };
  const life: Life = {
    over: over.signal,
    isSure: () => state.isSure,
    confirm: () => {
      state.asked++;
      return confirm();
    },
  };
  return { life, state, end: () => over.abort(new TakenOverError()) };
}

const away = () => Promise.reject(new Error('the database is away'));
const holds = { isSure: () => true, confirm: async () => true };
const log = pino({ level: 'silent' });

describe('what writes within a fence', () => {
  it('is not held up as long as nobody can have taken it over', async () => {
    const { life, state } = someLife();
    const fence = new Fence(() => life);
    await fence.run(() => fence.holding(holds, () => fence.beforeWrite()));
    expect(state.asked).toBe(0);
  });

  it('asks first when somebody can have, and stops when somebody has', async () => {
    const living = someLife();
    living.state.isSure = false;
    const fence = new Fence(() => living.life);
    await fence.run(() => fence.beforeWrite());
    expect(living.state.asked).toBe(1);
    const dead = someLife(async () => false);
    dead.state.isSure = false;
    const other = new Fence(() => dead.life);
    await expect(other.run(() => other.beforeWrite())).rejects.toThrow(TakenOverError);
  });

  it('writes nothing of a life that is over, though the process lives on in another', async () => {
    const [first, second] = [someLife(), someLife()];
    let now = first;
    const fence = new Fence(() => now.life);
    const old = fence.run(async () => {
      await moment(20);
      return fence.beforeWrite();
    });
    first.end();
    now = second;
    await expect(old).rejects.toThrow(TakenOverError);
    await fence.run(() => fence.beforeWrite());
  });

  it('asks for each claim that it runs under, timers included', async () => {
    const fence = new Fence();
    const lost = { isSure: () => false, confirm: async () => false };
    const written = fence.run(() =>
      fence.holding(holds, () =>
        fence.holding(lost, () => new Promise((resolve) => setTimeout(() => resolve(fence.beforeWrite()), 5))),
      ),
    );
    await expect(written).rejects.toThrow(TakenOverError);
    // What began beside it is not held up.
    await fence.run(() => fence.holding(holds, () => fence.beforeWrite()));
  });

  it('waits for a database that is away with what others may take over, and tells the rest after a moment', async () => {
    const { life, state } = someLife(away);
    state.isSure = false;
    const fence = new Fence(() => life);
    await expect(fence.run(() => fence.holding(holds, () => fence.beforeWrite()))).rejects.toThrow('is away');
    await fence.run(() => fence.beforeWrite());
    const silent = someLife(() => new Promise(() => undefined));
    silent.state.isSure = false;
    const patient = new Fence(() => silent.life);
    await patient.run(() => patient.beforeWrite());
  });
});

describe('a lease', () => {
  const options = { leaseMs: 300, signal: new AbortController().signal, log };

  it('that is taken over aborts what runs under it, and lets nothing more be written', async () => {
    const fence = new Fence();
    let isHeld = true;
    const renew = async () => isHeld;
    const written = underLease({ ...options, fence, renew }, async (signal) => {
      await fence.beforeWrite();
      isHeld = false;
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      expect(signal.reason).toBeInstanceOf(TakenOverError);
      await fence.beforeWrite();
    });
    await expect(written).rejects.toThrow(TakenOverError);
  });

  it('is asked for before a write when its renewals have failed for two thirds of it', async () => {
    const fence = new Fence();
    let renewals = 0;
    const renew = async () => {
      renewals++;
      return away();
    };
    const written = underLease({ ...options, fence, renew }, async () => {
      await moment(250);
      const before = renewals;
      await expect(fence.beforeWrite()).rejects.toThrow('is away');
      expect(renewals).toBe(before + 1);
    });
    await written;
  });
});
