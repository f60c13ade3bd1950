import { isDeepStrictEqual } from 'node:util';
import { getUserById } from '../../db/queries/users.ts';
import type { ToolCall } from '../../db/schema.ts';
import { UserError } from '../../errors.ts';
import { describeError } from '../../tools/describe-error.ts';
import { changeInput, type LedgerContext } from '../../tools/ledger.ts';
import { isPressToolName } from '../../tools/registry.ts';
import { openStack, type Stack } from '../../tools/stack.ts';
import type { AnyCard, CardTitle, LoadedCard } from './card.ts';
import { buttonRow, callId } from './controls.ts';
import { loadedCards } from './loaded-cards.ts';
import { doneWords, titleOfOutput } from './outcome-words.ts';
import { cards } from './registry.ts';
import { cutBetweenCharacters, escaped } from './server-text.ts';
import { type CardMessage, cardMessage, text, titleFace } from './title-face.ts';

type ShowContext = LedgerContext & { signal?: AbortSignal };

const longestError = 1500;

/** The card of a tool, or null for a tool of another version. */
export function cardOf(call: Pick<ToolCall, 'toolName'>): AnyCard | null {
  return isPressToolName(call.toolName) ? cards[call.toolName] : null;
}

/**
 * The card of a call that waits for its press, whoever made it. What the person has not chosen is filled in and stored, so
 * that the press does what the card shows. When the server does not answer, the card says so and can be tried again.
 */
export async function renderToolCallCard(
  context: ShowContext,
  stack: Stack,
  call: ToolCall,
  page = 0,
): Promise<CardMessage> {
  try {
    const loaded = await loadCard(context, stack, call);
    return showLoaded(await prepared(context, call, loaded), loaded, page);
  } catch (error) {
    context.log.info({ callId: call.id, err: error }, 'a card could not be filled');
    return cardMessage([
      text(describeError(error)),
      buttonRow([
        { id: callId(call.id, 'page', 0), label: 'Try again' },
        { id: callId(call.id, 'cancel'), label: 'Cancel' },
      ]),
    ]);
  }
}

/** The card with details that are there. */
export function showLoaded(call: Pick<ToolCall, 'id' | 'input'>, loaded: LoadedCard, page = 0): CardMessage {
  return cardMessage(loaded.render({ callId: call.id, input: call.input, page }));
}

/** The details of a call's card, from memory while they are fresh. Throws ServiceError, UserError. */
export async function loadCard(context: ShowContext, stack: Stack, call: ToolCall): Promise<LoadedCard> {
  const known = loadedCards.fresh(call.id);
  if (known !== null) return known;
  const card = cardOf(call);
  if (card === null)
    throw new UserError('This version of the bot no longer has that action. Start again with a new command.');
  const signal = context.signal ?? AbortSignal.timeout(context.limits.serviceMs);
  const loaded = await card.load(stack, call.input, { signal });
  loadedCards.put(call.id, loaded);
  return loaded;
}

async function prepared(context: ShowContext, call: ToolCall, loaded: LoadedCard): Promise<ToolCall> {
  const user = await getUserById(context.db, { id: call.userId });
  const input = loaded.prepare(call.input, { preferences: user?.preferences ?? {} });
  if (isDeepStrictEqual(input, call.input)) return call;
  return (await changeInput(context, { id: call.id, actorId: call.userId, input })) ?? call;
}

/** The card while its call runs: no buttons. Asks nobody. */
export function renderRunningCard(call: ToolCall): CardMessage {
  const busy = cardOf(call)?.words.busy ?? 'Working…';
  const title = knownTitle(call);
  return cardMessage(title === null ? [text(`⏳ ${busy}`)] : titleFace(title, [`⏳ ${busy}`]));
}

/** The card once its call has ended, in whatever way. Reaches for the title's name for a moment at most. */
export async function renderSettledCard(context: ShowContext, call: ToolCall): Promise<CardMessage> {
  if (call.status === 'running') return renderRunningCard(call);
  const words = endWords(call);
  const title = knownTitle(call) ?? (await lookUpTitle(context, call));
  const face = title === null ? [text(words)] : titleFace(title, [words]);
  const canTryAgain = call.status === 'failed' || call.status === 'timeout';
  if (!canTryAgain || cardOf(call) === null) return cardMessage(face);
  return cardMessage([...face, buttonRow([{ id: callId(call.id, 'again'), label: 'Try again' }])]);
}

/** The message that tells everyone there how a call ended: who asked for what, without a ping. */
export function renderOutcome(call: ToolCall, person: { displayName: string | null; username: string | null }) {
  const lines = [endWords(call), signatureOf(person)];
  const title = knownTitle(call);
  return cardMessage(title === null ? [text(lines.join('\n'))] : titleFace(title, lines));
}

/** The line that says who asked, without a ping. */
export function signatureOf(person: { displayName: string | null; username: string | null }): string {
  const name = escaped(person.displayName ?? person.username ?? '', 80) || 'someone';
  return `-# Asked for by ${name}`;
}

/** How a call ended, in words. */
export function endWords(call: ToolCall): string {
  switch (call.status) {
    case 'succeeded':
      return doneWords(call.output, cardOf(call)?.words.server ?? 'The server');
    case 'canceled':
      return call.error === 'expired'
        ? '⌛ This card has expired, and nothing was done. Start again with a new command.'
        : 'Canceled. Nothing was done.';
    default: {
      const error = call.error ?? 'It may have been sent: look at the server before you try again.';
      return `⚠️ ${cutBetweenCharacters(error, longestError)}`;
    }
  }
}

/** The title of a call as far as it is known without asking the server. */
export function knownTitle(call: ToolCall): CardTitle | null {
  return loadedCards.any(call.id)?.title ?? titleOfOutput(call.output);
}

async function lookUpTitle(context: ShowContext, call: ToolCall): Promise<CardTitle | null> {
  const card = cardOf(call);
  if (card === null) return null;
  try {
    const stack = await openStack(context, { actorId: call.userId, ownerId: call.ownerId });
    const signal = AbortSignal.timeout(context.limits.autocompleteMs);
    const loaded = await card.load(stack, call.input, { signal });
    loadedCards.put(call.id, loaded);
    return loaded.title;
  } catch (error) {
    context.log.info({ callId: call.id, err: error }, 'a card ends without its title: the server did not name it');
    return null;
  }
}
