import { isDeepStrictEqual } from 'node:util';
import { getUserById } from '../../db/queries/users.ts';
import type { ToolCall } from '../../db/schema.ts';
import { UserError } from '../../errors.ts';
import { messages, type Say } from '../../messages.ts';
import { within } from '../../time-limits.ts';
import type { Caller } from '../../tools/caller.ts';
import { describeError } from '../../tools/describe-error.ts';
import { changeInput, ledgerMessages } from '../../tools/ledger.ts';
import type { LoadedCall } from '../../tools/preview.ts';
import { pressToolOf } from '../../tools/registry.ts';
import type { LedgerContext } from '../../tools/run-claimed.ts';
import type { Stack } from '../../tools/stack.ts';
import { buttonRow, callId, controlMessages } from './controls.ts';
import { loadedCards } from './loaded-cards.ts';
import { operationCard } from './operation-card.ts';
import { firstPlace, type Place } from './place.ts';
import { requestDefaultsOf } from './request-defaults.ts';
import { type CardMessage, cardMessage, text } from './title-face.ts';

export const waitingMessages = messages('waiting_cards', {});

/** For showing a card: what a command is given, and background work has. */
export type ShowContext = { ledger: LedgerContext; signal: AbortSignal };

/**
 * The card of a call that waits for its press, whoever made it. What the person has not chosen is filled in and stored, so
 * that the press does what the card shows. When the server does not answer, the card says so and can be tried again.
 */
export async function renderToolCallCard(
  context: ShowContext,
  stack: Stack,
  call: ToolCall,
  { say, place = firstPlace }: { say: Say; place?: Place },
): Promise<CardMessage> {
  try {
    const loaded = await loadCard(context, stack, call);
    return operationCard(await filledIn(context, stack.caller, call, loaded), loaded, { say, place });
  } catch (error) {
    context.ledger.log.info({ callId: call.id, err: error }, 'a card could not be filled');
    return cardMessage([
      text(describeError(error, say)),
      buttonRow([
        { id: callId(call.id, 'page'), label: say(controlMessages.tryAgain) },
        { id: callId(call.id, 'cancel'), label: say(controlMessages.cancel) },
      ]),
    ]);
  }
}

/** The details of a call's card, from memory while they are fresh. Throws ServiceError, UserError. */
export async function loadCard(context: ShowContext, stack: Stack, call: ToolCall): Promise<LoadedCall> {
  const known = loadedCards.fresh(call.id);
  if (known !== null) return known;
  const tool = pressToolOf(call);
  if (tool === null) throw new UserError((say) => say(ledgerMessages.noSuchAction));
  const signal = within(context.ledger.limits.answerMs, context.signal);
  const loaded = await tool.load(stack, call.input, { signal });
  loadedCards.put(call, loaded);
  return loaded;
}

async function filledIn(context: ShowContext, caller: Caller, call: ToolCall, loaded: LoadedCall): Promise<ToolCall> {
  const user = await getUserById(context.ledger.db, { id: call.userId });
  const input = loaded.fillIn(call.input, requestDefaultsOf({ preferences: user?.preferences ?? {} }));
  if (isDeepStrictEqual(input, call.input)) return call;
  return (await changeInput(context.ledger, { id: call.id, caller, input })) ?? call;
}
