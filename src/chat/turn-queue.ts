import type { Message } from '../db/schema.ts';
import { InOrder } from '../in-order.ts';
import { FairShare } from './fair-share.ts';
import type { Sink } from './sink.ts';
import { WaitingTurns } from './waiting-turns.ts';

/** Runs the work of one conversation in order, and decides whose turn is next. */
export class TurnQueue extends InOrder {
  /** People's messages, by conversation. */
  readonly messages = new WaitingTurns<{ id: string; message: Message; sink: Sink }>();
  /** The places in which turns run, by person. */
  readonly people = new FairShare();
}
