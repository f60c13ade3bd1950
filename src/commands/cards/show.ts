import { isDeepStrictEqual } from 'node:util';
import type { Message } from 'discord.js';
import { getUserById } from '../../db/queries/users.ts';
import type { ToolCall } from '../../db/schema.ts';
import { UserError } from '../../errors.ts';
import { within } from '../../time-limits.ts';
import { type Caller, storedCaller } from '../../tools/caller.ts';
import { describeError } from '../../tools/describe-error.ts';
import { changeInput } from '../../tools/ledger.ts';
import { foundThereWords } from '../../tools/outcome-words.ts';
import type { CardTitle, LoadedCall } from '../../tools/preview.ts';
import { pressToolOf } from '../../tools/registry.ts';
import type { LedgerContext } from '../../tools/run-claimed.ts';
import { openStack, type Stack } from '../../tools/stack.ts';
import { buttonRow, callId } from './controls.ts';
import { loadedCards } from './loaded-cards.ts';
import { operationCard } from './operation-card.ts';
import { firstPlace, type Place } from './place.ts';
import { requestDefaultsOf } from './request-defaults.ts';
import { cutBetweenCharacters, escaped } from './server-text.ts';
import { type CardMessage, cardMessage, nameOf, text, titleFace } from './title-face.ts';
import { titleOfOutput } from './title-of-output.ts';

type ShowContext = LedgerContext & { signal?: AbortSignal };

const longestError = 1500;
/** For an action that this version does not have any more. */
const ofAnotherVersion = '✅ This was done by another version of the bot.';

/**
 * The card of a call that waits for its press, whoever made it. What the person has not chosen is filled in and stored, so
 * that the press does what the card shows. When the server does not answer, the card says so and can be tried again.
 */
export async function renderToolCallCard(
  context: ShowContext,
  stack: Stack,
  call: ToolCall,
  place: Place = firstPlace,
): Promise<CardMessage> {
  try {
    const loaded = await loadCard(context, stack, call);
    return operationCard(await filledIn(context, stack.caller, call, loaded), loaded, place);
  } catch (error) {
    context.log.info({ callId: call.id, err: error }, 'a card could not be filled');
    return cardMessage([
      text(describeError(error)),
      buttonRow([
        { id: callId(call.id, 'page'), label: 'Try again' },
        { id: callId(call.id, 'cancel'), label: 'Cancel' },
      ]),
    ]);
  }
}

/** The details of a call's card, from memory while they are fresh. Throws ServiceError, UserError. */
export async function loadCard(context: ShowContext, stack: Stack, call: ToolCall): Promise<LoadedCall> {
  const known = loadedCards.fresh(call.id);
  if (known !== null) return known;
  const tool = pressToolOf(call);
  if (tool === null)
    throw new UserError('This version of the bot no longer has that action. Start again with a new command.');
  const signal = waitingFor(context, context.limits.answerMs);
  const loaded = await tool.load(stack, call.input, { signal });
  loadedCards.put(call, loaded);
  return loaded;
}

async function filledIn(context: ShowContext, caller: Caller, call: ToolCall, loaded: LoadedCall): Promise<ToolCall> {
  const user = await getUserById(context.db, { id: call.userId });
  const input = loaded.fillIn(call.input, requestDefaultsOf({ preferences: user?.preferences ?? {} }));
  if (isDeepStrictEqual(input, call.input)) return call;
  return (await changeInput(context, { id: call.id, caller, input })) ?? call;
}

/** Within the time of the event, where the card belongs to one. */
function waitingFor({ signal }: ShowContext, limitMs: number): AbortSignal {
  return signal === undefined ? AbortSignal.timeout(limitMs) : within(limitMs, signal);
}

/** The card while its call runs: a slow one can be stopped. Asks nobody. */
export function renderRunningCard(call: ToolCall): CardMessage {
  const words = busyWords(call);
  const title = knownTitle(call);
  const face = title === null ? [text(words)] : titleFace(title, [words]);
  return cardMessage(isSlow(call) ? [...face, buttonRow([{ id: callId(call.id, 'stop'), label: 'Stop' }])] : face);
}

/** Whether a message that Discord gave shows a call as waiting for its press or as running, and not how it ended. */
export function isUnfinished({ components }: Pick<Message, 'components'>, call: ToolCall): boolean {
  const shown = components.map((component) => JSON.stringify(component)).join('\n');
  return shown.includes(callId(call.id)) || shown.includes(busyWords(call));
}

function busyWords(call: ToolCall): string {
  return `⏳ ${pressToolOf(call)?.busy ?? 'Working…'}`;
}

function isSlow(call: ToolCall): boolean {
  return pressToolOf(call)?.slow != null;
}

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
  if (call.confirmedBy === 'asked_afterwards') return foundThereWords(call, { server: tool.serverOf(call.input) });
  return tool.done(call.output, call.input);
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

/** The title of a call as far as it is known without asking the server. */
export function knownTitle(call: ToolCall): CardTitle | null {
  return loadedCards.any(call.id)?.preview(call.input).title ?? titleOfOutput(call.output);
}

async function lookUpTitle(context: ShowContext, call: ToolCall): Promise<CardTitle | null> {
  const tool = pressToolOf(call);
  if (tool === null) return null;
  try {
    const stack = await openStack(
      context,
      await storedCaller(context.db, { userId: call.userId, origin: call.origin }),
    );
    const signal = waitingFor(context, context.limits.autocompleteMs);
    const loaded = await tool.load(stack, call.input, { signal });
    loadedCards.put(call, loaded);
    return loaded.preview(call.input).title;
  } catch (error) {
    context.log.info({ callId: call.id, err: error }, 'a card ends without its title: the server did not name it');
    return null;
  }
}
