import { type HeldTurn, releaseTurn, renewTurn } from '../db/queries/streams.ts';
import type { Stream } from '../db/schema.ts';
import { TakenOverError } from '../errors.ts';
import type { Lease } from '../tools/lease.ts';
import type { LedgerContext } from '../tools/run-claimed.ts';

/** What runs under a turn's lease. Await `keep` before showing words of the answer: it stores them, so that they survive the process. */
export type Holding = { turn: HeldTurn; signal: AbortSignal; keep(text: string): Promise<void> };

/**
 * The lease of a turn that was just claimed; the turn is given back when the work under it has ended. `state` is stored with the turn,
 * beside the text on screen.
 */
export function leaseOf(
  context: { ledger: LedgerContext; signal: AbortSignal },
  turn: HeldTurn,
  state: Stream['state'] = {},
): { lease: Lease; keep: Holding['keep'] } {
  const { db, fence, log } = context.ledger;
  const { leaseMs } = context.ledger.limits;
  const lost = new AbortController();
  const keep = async (text: string) => {
    if (await renewTurn(db, turn, { leaseMs, state: { ...state, text } })) return;
    lost.abort(new TakenOverError());
    throw new TakenOverError();
  };
  const release = () =>
    releaseTurn(db, turn).catch((error: unknown) => {
      // The work is done, and a lease that is not given back expires by itself.
      log.warn({ err: error, chatId: turn.chatId }, 'could not give a turn back');
    });
  const signal = AbortSignal.any([context.signal, lost.signal]);
  return { lease: { fence, renew: () => renewTurn(db, turn, { leaseMs }), release, leaseMs, signal, log }, keep };
}
