import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database } from '../db/connection.ts';
import { getToolCall } from '../db/queries/tool-calls.ts';
import { UserError } from '../errors.ts';
import { messages } from '../messages.ts';
import type { TimeLimits } from '../time-limits.ts';
import type { AnyTool } from './tool.ts';

export const callTimeMessages = messages('call_time', { stopped: 'Stopped.' });

/** Milliseconds between two looks whether a slow call is to stop. */
const lookEveryMs = 1000;

type CallTime = {
  /** For the tool itself. */
  runMs: number;
  /** For asking afterwards whether it happened, so that both fit into what the person waits for. */
  verifyMs: number;
};

/** How long a call may take, all that it asks together: what any answer may take, or what a slow tool states. */
export function timeOf({ slow, effect }: Pick<AnyTool, 'slow' | 'effect'>, limits: TimeLimits): CallTime {
  const wholeMs = slow === null ? limits.answerMs : Math.min(slow.limitMs, limits.slowMs);
  const verifyMs = Math.min(limits.serviceMs, wholeMs / 5);
  return { runMs: effect === 'read' ? wholeMs : wholeMs - verifyMs, verifyMs };
}

/**
 * Aborts once the person asked in any process that a call stops, which its row tells. Looks until `end` is called; a look that fails
 * is tried again.
 */
export function watchForStop(
  { db, log, limits }: { db: Database; log: Logger; limits: TimeLimits },
  callId: string,
): { signal: AbortSignal; end(): void } {
  const stop = new AbortController();
  const over = new AbortController();
  const look = async () => {
    while (!over.signal.aborted && !stop.signal.aborted) {
      await delay(Math.min(lookEveryMs, limits.leaseMs / 3), undefined, { ref: false });
      const call = over.signal.aborted ? null : await getToolCall(db, { id: callId });
      if (call !== null && call.stopAskedAt !== null) stop.abort(new UserError((say) => say(callTimeMessages.stopped)));
    }
  };
  const watch = (): Promise<void> =>
    look().catch((error: unknown) => {
      log.warn({ err: error, callId }, 'whether a call is to stop could not be seen');
      return watch();
    });
  void watch();
  return { signal: stop.signal, end: () => over.abort() };
}
