import type { ToolCall } from '../db/schema.ts';
import { TakenOverError } from '../errors.ts';
import { resolveAbandonedCalls } from '../tools/abandoned-calls.ts';
import type { BotContext } from './bot-context.ts';
import { finishCutTurns } from './cut-turns.ts';
import { endThinking } from './end-thinking.ts';
import type { Left } from './presence.ts';
import { showSettledCards } from './settled-cards.ts';
import { longAgoMs, type UnfinishedWork } from './unfinished.ts';

/**
 * After so many milliseconds a living process has begun to answer a message; taking one that it has not begun does no harm. A dead
 * process's messages are older, since it takes over a second to be considered dead.
 */
const begunMs = 500;

/** Resumes everything that dead processes left, at once. Never throws: maintenance looks again for what failed. */
export async function takeUpLeft(context: BotContext, unfinished: UnfinishedWork, left: Left): Promise<void> {
  const [calls, messages] = 'of' in left ? [{ ...left, quietMs: 0 }, { quietMs: begunMs }] : [left, left];
  const works = [
    endThinking(context, left),
    endAbandoned(context),
    unfinished.doAll({ ...messages, withinMs: longAgoMs }, { ...calls, withinMs: longAgoMs }),
  ];
  for (const ended of await Promise.allSettled(works))
    if (ended.status === 'rejected')
      context.log.error(
        { err: ended.reason },
        'could not resume the work of a dead process; it will be looked for again',
      );
}

/** Resolves calls and turns whose lease has expired, all at once, so that a slow server or model delays no other. */
export async function endAbandoned(context: BotContext): Promise<void> {
  const onSettled = (call: ToolCall) => context.tasks.track(tell(context, call));
  await Promise.all([resolveAbandonedCalls(context, onSettled), finishCutTurns(context)]);
}

/** Shows how a resolved call ended, and continues its conversation. */
async function tell(context: BotContext, call: ToolCall): Promise<void> {
  try {
    await showSettledCards(context, call);
    await context.continueConversation(context, call);
  } catch (error) {
    if (error instanceof TakenOverError) return;
    context.log.error({ err: error, callId: call.id }, 'could not show how a call ended that was cut off');
  }
}
