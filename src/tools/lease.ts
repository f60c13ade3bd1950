import type { Logger } from 'pino';
import { TakenOverError } from '../errors.ts';
import { startClock } from './elapsed.ts';
import type { Fence } from './fence.ts';

/** What this process has claimed for `leaseMs` milliseconds. `signal` ends the work under it, `release` gives it back. */
export type Lease = {
  fence: Fence;
  renew(): Promise<boolean>;
  /** Called once the work has ended, however it did. Never throws. */
  release?(): Promise<void>;
  leaseMs: number;
  signal: AbortSignal;
  log: Logger;
};

/**
 * Runs `work` while a lease is renewed at a third of its length, and within a fence, so that what it writes outside is written only
 * while the lease is held. When it is lost, the signal is aborted so that nothing further is begun; a renewal that fails for another
 * reason is logged and tried again.
 */
export async function underLease<Result>(
  lease: Lease,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { fence, leaseMs } = lease;
  const lost = new AbortController();
  let sinceRenewal = startClock();
  const renew = async () => {
    const sinceAsked = startClock();
    const isHeld = !lost.signal.aborted && (await lease.renew());
    if (isHeld) sinceRenewal = sinceAsked;
    else lost.abort(new TakenOverError());
    return isHeld;
  };
  // A third is left for the way that a write takes once it was let through.
  const claim = { isSure: () => !lost.signal.aborted && sinceRenewal() < (leaseMs * 2) / 3, confirm: renew };
  const timer = setInterval(() => {
    renew().catch((error: unknown) => lease.log.warn({ err: error }, 'a lease could not be renewed'));
  }, leaseMs / 3);
  try {
    return await fence.holding(claim, work, [lease.signal, lost.signal]);
  } finally {
    clearInterval(timer);
    await lease.release?.();
  }
}
