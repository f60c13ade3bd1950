import type { Logger } from 'pino';
import { TakenOverError } from '../errors.ts';
import { startClock } from './elapsed.ts';
import type { Fence } from './fence.ts';

/**
 * Runs `work` while a lease is renewed at a third of its length (milliseconds), and within a fence, so that what it writes outside is
 * written only while the lease is held. When it is lost, `signal` is aborted so that nothing further is begun; a renewal that fails
 * for another reason is logged and tried again.
 */
export async function underLease<Result>(
  options: { fence: Fence; renew: () => Promise<boolean>; leaseMs: number; signal: AbortSignal; log: Logger },
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { fence, leaseMs } = options;
  const lost = new AbortController();
  let sinceRenewal = startClock();
  const renew = async () => {
    const sinceAsked = startClock();
    const isHeld = !lost.signal.aborted && (await options.renew());
    if (isHeld) sinceRenewal = sinceAsked;
    else lost.abort(new TakenOverError());
    return isHeld;
  };
  // A third is left for the way that a write takes once it was let through.
  const claim = { isSure: () => !lost.signal.aborted && sinceRenewal() < (leaseMs * 2) / 3, confirm: renew };
  const timer = setInterval(() => {
    renew().catch((error: unknown) => options.log.warn({ err: error }, 'a lease could not be renewed'));
  }, leaseMs / 3);
  try {
    return await fence.holding(claim, (over) => work(AbortSignal.any([options.signal, lost.signal, over])));
  } finally {
    clearInterval(timer);
  }
}
