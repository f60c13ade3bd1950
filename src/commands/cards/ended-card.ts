import type { ToolCall } from '../../db/schema.ts';
import { sayInEnglish } from '../../messages.ts';
import { within } from '../../time-limits.ts';
import { storedCaller } from '../../tools/caller.ts';
import { foundThereWords } from '../../tools/outcome-words.ts';
import type { CardTitle } from '../../tools/preview.ts';
import { pressToolOf } from '../../tools/registry.ts';
import { openStack } from '../../tools/stack.ts';
import { buttonRow, callId } from './controls.ts';
import { knownTitle } from './known-title.ts';
import { loadedCards } from './loaded-cards.ts';
import { renderRunningCard } from './running-card.ts';
import { cutBetweenCharacters, escaped } from './server-text.ts';
import { type CardMessage, cardMessage, nameOf, text, titleFace } from './title-face.ts';
import type { ShowContext } from './waiting-card.ts';

const longestError = 1500;
/** For an action that this version does not have any more. */
const ofAnotherVersion = '✅ This was done by another version of the bot.';

/** The card once its call has ended, in whatever way. Reaches for the title's name for a moment at most. */
export async function renderSettledCard(context: ShowContext, call: ToolCall): Promise<CardMessage> {
  if (call.status === 'running') return renderRunningCard(call);
  const words = endWords(call);
  const title = knownTitle(call) ?? (await lookUpTitle(context, call));
  const face = title === null ? [text(words)] : titleFace(title, [words]);
  const canTryAgain = call.status === 'failed' || call.status === 'timeout';
  if (!canTryAgain || pressToolOf(call) === null) return cardMessage(face);
  return cardMessage([...face, buttonRow([{ id: callId(call.id, 'again'), label: 'Try again' }])]);
}

/** The message that tells everyone there how a call ended: who asked for what, without a ping. */
export function renderOutcome(call: ToolCall, person: { displayName: string | null; username: string | null }) {
  const lines = [endWords(call), signatureOf(person)];
  const title = knownTitle(call);
  return cardMessage(title === null ? [text(lines.join('\n'))] : titleFace(title, lines));
}

/** What is left of a private card whose result is told elsewhere: where that is. `isDirect`: in a DM, else in the message below. */
export function renderPointer(call: ToolCall, { isDirect }: { isDirect: boolean }): CardMessage {
  const title = knownTitle(call);
  const name = title === null ? 'Done' : `**${nameOf(title)}**`;
  return cardMessage([text(`✅ ${name}: the result is ${isDirect ? 'in your DMs' : 'in the message below'}.`)]);
}

/** The line that says who asked, without a ping. */
export function signatureOf(person: { displayName: string | null; username: string | null }): string {
  const name = escaped(person.displayName ?? person.username ?? '', 80) || 'someone';
  return `-# Asked for by ${name}`;
}

function successWords(call: ToolCall): string {
  const tool = pressToolOf(call);
  if (tool === null) return ofAnotherVersion;
  if (call.confirmedBy === 'asked_afterwards')
    return foundThereWords(call, { server: tool.serverOf(call.input), say: sayInEnglish });
  return tool.done(call.output, call.input, sayInEnglish);
}

/** How a call ended, in words. */
export function endWords(call: ToolCall): string {
  switch (call.status) {
    case 'succeeded':
      return successWords(call);
    case 'canceled':
      return call.endedBy === 'expiry'
        ? '⌛ This card has expired, and nothing was done. Start again with a new command.'
        : 'Canceled. Nothing was done.';
    default: {
      const error = call.error ?? 'It may have been sent: look at the server before you try again.';
      return `⚠️ ${cutBetweenCharacters(error, longestError)}`;
    }
  }
}

async function lookUpTitle(context: ShowContext, call: ToolCall): Promise<CardTitle | null> {
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
    return loaded.preview(call.input, sayInEnglish).title;
  } catch (error) {
    context.ledger.log.info(
      { callId: call.id, err: error },
      'a card ends without its title: the server did not name it',
    );
    return null;
  }
}
