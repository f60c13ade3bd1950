import type { Logger } from 'pino';

/**
 * Runs `work` while a lease is renewed at a third of its length (milliseconds). When the lease is lost, `signal` is
 * aborted so that nothing further is begun; a renewal that fails for another reason is logged and tried again.
 */
export async function underLease<Result>(
  options: { renew: () => Promise<boolean>; leaseMs: number; signal: AbortSignal; log: Logger },
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const lost = new AbortController();
  const timer = setInterval(() => {
    options.renew().then(
      (held) => {
        if (!held) lost.abort(new Error('the lease was taken over'));
      },
      (error: unknown) => options.log.warn({ err: error }, 'a lease could not be renewed'),
    );
  }, options.leaseMs / 3);
  try {
    return await work(AbortSignal.any([options.signal, lost.signal]));
  } finally {
    clearInterval(timer);
  }
}
