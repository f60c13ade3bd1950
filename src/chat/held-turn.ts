import { type HeldTurn, releaseTurn, renewTurn } from '../db/queries/streams.ts';
import type { Stream } from '../db/schema.ts';
import { TakenOverError } from '../errors.ts';
import { underLease } from '../tools/lease.ts';
import type { LedgerContext } from '../tools/run-claimed.ts';

/** What runs under a turn's lease. Await `keep` before showing words of the answer: it stores them, so that they survive the process. */
export type Holding = { turn: HeldTurn; signal: AbortSignal; keep(text: string): Promise<void> };

/**
 * Runs `work` under the lease of a turn that was just claimed, and gives the turn back in any case. `state` is stored with the turn,
 * beside the text on screen.
 */
export async function holdTurn<Result>(
  context: Pick<LedgerContext, 'db' | 'fence' | 'limits' | 'log'> & { signal: AbortSignal },
  turn: HeldTurn,
  work: (holding: Holding) => Promise<Result>,
  state: Stream['state'] = {},
): Promise<Result> {
  const { db, fence, log } = context;
  const { leaseMs } = context.limits;
  const renew = () => renewTurn(db, turn, { leaseMs });
  const lost = new AbortController();
  const keep = async (text: string) => {
    if (await renewTurn(db, turn, { leaseMs, state: { ...state, text } })) return;
    lost.abort(new TakenOverError());
    throw new TakenOverError();
  };
  try {
    const signal = AbortSignal.any([context.signal, lost.signal]);
    return await underLease({ fence, renew, leaseMs, signal, log }, (held) => work({ turn, signal: held, keep }));
  } finally {
    await releaseTurn(db, turn).catch((error: unknown) => {
      // The work is done, and a lease that is not given back expires by itself.
      log.warn({ err: error, chatId: turn.chatId }, 'could not give a turn back');
    });
  }
}
