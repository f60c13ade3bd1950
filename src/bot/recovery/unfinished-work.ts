import {
  type CallSpan,
  getUnansweredMessages,
  getUncontinuedAnswers,
  getUnshownCalls,
  type Span,
} from '../../db/queries/unfinished-work.ts';
import type { ToolCall } from '../../db/schema.ts';
import { answerStored } from '../answer-stored.ts';
import type { BotContext } from '../bot-context.ts';
import { showSettledCards } from '../show-settled-cards.ts';

const minuteMs = 60_000;
/** How far back a process looks at first and after a known death, and how far in every later look. */
export const longAgoMs = 24 * 60 * minuteMs;
const laterMs = 15 * minuteMs;

/**
 * Does what a dead process had not begun yet: it answers messages that were waiting, continues conversations after a press, and edits
 * cards that do not show how their call ended. If answering a message fails, this process does not try it again.
 */
export class UnfinishedWork {
  readonly #context: BotContext;
  readonly #begun = new Set<string>();
  #withinMs = longAgoMs;

  constructor(context: BotContext) {
    this.#context = context;
  }

  /** A look without knowing which processes are dead: whatever is younger than a lease is left to its process. */
  async look(): Promise<void> {
    const span = { quietMs: this.#context.ledger.limits.leaseMs, withinMs: this.#withinMs };
    await this.doAll(span, span);
    this.#withinMs = laterMs;
  }

  /** Takes the messages of one span of time and the calls of another. */
  async doAll(messages: Span, calls: CallSpan): Promise<void> {
    const { ledger, signal, tasks } = this.#context;
    const { db } = ledger;
    if (signal.aborted) return;
    // Not awaited, so that a slow one does not delay the others.
    for (const call of await getUnshownCalls(db, calls)) tasks.track(this.#show(call));
    const unanswered = await getUnansweredMessages(db, messages);
    for (const where of [...unanswered, ...(await getUncontinuedAnswers(db, calls))]) {
      if (this.#begun.has(where.messageId)) continue;
      this.#begun.add(where.messageId);
      tasks.track(answerStored(this.#context, where));
    }
  }

  async #show(call: ToolCall): Promise<void> {
    try {
      await showSettledCards(this.#context, call);
    } catch (error) {
      this.#context.ledger.log.error({ err: error, callId: call.id }, 'could not show how a call ended');
    }
  }
}
