import type { Stream, ToolCall } from '../../db/schema.ts';
import { TakenOverError } from '../../errors.ts';
import { goesOnAfter } from '../../tools/goes-on.ts';
import { answerStored } from '../answer-stored.ts';
import type { BotContext } from '../bot-context.ts';
import type { Left } from '../presence.ts';
import { showSettledCards } from '../show-settled-cards.ts';
import { endThinking } from './end-thinking.ts';
import { finishCutTurn, finishCutTurns } from './finish-cut-turns.ts';
import { settleAbandonedCalls } from './settle-abandoned-calls.ts';
import { longAgoMs, UnfinishedWork } from './unfinished-work.ts';

/**
 * After so many milliseconds a living process has begun to answer a message; taking one that it has not begun does no harm. A dead
 * process's messages are older, since it takes over a second to be considered dead.
 */
const begunMs = 500;

/** Does what a process that died left undone; everything else reaches this folder through here. */
export class Recovery {
  readonly #context: BotContext;
  readonly #unfinished: UnfinishedWork;

  constructor(context: BotContext) {
    this.#context = context;
    this.#unfinished = new UnfinishedWork(context);
  }

  /** After a known death: everything that was left, at once. Never throws: a regular look finds again what failed. */
  async takeUp(left: Left): Promise<void> {
    const [calls, messages] = 'of' in left ? [{ ...left, quietMs: 0 }, { quietMs: begunMs }] : [left, left];
    const works = [
      endThinking(this.#context, left),
      this.endExpired(),
      this.#unfinished.doAll({ ...messages, withinMs: longAgoMs }, { ...calls, withinMs: longAgoMs }),
    ];
    for (const ended of await Promise.allSettled(works))
      if (ended.status === 'rejected')
        this.#context.ledger.log.error(
          { err: ended.reason },
          'could not resume the work of a dead process; it will be looked for again',
        );
  }

  /** Regularly: calls and turns whose lease has expired, all at once, so that a slow server or model delays no other. */
  async endExpired(): Promise<void> {
    const onSettled = (call: ToolCall) => this.#context.tasks.track(this.#tell(call));
    await Promise.all([settleAbandonedCalls(this.#context.ledger, onSettled), finishCutTurns(this.#context)]);
  }

  /** Regularly: what no lease tells of, as it had not begun. Only what is older than a lease, since no death is known. */
  async lookForUnfinished(): Promise<void> {
    await this.#unfinished.look();
  }

  /** For a turn that waits behind one whose process died. Never throws; another process may be faster. */
  async finishCutTurn(turn: Stream): Promise<void> {
    await finishCutTurn(this.#context, turn);
  }

  /** Shows how an abandoned call ended, and continues its conversation. */
  async #tell(call: ToolCall): Promise<void> {
    try {
      await showSettledCards(this.#context, call);
      const behind = goesOnAfter(call);
      if (behind !== undefined) await answerStored(this.#context, behind);
    } catch (error) {
      if (error instanceof TakenOverError) return;
      this.#context.ledger.log.error(
        { err: error, callId: call.id },
        'could not show how a call ended that was cut off',
      );
    }
  }
}
