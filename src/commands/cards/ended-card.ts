import type { ToolCall } from '../../db/schema.ts';
import { messages, type Say } from '../../messages.ts';
import { within } from '../../time-limits.ts';
import { storedCaller } from '../../tools/caller.ts';
import { foundThereWords } from '../../tools/outcome-words.ts';
import type { CardTitle } from '../../tools/preview.ts';
import { pressToolOf } from '../../tools/registry.ts';
import { openStack } from '../../tools/stack.ts';
import { buttonRow, callId, controlMessages } from './controls.ts';
import { knownTitle } from './known-title.ts';
import { loadedCards } from './loaded-cards.ts';
import { renderRunningCard } from './running-card.ts';
import { cutBetweenCharacters, escaped } from './server-text.ts';
import { type CardMessage, cardMessage, nameOf, text, titleFace } from './title-face.ts';
import type { ShowContext } from './waiting-card.ts';

const longestError = 1500;

export const endedMessages = messages('ended_cards', {
  /** Of an action that this version does not have any more. */
  ofAnotherVersion: '✅ This was done by another version of the bot.',
  /** What is left of a private card whose result is told elsewhere. */
  directTold: '✅ **{name}**: the result is in your DMs.',
  channelTold: '✅ **{name}**: the result is in the message below.',
  directToldUnnamed: '✅ Done: the result is in your DMs.',
  channelToldUnnamed: '✅ Done: the result is in the message below.',
  askedBy: '-# Asked for by {name}',
  someone: 'someone',
  expired: '⌛ This card has expired, and nothing was done. Start again with a new command.',
  canceled: 'Canceled. Nothing was done.',
  failed: '⚠️ {reason}',
  unclear: 'It may have been sent: look at the server before you try again.',
});

/** The card once its call has ended, in whatever way. Reaches for the title's name for a moment at most. */
export async function renderSettledCard(context: ShowContext, call: ToolCall, say: Say): Promise<CardMessage> {
  if (call.status === 'running') return renderRunningCard(call, say);
  const words = endWords(call, say);
  const title = knownTitle(call, say) ?? (await lookUpTitle(context, call, say));
  const face = title === null ? [text(words)] : titleFace(title, say, [words]);
  const canTryAgain = call.status === 'failed' || call.status === 'timeout';
  if (!canTryAgain || pressToolOf(call) === null) return cardMessage(face);
  return cardMessage([...face, buttonRow([{ id: callId(call.id, 'again'), label: say(controlMessages.tryAgain) }])]);
}

/** The message that tells everyone there how a call ended: who asked for what, without a ping. */
export function renderOutcome(
  call: ToolCall,
  person: { displayName: string | null; username: string | null },
  say: Say,
): CardMessage {
  const lines = [endWords(call, say), signatureOf(person, say)];
  const title = knownTitle(call, say);
  return cardMessage(title === null ? [text(lines.join('\n'))] : titleFace(title, say, lines));
}

/** What is left of a private card whose result is told elsewhere: where that is. `isDirect`: in a DM, else in the message below. */
export function renderPointer(call: ToolCall, { isDirect }: { isDirect: boolean }, say: Say): CardMessage {
  const title = knownTitle(call, say);
  if (title === null)
    return cardMessage([text(say(isDirect ? endedMessages.directToldUnnamed : endedMessages.channelToldUnnamed))]);
  const name = nameOf(title, say);
  return cardMessage([text(say(isDirect ? endedMessages.directTold : endedMessages.channelTold, { name }))]);
}

/** The line that says who asked, without a ping. */
export function signatureOf(person: { displayName: string | null; username: string | null }, say: Say): string {
  const name = escaped(person.displayName ?? person.username ?? '', 80) || say(endedMessages.someone);
  return say(endedMessages.askedBy, { name });
}

function successWords(call: ToolCall, say: Say): string {
  const tool = pressToolOf(call);
  if (tool === null) return say(endedMessages.ofAnotherVersion);
  if (call.confirmedBy === 'asked_afterwards') return foundThereWords(call, { server: tool.serverOf(call.input), say });
  return tool.done(call.output, call.input, say);
}

/** How a call ended, in words. */
export function endWords(call: ToolCall, say: Say): string {
  switch (call.status) {
    case 'succeeded':
      return successWords(call, say);
    case 'canceled':
      return say(call.endedBy === 'expiry' ? endedMessages.expired : endedMessages.canceled);
    default: {
      const error = call.error ?? say(endedMessages.unclear);
      return say(endedMessages.failed, { reason: cutBetweenCharacters(error, longestError) });
    }
  }
}

async function lookUpTitle(context: ShowContext, call: ToolCall, say: Say): Promise<CardTitle | null> {
  const tool = pressToolOf(call);
  if (tool === null) return null;
  try {
    const stack = await openStack(
      context.ledger,
      await storedCaller(context.ledger.db, { userId: call.userId, origin: call.origin }),
    );
    const signal = within(context.ledger.limits.autocompleteMs, context.signal);
    const loaded = await tool.load(stack, call.input, { signal });
    loadedCards.put(call, loaded);
    return loaded.preview(call.input, say).title;
  } catch (error) {
    context.ledger.log.info(
      { callId: call.id, err: error },
      'a card ends without its title: the server did not name it',
    );
    return null;
  }
}
